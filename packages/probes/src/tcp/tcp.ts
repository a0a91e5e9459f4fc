import { parseHostPort, type TcpCheck } from '@sonde/core'
import type { Observation, ProbeContext, ProbeKind } from '../kind.ts'
import { openSocket } from '../net/connect.ts'
import { startTls } from '../tls/handshake.ts'
import { waitFor } from './wait-for.ts'

/** A connection to `host:port`, with TLS if wanted: up when it opens and, if `expect` is given, the pattern is found in what comes. */
export const tcp: ProbeKind<TcpCheck> = {
  async run(check: TcpCheck, seen: Observation, context: ProbeContext): Promise<void> {
    const { host, port } = parseHostPort(check.target) as { host: string; port: number }
    const { ipFamily, resolvers, tls: settings, send, expect } = check.tcp
    const raw = await openSocket({ host, port, ipFamily, resolvers }, seen, context)
    try {
      const socket =
        settings === undefined ? raw : await startTls(raw, { host, settings, alpn: settings.alpn }, seen, context)
      if (send !== undefined) socket.write(send)
      seen.facts.tcp = { received: null }
      if (expect !== undefined) await waitFor(expect, socket, seen, context)
      seen.complete = true
    } finally {
      raw.destroy()
    }
  },
  judge: () => undefined,
  judgedBy: null,
}
