import type { Check, CheckKind } from '@sonde/core'
import { dns } from './dns/dns.ts'
import { http } from './http/http.ts'
import { icmp } from './icmp/icmp.ts'
import type { ProbeKind } from './kind.ts'
import { tcp } from './tcp/tcp.ts'
import { tls } from './tls/tls.ts'

/** Every kind of probe, under the name that checks give it. */
export const probeKinds = { http, tls, dns, tcp, icmp } satisfies {
  [Kind in CheckKind]: ProbeKind<Extract<Check, { kind: Kind }>>
}
