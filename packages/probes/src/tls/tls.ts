import { once } from 'node:events'
import type { TLSSocket } from 'node:tls'
import { parseHostPort, type TlsCheck } from '@sonde/core'
import { isOurFault, TargetFailure } from '../failure.ts'
import type { Observation, ProbeContext, ProbeKind } from '../kind.ts'
import { openSocket } from '../net/connect.ts'
import { startTls } from './handshake.ts'
import { handshakeFailure, isTlsError } from './handshake-failure.ts'

/** A handshake with `host:port`, up when the chain is one that a browser would trust for that name. */
export const tls: ProbeKind<TlsCheck> = {
  async run(check: TlsCheck, seen: Observation, context: ProbeContext): Promise<void> {
    const settings = check.tls
    const { host, port } = parseHostPort(check.target) as { host: string; port: number }
    const { ipFamily, resolvers } = settings
    using raw = disposable(await openSocket({ host, port, ipFamily, resolvers }, seen, context))
    const socket = await startTls(raw.socket, { host, settings, alpn: settings.alpn }, seen, context)
    seen.complete = true
    if (socket.getProtocol() === 'TLSv1.3') await acceptance(socket, raw.socket.bytesRead, seen)
    socket.destroy()
  },
  judge: () => undefined,
  judgedBy: null,
}

// Enough for the alert of a server nearby; one further away is given two round trips.
const minAcceptanceMs = 50

/**
 * In TLS 1.3 the client is done before the server has seen its (missing) certificate. A server that wants one says so in an
 * alert; one that is content sends session tickets, or nothing. Whichever comes first ends the wait, which no phase counts.
 */
async function acceptance(socket: TLSSocket, bytesRead: number, { phases }: Observation): Promise<void> {
  const waitMs = Math.max(minAcceptanceMs, 2 * (phases.connectMs ?? 0))
  const signal = AbortSignal.timeout(waitMs)
  socket.resume()
  try {
    await Promise.race([
      once(socket, 'session', { signal }),
      once(socket, 'data', { signal }),
      once(socket, 'end', { signal }),
    ])
  } catch (error) {
    if (signal.aborted || isOurFault(error) || !isTlsError(error)) return
    const failure = handshakeFailure(error, bytesRead)
    throw new TargetFailure(failure.code, failure.message, { cause: error })
  }
}

function disposable<S extends { destroy(): unknown }>(socket: S): Disposable & { socket: S } {
  return { socket, [Symbol.dispose]: () => socket.destroy() }
}
