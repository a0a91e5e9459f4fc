import {
  type AssertionResult,
  type Check,
  type CheckKind,
  durationMs,
  evaluateAssertions,
  explain,
  type Facts,
  type HttpFacts,
  type Phases,
  type Result,
} from '@sonde/core'
import { deadlines } from './deadlines.ts'
import { delayMonitor } from './delay-monitor.ts'
import { DeadlineExceeded, TargetFailure } from './failure.ts'
import { secretsOf, withoutSecrets } from './http/secrets.ts'
import { isoInstant } from './instant.ts'
import { freshObservation, type Observation, type ProbeKind, type Views } from './kind.ts'
import type { EgressPolicy } from './net/egress.ts'
import { onceFor } from './once-for.ts'
import { probeKinds } from './registry.ts'
import { Stop } from './stop.ts'

export type ProbeOptions = {
  /** The vantage point that the result is told of. */
  region: string
  /** The instant for which the probe was scheduled. */
  slot: Date
  egress: EgressPolicy
  /** The time in ms since the epoch, where it is known better than this machine's clock has it; `Date.now` by default. */
  now?: () => number
  /** Gives the probe up: it then rejects with the signal's reason. */
  signal?: AbortSignal
}

/**
 * Probes a check once and says what it found as the contract's result document, `up` or `down`.
 *
 * The check's timeout spans everything an attempt does. A failed attempt is repeated at once, `retries` times at most, while
 * another whole one fits into the interval; the result is that of the last attempt, `startedAt` that of the first.
 *
 * Rejects when the fault is ours (out of descriptors, a bug, `signal`): such an error says nothing of the target.
 */
export async function probe(check: Check, options: ProbeOptions): Promise<Result> {
  const { now = Date.now } = options
  const startedMs = now()
  const watchedFromMs = delayMonitor.watch()
  try {
    const { intervalMs, timeoutMs } = timesOf(check)
    const giveUpMs = watchedFromMs + intervalMs - timeoutMs
    let attempt = await probeOnce(check, options, 1, watchedFromMs)
    while (attempt.failure !== undefined && attempt.attempts <= check.retries) {
      // Judging a long body may have taken its time, which is none of the next attempt's.
      const nowMs = performance.now()
      if (nowMs >= giveUpMs) break
      attempt = await probeOnce(check, options, attempt.attempts + 1, nowMs)
    }
    const result = toResult(check, options, startedMs, attempt)
    return delayMonitor.wasDelayedSince(watchedFromMs, attempt.endMs) ? { ...result, timing: 'delayed' } : result
  } finally {
    delayMonitor.release()
  }
}

const timesOf = onceFor(({ interval, timeout }: Check) => ({
  intervalMs: durationMs(interval),
  timeoutMs: durationMs(timeout),
}))

type Attempt = {
  /** Which one it was, from 1. */
  attempts: number
  seen: Observation
  durationMs: number
  /** By `performance.now()`, which costs a process that was just woken more than what lies between two instants here. */
  endMs: number
  assertions: AssertionResult[]
  failure: TargetFailure | undefined
}

async function probeOnce(
  check: Check,
  { egress, now = Date.now, signal }: ProbeOptions,
  attempts: number,
  startMs: number,
): Promise<Attempt> {
  // The one place where a check's kind is matched with its probe; the registry's type says that they fit.
  const kind = probeKinds[check.kind] as ProbeKind<Check>
  const seen = freshObservation()
  const stop = new Stop()
  const giveUp = (): void => stop.abort(signal?.reason)
  signal?.throwIfAborted()
  signal?.addEventListener('abort', giveUp, { once: true })
  const deadlineMs = startMs + timesOf(check).timeoutMs
  const deadline = deadlines.add(deadlineMs, () => stop.abort(new DeadlineExceeded(check.timeout)))
  let failure: TargetFailure | undefined
  try {
    await kind.run(check, seen, { signal: stop, deadlineMs, egress, now })
  } catch (error) {
    if (signal?.aborted) throw error
    if (!(error instanceof TargetFailure)) throw new Error(`probe ${check.key} (${check.target})`, { cause: error })
    failure = error
  } finally {
    deadlines.remove(deadline)
    signal?.removeEventListener('abort', giveUp)
  }
  const endMs = performance.now()
  const durationMs = roundMs(endMs - startMs)
  const judged = judge(check, kind, seen, durationMs, failure)
  return { attempts, seen, durationMs, endMs, assertions: judged.assertions, failure: judged.failure }
}

/** What happened on the way counts first, then the kind's own verdict, then the assertions. */
function judge(
  check: Check,
  kind: ProbeKind<Check>,
  seen: Observation,
  durationMs: number,
  failure: TargetFailure | undefined,
): Pick<Attempt, 'assertions' | 'failure'> {
  const { phases, facts } = seen
  if (check.assertions.length === 0) {
    return { assertions: [], failure: failure ?? (seen.complete ? kind.judge(check, facts) : undefined) }
  }
  const views: Views = kind.views?.(check, facts) ?? { facts: [facts], verdict: 'every' }
  const judged = views.facts.map((view) =>
    seen.complete ? evaluateAssertions(check.assertions, { phases, facts: view, durationMs }) : [],
  )
  const assertions = views.verdict === 'every' ? worstOf(judged) : bestOf(judged)
  const leftToAssertions = check.assertions.some(({ source }) => source === kind.judgedBy)
  const own = failure ?? (seen.complete && !leftToAssertions ? kind.judge(check, facts) : undefined)
  return { assertions, failure: own ?? assertionFailure(assertions, facts, whose(judged, views)) }
}

/** Where there are several answers: the server of the one for which the first assertion that failed does not hold. */
function whose(judged: readonly AssertionResult[][], { facts, verdict }: Views): string | undefined {
  if (facts.length === 1 || verdict === 'any') return undefined
  const [first = []] = judged
  const index = first.findIndex((_, at) => judged.some((one) => one[at]?.ok === false))
  return facts[judged.findIndex((one) => one[index]?.ok === false)]?.dns?.server
}

/** Each assertion as the first that it does not hold for has it. */
function worstOf(judged: readonly AssertionResult[][]): AssertionResult[] {
  const [first = [], ...others] = judged
  if (others.length === 0) return first
  return first.map((own, index) => judged.map((one) => one[index] ?? own).find(({ ok }) => !ok) ?? own)
}

/** Those of the first for which all hold, else those of the first. */
function bestOf(judged: readonly AssertionResult[][]): AssertionResult[] {
  return judged.find((one) => one.every(({ ok }) => ok)) ?? judged[0] ?? []
}

function assertionFailure(
  assertions: readonly AssertionResult[],
  { http }: Facts,
  server: string | undefined,
): TargetFailure | undefined {
  const failed = assertions.filter(({ ok }) => !ok)
  const [first] = failed
  if (first === undefined) return undefined
  const subject = [first.source, first.name ?? first.path].filter((part) => part !== undefined).join(' ')
  const expected = first.op === 'exists' || first.op === 'notExists' ? '' : ` ${JSON.stringify(first.expected)}`
  const more = failed.length === 1 ? '' : `; ${failed.length - 1} more failed`
  const from = server === undefined ? '' : ` from ${server}`
  const cut =
    first.source.startsWith('body') && http?.bodyTruncated === true ? ` (cut after ${http.bodyBytes} bytes)` : ''
  return new TargetFailure(
    'assertion_failed',
    `expected ${subject} ${first.op}${expected}, found ${JSON.stringify(first.actual)}${from}${cut}${more}`,
  )
}

function toResult(
  check: Check,
  { region, slot }: ProbeOptions,
  startedMs: number,
  { seen, durationMs, assertions, failure, attempts }: Attempt,
): Result {
  const { phases } = seen
  const secrets = secretsOf(check)
  const { facts } = seen
  const http = withoutSecrets(facts.http, secrets)
  const message = withoutSecrets(failure?.message ?? '', secrets)
  return {
    checkKey: check.key,
    region,
    kind: check.kind satisfies CheckKind,
    target: check.target,
    slot: isoInstant(slot.getTime()),
    startedAt: isoInstant(startedMs),
    outcome: failure === undefined ? 'up' : 'down',
    durationMs,
    attempts,
    ip: facts.ip,
    ipFamily: facts.ipFamily,
    phases: rounded(phases),
    error: failure === undefined ? null : explain(failure.code, message, withoutSecrets(failure.seen, secrets)),
    assertions: assertions.map((one) => ({ ...one, actual: withoutSecrets(one.actual, secrets) })),
    http: http === undefined ? null : withBoundedHeaders(http),
    tls: facts.tls ?? null,
    dns: facts.dns ?? null,
    tcp: facts.tcp ?? null,
    icmp: facts.icmp ?? null,
  }
}

const maxHeaders = 64
const maxHeaderLength = 1024

/** What is kept of the headers; assertions have seen them whole. */
function withBoundedHeaders(http: HttpFacts): HttpFacts {
  let count = 0
  let longest = 0
  for (const name in http.headers) {
    count += 1
    longest = Math.max(longest, http.headers[name]?.length ?? 0)
  }
  if (count <= maxHeaders && longest <= maxHeaderLength) return http
  const headers = Object.fromEntries(
    Object.entries(http.headers)
      .slice(0, maxHeaders)
      .map(([name, value]) => [
        name,
        value.length <= maxHeaderLength ? value : `${value.slice(0, maxHeaderLength - 1)}…`,
      ]),
  )
  return { ...http, headers }
}

function rounded({ dnsMs, connectMs, tlsMs, ttfbMs, transferMs }: Phases): Phases {
  const round = (ms: number | null): number | null => (ms === null ? null : roundMs(ms))
  return {
    dnsMs: round(dnsMs),
    connectMs: round(connectMs),
    tlsMs: round(tlsMs),
    ttfbMs: round(ttfbMs),
    transferMs: round(transferMs),
  }
}

/** To a microsecond, which is more than the clock of a busy process is good for. */
function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
