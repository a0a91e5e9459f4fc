import type { TLSSocket } from 'node:tls'
import type { TlsCheck } from '@sonde/core'
import { isOurFault } from '../failure.ts'
import type { Observation, ProbeContext, ProbeKind } from '../kind.ts'
import { type Destination, openSocket, plainly } from '../net/connect.ts'
import { endpointOf } from '../net/endpoint-of.ts'
import { nameOf, openTls, startTls } from './handshake.ts'
import { afterHandshake, handshakeFailure, isTlsError } from './handshake-failure.ts'
import { turnToTls } from './starttls/starttls.ts'

/** A handshake with `host:port`, up when the chain is one that a browser would trust for that name, at `minVersion` or later. */
export const tls: ProbeKind<TlsCheck> = {
  async run(check: TlsCheck, seen: Observation, context: ProbeContext): Promise<void> {
    const settings = check.tls
    const { ipFamily, resolvers } = settings
    const socket = await secured({ ...endpointOf(check), ipFamily, resolvers }, settings, seen, context)
    try {
      seen.complete = true
      if (socket.getProtocol() === 'TLSv1.3') await acceptance(socket, settings.certPem !== undefined, seen, context)
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

// Enough for the alert of a server nearby; one further away is given two round trips.
const minAcceptanceMs = 50

/**
 * In TLS 1.3 the client is done before the server has seen its (missing) certificate. A server that wants one says so in an
 * alert; one that is content sends session tickets, or nothing. Whichever comes first ends the wait, which no phase counts.
 */
function acceptance(
  socket: TLSSocket,
  clientCertificate: boolean,
  { phases }: Observation,
  { deadlineMs }: ProbeContext,
): Promise<void> {
  const leftMs = Math.max(0, deadlineMs - performance.now())
  const waitMs = Math.min(leftMs, Math.max(minAcceptanceMs, 2 * (phases.connectMs ?? 0)))
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, waitMs)
    const content = (): void => {
      clearTimeout(timer)
      resolve()
    }
    socket.once('session', content)
    socket.once('data', content)
    socket.once('end', content)
    socket.once('error', (error) => {
      if (isOurFault(error) || !isTlsError(error)) return content()
      clearTimeout(timer)
      reject(handshakeFailure(error, afterHandshake, { clientCertificate }))
    })
  })
}
