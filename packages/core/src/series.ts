import { quantile } from './histogram.ts'
import { emptyRollup, type LatencySummary, mergeRollups, type Rollup, type RollupTier, rollupTiers } from './rollup.ts'

/** Results of one step of a series, [startMs, startMs + stepMs). */
export type SeriesPoint = { startMs: number; rollup: Rollup }

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

/** Spans summed up by step, oldest first; steps without any result are left out. Steps begin at whole multiples, in UTC. */
export function seriesOf(spans: Iterable<{ startMs: number; rollup: Rollup }>, stepMs: number): SeriesPoint[] {
  const steps = Map.groupBy(spans, ({ startMs }) => Math.floor(startMs / stepMs) * stepMs)
  return [...steps]
    .sort(([a], [b]) => a - b)
    .map(([startMs, parts]) => ({ startMs, rollup: mergeRollups([emptyRollup, ...parts.map(({ rollup }) => rollup)]) }))
}

/** What is shown of a summary: mean, bounds and percentiles in ms, the latter within 1 %. */
export type LatencyFigures = {
  count: number
  meanMs: number
  minMs: number
  maxMs: number
  p50Ms: number
  p90Ms: number
  p95Ms: number
  p99Ms: number
}

export function figuresOf({ count, sumMs, minMs, maxMs, histogram }: LatencySummary): LatencyFigures {
  // A bucket's middle may lie past the bounds, which are exact.
  const percentile = (q: number) => Math.min(maxMs, Math.max(minMs, quantile(histogram, q) ?? 0))
  return {
    count,
    meanMs: sumMs / count,
    minMs,
    maxMs,
    p50Ms: percentile(0.5),
    p90Ms: percentile(0.9),
    p95Ms: percentile(0.95),
    p99Ms: percentile(0.99),
  }
}
