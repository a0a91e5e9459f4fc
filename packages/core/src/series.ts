import { type LatencyFigures, LatencyMerger } from './latency-merger.ts'
import { type Measure, type RollupTier, rollupTiers } from './rollup.ts'
import type { SloCounts } from './slo.ts'

/** Results of one step of a series, [startMs, startMs + stepMs). */
export type SeriesPoint = SloCounts & {
  startMs: number
  codes: Readonly<Record<string, number>>
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
 * Sums spans up by step as they come, oldest first; steps without any result are left out. Steps begin at whole multiples, in UTC.
 * Percentiles are those of the merged histograms. Nothing of a span is kept, and a point is filled anew for the next, its figures too: so a
 * long series takes no more memory than what is written of it.
 */
export class SeriesMerger {
  readonly #stepMs: number
  readonly #merger = new LatencyMerger()
  readonly #sums: SeriesPoint = { ...noCounts, startMs: Number.NaN, codes: noCodes, latency: {} }
  readonly #point: SeriesPoint = { ...this.#sums }

  constructor(stepMs: number) {
    this.#stepMs = stepMs
  }

  /** Adds spans, and answers the step before when they begin another. */
  add({ startMs, up, down, missed, maintenance, codes, latency }: EncodedSpans): SeriesPoint | undefined {
    const sums = this.#sums
    const stepStartMs = Math.floor(startMs / this.#stepMs) * this.#stepMs
    const before = sums.startMs === stepStartMs ? undefined : this.end()
    sums.startMs = stepStartMs
    sums.up += up
    sums.down += down
    sums.missed += missed
    sums.maintenance += maintenance
    if (codes.length > 0) sums.codes = sumOfCodes([sums.codes, ...codes])
    this.#merger.add(latency)
    return before
  }

  /** The last step, if there was any. */
  end(): SeriesPoint | undefined {
    const sums = this.#sums
    if (Number.isNaN(sums.startMs)) return undefined
    const point = Object.assign(this.#point, sums)
    point.latency = this.#merger.take()
    Object.assign(sums, noCounts)
    sums.startMs = Number.NaN
    sums.codes = noCodes
    return point
  }
}

const noCounts: SloCounts = { up: 0, down: 0, missed: 0, maintenance: 0 }
const noCodes: Readonly<Record<string, number>> = {}

function sumOfCodes(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const codes of all) for (const [code, count] of Object.entries(codes)) sums[code] = (sums[code] ?? 0) + count
  return sums
}
