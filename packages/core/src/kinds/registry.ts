import { dns } from './dns.ts'
import { http } from './http.ts'
import { icmp } from './icmp.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'

/** Every kind of check: the schema of its target and of its block. A new kind is a file here and a folder in probes. */
export const checkKinds = { http, tls, dns, tcp, icmp }

export type CheckKind = keyof typeof checkKinds
