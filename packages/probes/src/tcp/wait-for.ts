import type { Socket } from 'node:net'
import { BudgetSpent, isFound, type Seen, WorkBudget } from '@sonde/core'
import { abortError, isOurFault, messageOf, onAbort, TargetFailure } from '../failure.ts'
import { addPhase, type Observation, type ProbeContext } from '../kind.ts'
import { loopTurn } from '../loop-turn.ts'
import { afterHandshake, handshakeFailure, isTlsError } from '../tls/handshake-failure.ts'

// What a banner or an answer needs, and no more than a hostile service may make us keep and search.
const maxReceived = 64 * 1024
const maxShown = 1024
// A service that sends an octet at a time must not make us search all of it as often: what is long is searched again once it
// has grown by a part, or has been quiet.
const shortEnough = 1024
const growth = 1 / 16
const quietMs = 20
const budgetMs = 1000

/**
 * Waits until a pattern (RE2) is found in what comes from the socket: taken as octets, one a character, or as UTF-8 where the
 * pattern has more than ASCII. What came is in `facts.tcp.received`, cut to 1 KiB.
 *
 * Throws `TargetFailure` tcp_expect when something else came, more than 64 KiB, or nothing within the timeout, and tcp_closed
 * when the other side closed or reset the connection first; a code of tls for an alert, as of a server that wants a certificate.
 */
export async function waitFor(
  pattern: string,
  socket: Socket,
  seen: Observation,
  context: ProbeContext,
): Promise<void> {
  const startMs = performance.now()
  const budget = new WorkBudget(budgetMs)
  let received = ''
  let searched = 0
  let quiet: NodeJS.Timeout | undefined
  const isWide = /\P{ASCII}/u.test(pattern)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fail = (code: 'tcp_expect' | 'tcp_closed', before: string, cause?: unknown): void =>
    reject(new TargetFailure(code, before + expected(pattern, received), { cause, seen: blanks(pattern, seen) }))

  /** Whether what has come has the pattern; not looked at again before there is more. */
  const search = (): boolean => {
    clearTimeout(quiet)
    quiet = undefined
    if (searched === received.length) return false
    searched = received.length
    try {
      if (!isFound(pattern, isWide ? fromUtf8(received) : received, budget)) return false
      resolve()
      return true
    } catch (error) {
      if (error instanceof BudgetSpent) fail('tcp_expect', `${error.message}; `)
      else reject(error)
      return true
    }
  }

  using _ = onAbort(context.signal, () => {
    if (search()) return
    const describe = (timeout: string): string => `${expected(pattern, received)} within ${timeout}`
    reject(abortError(context.signal, 'tcp_expect', describe, blanks(pattern, seen)))
  })
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    if (received === '') addPhase(seen, 'ttfbMs', loopTurn.cameMs(performance.now()) - startMs)
    received += chunk.slice(0, maxReceived - received.length)
    seen.facts.tcp = { received: shown(received.slice(0, maxShown)) }
    const full = received.length === maxReceived
    if (!full && received.length > shortEnough && received.length - searched < received.length * growth) {
      quiet ??= setTimeout(search, quietMs)
    } else if (!search() && full) fail('tcp_expect', '')
  })
  socket.once('end', () => {
    if (!search()) fail('tcp_closed', 'closed before it sent what is expected; ')
  })
  socket.once('error', (error) => {
    if (isOurFault(error)) reject(error)
    else if (isTlsError(error)) reject(handshakeFailure(error, afterHandshake))
    else if (!search()) fail('tcp_closed', `${messageOf(error)}; `, error)
  })
  try {
    await promise
  } finally {
    clearTimeout(quiet)
    socket.removeAllListeners('data')
    socket.pause()
  }
}

function fromUtf8(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('utf8')
}

/** Octets as people read them: as UTF-8 where they are some, apart from a character that was cut at the end. */
function shown(octets: string): string {
  const text = fromUtf8(octets)
  return /\ufffd(?!$)/.test(text) ? octets : text.replace(/\ufffd$/, '')
}

function blanks(pattern: string, { facts }: Observation): Seen {
  return { expected: pattern, ...(facts.ip === null ? {} : { address: facts.ip }) }
}

function expected(pattern: string, received: string): string {
  const start = JSON.stringify(shown(received.slice(0, 100)))
  return received === ''
    ? `nothing came that matches ${pattern}`
    : `${received.length} bytes came and none match ${pattern}: ${start}`
}
