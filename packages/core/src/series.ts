import { type LatencyFigures, LatencyMerger } from './latency-merger.ts'
import { type Measure, type RollupTier, rollupTiers } from './rollup.ts'
import type { SloCounts } from './slo.ts'

/** Results of one step of a series, [startMs, startMs + stepMs). */
export type SeriesPoint = SloCounts & {
  startMs: number
  codes: Record<string, number>
  latency: Partial<Record<Measure, LatencyFigures>>
}

/** The most points that one answer holds: more than a screen has pixels for. */
export const maxPoints = 2000

/** A step that shows a span of time in some hundred points. */
export function defaultStepMs(spanMs: number): number {
  if (spanMs <= 86_400_000) return rollupTiers['5m']
  return spanMs <= 21 * 86_400_000 ? rollupTiers['1h'] : rollupTiers['1d']
}

/** The coarsest tier whose spans fit whole into steps of `stepMs`; undefined when none does. */
export function tierFor(stepMs: number): RollupTier | undefined {
  return (Object.keys(rollupTiers) as RollupTier[]).findLast((tier) => stepMs % rollupTiers[tier] === 0)
}

/** Stored results of a span of time, or of several: `codes` of each that has any, their encoded latencies laid end to end. */
export type EncodedSpans = SloCounts & {
  startMs: number
  codes: readonly Readonly<Record<string, number>>[]
  latency: Uint8Array
}

/**
 * Spans, which come oldest first, summed up by step; steps without any result are left out. Steps begin at whole multiples, in UTC.
 * Percentiles are those of the merged histograms. Each point is made when it is asked for, and its figures are filled anew for the next:
 * of a long series only what is written of it need be held.
 */
export function* seriesOf(spans: Iterable<EncodedSpans>, stepMs: number): Generator<SeriesPoint> {
  const merger = new LatencyMerger()
  let point: Omit<SeriesPoint, 'latency'> | undefined
  for (const { startMs, up, down, missed, maintenance, codes, latency } of spans) {
    const stepStartMs = Math.floor(startMs / stepMs) * stepMs
    if (point === undefined || point.startMs !== stepStartMs) {
      if (point !== undefined) yield { ...point, latency: merger.take() }
      point = { startMs: stepStartMs, up: 0, down: 0, missed: 0, maintenance: 0, codes: {} }
    }
    point.up += up
    point.down += down
    point.missed += missed
    point.maintenance += maintenance
    for (const own of codes) addCodes(point.codes, own)
    merger.add(latency)
  }
  if (point !== undefined) yield { ...point, latency: merger.take() }
}

function addCodes(sums: Record<string, number>, codes: Readonly<Record<string, number>>): void {
  for (const [code, count] of Object.entries(codes)) sums[code] = (sums[code] ?? 0) + count
}
