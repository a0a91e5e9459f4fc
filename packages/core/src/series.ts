import { type LatencyFigures, LatencyMerger } from './latency-merger.ts'
import { type Measure, type RollupTier, rollupTiers } from './rollup.ts'
import type { EncodedRollup } from './rollup-codec.ts'
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

/**
 * Spans summed up by step, oldest first; steps without any result are left out. Steps begin at whole multiples, in UTC. Percentiles are
 * those of the merged histograms.
 */
export function seriesOf(spans: Iterable<{ startMs: number; rollup: EncodedRollup }>, stepMs: number): SeriesPoint[] {
  const steps = Map.groupBy(spans, ({ startMs }) => Math.floor(startMs / stepMs) * stepMs)
  const merger = new LatencyMerger()
  return [...steps]
    .sort(([a], [b]) => a - b)
    .map(([startMs, parts]) => {
      const counts = { up: 0, down: 0, missed: 0, maintenance: 0 }
      const codes: Record<string, number> = {}
      for (const { rollup } of parts) {
        counts.up += rollup.up
        counts.down += rollup.down
        counts.missed += rollup.missed
        counts.maintenance += rollup.maintenance
        for (const [code, count] of Object.entries(rollup.codes)) codes[code] = (codes[code] ?? 0) + count
        merger.add(rollup.latency)
      }
      return { startMs, ...counts, codes, latency: merger.take() }
    })
}
