import type { TcpCheck } from '@sonde/core'
import type { Observation, ProbeContext, ProbeKind } from '../kind.ts'
import { bare } from '../net/bare.ts'
import { openSocket, plainly } from '../net/connect.ts'
import { endpointOf } from '../net/endpoint-of.ts'
import { acceptance } from '../tls/acceptance.ts'
import { openTls } from '../tls/handshake.ts'
import { waitFor } from './wait-for.ts'

/** A connection to `host:port`, with TLS if wanted: up when it opens and, if `expect` is given, the pattern is found in what comes. */
export const tcp: ProbeKind<TcpCheck> = {
  async run(check: TcpCheck, seen: Observation, context: ProbeContext): Promise<void> {
    const { ipFamily, resolvers, tls: settings, send, expect } = check.tcp
    const { host, port } = endpointOf(check)
    const to = { host, port, ipFamily, resolvers }
    const secure = settings && (await openTls(to, { settings, alpn: settings.alpn }, seen, context))
    const opener = send === undefined && expect === undefined ? bare : plainly
    const socket = secure ?? (await openSocket(to, opener, seen, context)).socket
    try {
      if (send !== undefined) socket.write(send)
      seen.facts.tcp = { received: null }
      if (expect !== undefined) await waitFor(expect, socket, seen, context)
      else if (secure !== undefined) await acceptance(secure, settings?.certPem !== undefined, seen, context)
      seen.complete = true
    } finally {
      socket.destroy()
    }
  },
  judge: () => undefined,
  judgedBy: null,
}
