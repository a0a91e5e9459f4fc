import type { TLSSocket } from 'node:tls'
import { isOurFault } from '../failure.ts'
import type { Observation, ProbeContext } from '../kind.ts'
import { afterHandshake, handshakeFailure, isTlsError } from './handshake-failure.ts'

// Enough for the alert of a server nearby; one further away is given two round trips.
const minAcceptanceMs = 50

/**
 * In TLS 1.3 the client is done before the server has seen its (missing) certificate. A server that wants one says so in an
 * alert; one that is content sends session tickets, or nothing. Whichever comes first ends the wait, which no phase counts.
 *
 * Throws `TargetFailure` with a code of tls for such an alert. Whoever waits for data need not wait here: the alert comes first.
 */
export async function acceptance(
  socket: TLSSocket,
  clientCertificate: boolean,
  { phases }: Observation,
  { deadlineMs }: ProbeContext,
): Promise<void> {
  if (socket.getProtocol() !== 'TLSv1.3') return
  const leftMs = Math.max(0, deadlineMs - performance.now())
  const waitMs = Math.min(leftMs, Math.max(minAcceptanceMs, 2 * (phases.connectMs ?? 0)))
  await new Promise<void>((resolve, reject) => {
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
