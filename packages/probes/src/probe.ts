import {
  type AssertionResult,
  type Check,
  type CheckKind,
  durationMs,
  evaluateAssertions,
  explain,
  type Facts,
  type Phases,
  type Result,
} from '@sonde/core'
import { delayMonitor } from './delay-monitor.ts'
import { DeadlineExceeded, TargetFailure } from './failure.ts'
import { secretsOf, withoutSecrets } from './http/secrets.ts'
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
  const startedAt = new Date(now())
  const wasDelayed = delayMonitor.watch()
  try {
    const attempt = await lastAttempt(check, options)
    return { ...toResult(check, options, startedAt, attempt), ...(wasDelayed() ? { timing: 'delayed' } : {}) }
  } finally {
    delayMonitor.release()
  }
}

async function lastAttempt(check: Check, options: ProbeOptions): Promise<Attempt> {
  const { intervalMs, timeoutMs } = timesOf(check)
  const giveUpMs = performance.now() + intervalMs - timeoutMs
  for (let attempts = 1; ; attempts += 1) {
    const attempt = { ...(await probeOnce(check, options)), attempts }
    const mayRetry = attempts <= check.retries && performance.now() < giveUpMs
    if (attempt.failure === undefined || !mayRetry) return attempt
  }
}

const timesOf = onceFor(({ interval, timeout }: Check) => ({
  intervalMs: durationMs(interval),
  timeoutMs: durationMs(timeout),
}))

type Attempt = Tried & { attempts: number }
type Tried = {
  seen: Observation
  durationMs: number
  assertions: AssertionResult[]
  failure: TargetFailure | undefined
}

async function probeOnce(check: Check, { egress, now = Date.now, signal }: ProbeOptions): Promise<Tried> {
  // The one place where a check's kind is matched with its probe; the registry's type says that they fit.
  const kind = probeKinds[check.kind] as ProbeKind<Check>
  const seen = freshObservation()
  const stop = new Stop()
  const giveUp = (): void => stop.abort(signal?.reason)
  signal?.throwIfAborted()
  signal?.addEventListener('abort', giveUp, { once: true })
  const startMs = performance.now()
  const { timeoutMs } = timesOf(check)
  const timer = setTimeout(() => stop.abort(new DeadlineExceeded(check.timeout)), timeoutMs)
  let failure: TargetFailure | undefined
  try {
    await kind.run(check, seen, { signal: stop, deadlineMs: startMs + timeoutMs, egress, now })
  } catch (error) {
    if (signal?.aborted) throw error
    if (!(error instanceof TargetFailure)) throw new Error(`probe ${check.key} (${check.target})`, { cause: error })
    failure = error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
  }
  return judge(check, kind, seen, performance.now() - startMs, failure)
}

/** What happened on the way counts first, then the kind's own verdict, then the assertions. */
function judge(
  check: Check,
  kind: ProbeKind<Check>,
  seen: Observation,
  tookMs: number,
  failure: TargetFailure | undefined,
): Tried {
  const duration = roundMs(tookMs)
  const { phases, facts } = seen
  const views: Views = kind.views?.(check, facts) ?? { facts: [facts], verdict: 'every' }
  const judged = views.facts.map((view) =>
    seen.complete ? evaluateAssertions(check.assertions, { phases, facts: view, durationMs: duration }) : [],
  )
  const assertions = views.verdict === 'every' ? worstOf(judged) : bestOf(judged)
  const leftToAssertions = check.assertions.some(({ source }) => source === kind.judgedBy)
  const own = failure ?? (seen.complete && !leftToAssertions ? kind.judge(check, facts) : undefined)
  return {
    seen,
    durationMs: duration,
    assertions,
    failure: own ?? assertionFailure(assertions, facts, whose(judged, views)),
  }
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
  startedAt: Date,
  { seen, durationMs, assertions, failure, attempts }: Attempt,
): Result {
  const { phases } = seen
  const secrets = secretsOf(check)
  const facts = { ...seen.facts, http: withoutSecrets(seen.facts.http, secrets) }
  const message = withoutSecrets(failure?.message ?? '', secrets)
  return {
    checkKey: check.key,
    region,
    kind: check.kind satisfies CheckKind,
    target: check.target,
    slot: slot.toISOString(),
    startedAt: startedAt.toISOString(),
    outcome: failure === undefined ? 'up' : 'down',
    durationMs,
    attempts,
    ip: facts.ip,
    ipFamily: facts.ipFamily,
    phases: rounded(phases),
    error: failure === undefined ? null : explain(failure.code, message, withoutSecrets(failure.seen, secrets)),
    assertions: assertions.map((one) => ({ ...one, actual: withoutSecrets(one.actual, secrets) })),
    http: facts.http === undefined ? null : { ...facts.http, headers: boundedHeaders(facts.http.headers) },
    tls: facts.tls ?? null,
    dns: facts.dns ?? null,
    tcp: facts.tcp ?? null,
    icmp: facts.icmp ?? null,
  }
}

const maxHeaders = 64
const maxHeaderLength = 1024

/** What is kept of the headers; assertions have seen them whole. */
function boundedHeaders(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers)
  if (entries.length <= maxHeaders && entries.every(([, value]) => value.length <= maxHeaderLength)) return headers
  return Object.fromEntries(
    entries
      .slice(0, maxHeaders)
      .map(([name, value]) => [
        name,
        value.length <= maxHeaderLength ? value : `${value.slice(0, maxHeaderLength - 1)}…`,
      ]),
  )
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
