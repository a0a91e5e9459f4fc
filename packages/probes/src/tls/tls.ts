import type { TLSSocket } from 'node:tls'
import type { TlsCheck } from '@sonde/core'
import type { Observation, ProbeContext, ProbeKind } from '../kind.ts'
import { type Destination, openSocket, plainly } from '../net/connect.ts'
import { endpointOf } from '../net/endpoint-of.ts'
import { acceptance } from './acceptance.ts'
import { nameOf, openTls, startTls } from './handshake.ts'
import { turnToTls } from './starttls/starttls.ts'

/** A handshake with `host:port`, up when the chain is one that a browser would trust for that name, at `minVersion` or later. */
export const tls: ProbeKind<TlsCheck> = {
  async run(check: TlsCheck, seen: Observation, context: ProbeContext): Promise<void> {
    const settings = check.tls
    const { ipFamily, resolvers } = settings
    const { host, port } = endpointOf(check)
    const socket = await secured({ host, port, ipFamily, resolvers }, settings, seen, context)
    try {
      seen.complete = true
      await acceptance(socket, settings.certPem !== undefined, seen, context)
    } finally {
      socket.destroy()
    }
  },
  judge: () => undefined,
  judgedBy: null,
}

async function secured(
  to: Destination,
  settings: TlsCheck['tls'],
  seen: Observation,
  context: ProbeContext,
): Promise<TLSSocket> {
  const { alpn, starttls: protocol } = settings
  if (protocol === undefined) return openTls(to, { settings, alpn }, seen, context)
  const { host } = to
  const { socket: raw } = await openSocket(to, plainly, seen, context)
  try {
    await turnToTls(raw, { protocol, domain: nameOf({ host, settings }) }, seen, context)
    return await startTls(raw, { host, settings, alpn }, seen, context)
  } catch (error) {
    raw.destroy()
    throw error
  }
}
