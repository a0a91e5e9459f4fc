import type { FailureCode, MissedReason } from './failure.ts'
import { bucketOf, type Histogram, mergeHistograms } from './histogram.ts'
import type { Result } from './result.ts'

/** The spans that results are summed over, in ms. Each is a whole number of the one before. */
export const rollupTiers = { '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 } as const
export type RollupTier = keyof typeof rollupTiers

/** What is measured of a probe: the whole of it, and its phases. */
export const measures = ['total', 'dns', 'connect', 'tls', 'ttfb', 'transfer'] as const
export type Measure = (typeof measures)[number]

/** Milliseconds of one measure, summed up so that sums can be summed again. */
export type LatencySummary = { count: number; sumMs: number; minMs: number; maxMs: number; histogram: Histogram }

/**
 * The results of one check, or of many, in a span of time. A slot in a maintenance window counts there alone, whatever its
 * outcome, so availability is `up / (up + down)`. `codes` counts what is down or missed by its error code.
 */
export type Rollup = {
  up: number
  down: number
  /** Unknown time: slots whose probe never ran. */
  missed: number
  maintenance: number
  codes: Readonly<Record<string, number>>
  latency: Readonly<Partial<Record<Measure, LatencySummary>>>
}

export const emptyRollup: Rollup = { up: 0, down: 0, missed: 0, maintenance: 0, codes: {}, latency: {} }

// A target that answered, though not as it should, took as long as it took: leaving it out would make slow ones look fast.
const answered = new Set<string>(['assertion_failed', 'http_status', 'tcp_expect'] satisfies FailureCode[])

/**
 * One result as a rollup. Only probes that were answered count for latency (a timeout tells of the timeout), and only timings
 * that can be trusted: none that was `delayed` by the worker.
 */
export function rollupOf(result: Result, inMaintenance: boolean): Rollup {
  const counts = { up: 0, down: 0, missed: 0, maintenance: 0, [inMaintenance ? 'maintenance' : result.outcome]: 1 }
  const codes = result.error === null || inMaintenance ? {} : { [result.error.code]: 1 }
  return { ...counts, codes, latency: inMaintenance ? {} : latencyOf(result) }
}

/** What takes back a slot that was told as missed and has a result after all. */
export function withdrawnMiss(reason: MissedReason, inMaintenance: boolean): Rollup {
  if (inMaintenance) return { ...emptyRollup, maintenance: -1 }
  return { ...emptyRollup, missed: -1, codes: { [reason]: -1 } }
}

/** Codes of failures whose probe was answered all the same, so that its timing tells of the target. */
export const answeredCodes: readonly string[] = [...answered]

/** Whether the time that a probe took tells of its target: it was answered, and the worker was not held up. */
export function isTimed(result: Pick<Result, 'outcome' | 'error' | 'timing'>): boolean {
  const wasAnswered = result.outcome === 'up' || (result.error !== null && answered.has(result.error.code))
  return wasAnswered && result.timing !== 'delayed'
}

function latencyOf(result: Result): Rollup['latency'] {
  if (!isTimed(result)) return {}
  const { dnsMs, connectMs, tlsMs, ttfbMs, transferMs } = result.phases
  const values = {
    total: result.durationMs,
    dns: dnsMs,
    connect: connectMs,
    tls: tlsMs,
    ttfb: ttfbMs,
    transfer: transferMs,
  }
  const latency: Partial<Record<Measure, LatencySummary>> = {}
  for (const measure of measures) {
    const ms = values[measure]
    if (ms !== null)
      latency[measure] = { count: 1, sumMs: ms, minMs: ms, maxMs: ms, histogram: new Map([[bucketOf(ms), 1]]) }
  }
  return latency
}

/** The rollup of the union: associative and commutative, so spans, regions and checks can be merged in any order. */
export function mergeRollups(rollups: Iterable<Rollup>): Rollup {
  const all = [...rollups]
  if (all.length === 1) return all[0] as Rollup
  const latency: Partial<Record<Measure, LatencySummary>> = {}
  for (const measure of measures) {
    const parts: LatencySummary[] = []
    for (const rollup of all) {
      const part = rollup.latency[measure]
      if (part !== undefined) parts.push(part)
    }
    if (parts.length > 0) latency[measure] = mergeLatency(parts)
  }
  return { ...addCounts(all), latency }
}

/** All of a merged rollup but its latencies. */
export function addCounts(rollups: readonly Omit<Rollup, 'latency'>[]): Omit<Rollup, 'latency'> {
  const merged = { up: 0, down: 0, missed: 0, maintenance: 0 }
  const codes: Record<string, number> = {}
  for (const rollup of rollups) {
    merged.up += rollup.up
    merged.down += rollup.down
    merged.missed += rollup.missed
    merged.maintenance += rollup.maintenance
    for (const [code, count] of Object.entries(rollup.codes)) {
      codes[code] = (codes[code] ?? 0) + count
      if (codes[code] === 0) delete codes[code]
    }
  }
  return { ...merged, codes }
}

function mergeLatency(parts: readonly LatencySummary[]): LatencySummary {
  const merged = { count: 0, sumMs: 0, minMs: Number.POSITIVE_INFINITY, maxMs: 0 }
  for (const { count, sumMs, minMs, maxMs } of parts) {
    merged.count += count
    merged.sumMs += sumMs
    merged.minMs = Math.min(merged.minMs, minMs)
    merged.maxMs = Math.max(merged.maxMs, maxMs)
  }
  return { ...merged, histogram: mergeHistograms(parts.map(({ histogram }) => histogram)) }
}

/** The start of the span of `tier` that holds the instant, in ms since the epoch, UTC. */
export function spanStart(tier: RollupTier, atMs: number): number {
  return Math.floor(atMs / rollupTiers[tier]) * rollupTiers[tier]
}

/** The part of judged slots that were up, 0 … 1; null when none was judged. */
export function availability({ up, down }: Pick<Rollup, 'up' | 'down'>): number | null {
  return up + down === 0 ? null : up / (up + down)
}
