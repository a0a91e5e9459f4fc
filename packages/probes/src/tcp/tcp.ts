import type { Socket } from 'node:net'
import { parseHostPort, type TcpCheck } from '@sonde/core'
import { RE2JS } from 're2js'
import { abortError, isOurFault, messageOf, onAbort, TargetFailure } from '../failure.ts'
import { addPhase, type Observation, type ProbeContext, type ProbeKind } from '../kind.ts'
import { openSocket } from '../net/connect.ts'
import { startTls } from '../tls/handshake.ts'

// What a banner or an answer needs, and no more than a hostile service may make us keep and search.
const maxReceived = 64 * 1024
const maxShown = 1024

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

async function waitFor(expect: string, socket: Socket, seen: Observation, context: ProbeContext): Promise<void> {
  const pattern = RE2JS.compile(expect)
  const startMs = performance.now()
  let received = ''
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  using _ = onAbort(context.signal, () =>
    reject(abortError(context.signal, 'tcp_expect', (timeout) => `${expected(expect, received)} within ${timeout}`)),
  )
  // Octets as they are, one a character: a pattern may look for any of them.
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    if (received === '') addPhase(seen, 'ttfbMs', performance.now() - startMs)
    received += chunk.slice(0, maxReceived - received.length)
    seen.facts.tcp = { received: received.slice(0, maxShown) }
    if (pattern.matcher(received).find()) resolve()
    else if (received.length === maxReceived) reject(new TargetFailure('tcp_expect', expected(expect, received)))
  })
  socket.once('end', () =>
    reject(new TargetFailure('tcp_closed', `closed before it sent what is expected; ${expected(expect, received)}`)),
  )
  socket.once('error', (error) =>
    reject(
      isOurFault(error)
        ? error
        : new TargetFailure('tcp_closed', `${messageOf(error)}; ${expected(expect, received)}`, { cause: error }),
    ),
  )
  try {
    await promise
  } finally {
    socket.removeAllListeners('data')
    socket.pause()
  }
}

function expected(pattern: string, received: string): string {
  const start = JSON.stringify(received.slice(0, 100))
  return received === ''
    ? `nothing came that matches ${pattern}`
    : `${received.length} bytes came and none match ${pattern}: ${start}`
}
