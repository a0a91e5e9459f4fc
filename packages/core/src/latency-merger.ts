import { lowestBucket, valueOf } from './histogram.ts'
import { type Measure, measures } from './rollup.ts'
import { LatencyReader } from './rollup-codec.ts'

/** What is shown of a summary, and where in its figures it lies: its count, then mean, bounds and percentiles in ms, the latter within 1 %. */
export const figureAt = { count: 0, meanMs: 1, minMs: 2, maxMs: 3, p50Ms: 4, p90Ms: 5, p95Ms: 6, p99Ms: 7 } as const

/**
 * The figures of a summary, each where `figureAt` says. They lie in one array, as most are no whole numbers: in an object each would be an
 * object too, and a long series has 100,000 of them.
 */
export type LatencyFigures = Float64Array

// Up to a bucket for 2 × 10^11 ms, some years: more than any probe may take.
const buckets = 2000
// What stands for each, in ms: a power for every percentile would take as long as finding it.
const values = Float64Array.from({ length: buckets }, (_, at) => valueOf(at + lowestBucket))

/**
 * Merges encoded latencies straight into dense counts, in a tenth of the time that decoding and merging maps takes: an answer may be
 * made of thousands of rows. Used over and over: `take` answers and begins anew.
 */
export class LatencyMerger {
  readonly #sums = measures.map(() => new Sum())
  readonly #reader = new LatencyReader()

  /** Adds one encoding, or several laid end to end. */
  add(encoded: Uint8Array): void {
    const input = this.#reader
    input.begin(encoded)
    while (!input.ended) {
      input.version()
      for (const sum of this.#sums) sum.read(input)
    }
  }

  /** The figures of all that was added since the last time, by measure. They are filled anew by the next time. */
  take(): Partial<Record<Measure, LatencyFigures>> {
    const figures: Partial<Record<Measure, LatencyFigures>> = {}
    for (let index = 0; index < measures.length; index++) {
      const own = this.#sums[index]?.take()
      if (own !== undefined) figures[measures[index] as Measure] = own
    }
    return figures
  }
}

// The percentiles that are told, in the order of their figures.
const told = Float64Array.of(0.5, 0.9, 0.95, 0.99)

/** One measure. Counts are by bucket, from the lowest there is. */
class Sum {
  readonly #counts = new Float64Array(buckets)
  /** Of what was added: count, sum, least and most, as the first four figures. */
  readonly #totals = new Float64Array(4)
  readonly #figures: LatencyFigures = new Float64Array(Object.keys(figureAt).length)
  #first = buckets
  #last = -1

  read(input: LatencyReader): void {
    const size = input.varint()
    if (size === 0) return
    const totals = this.#totals
    const isFirst = totals[figureAt.count] === 0
    const sumMs = input.double()
    const minMs = input.double()
    const maxMs = input.double()
    totals[figureAt.meanMs] = isFirst ? sumMs : sumMs + (totals[figureAt.meanMs] ?? 0)
    totals[figureAt.minMs] = isFirst ? minMs : Math.min(minMs, totals[figureAt.minMs] ?? 0)
    totals[figureAt.maxMs] = isFirst ? maxMs : Math.max(maxMs, totals[figureAt.maxMs] ?? 0)
    const counts = this.#counts
    let bucket = 0
    let count = totals[figureAt.count] ?? 0
    let at = 0
    for (let index = 0; index < size; index++) {
      bucket += input.signed()
      const here = input.varint()
      at = Math.min(Math.max(bucket - lowestBucket, 0), buckets - 1)
      counts[at] = (counts[at] ?? 0) + here
      count += here
      // They come in rising order.
      if (index === 0) this.#first = Math.min(this.#first, at)
    }
    this.#last = Math.max(this.#last, at)
    totals[figureAt.count] = count
  }

  take(): LatencyFigures | undefined {
    const totals = this.#totals
    const count = totals[figureAt.count] ?? 0
    if (count === 0) return undefined
    const figures = this.#figures
    figures.set(totals)
    figures[figureAt.meanMs] = (totals[figureAt.meanMs] ?? 0) / count
    this.#findQuantiles(figures)
    this.#counts.fill(0, this.#first, this.#last + 1)
    totals[figureAt.count] = 0
    this.#first = buckets
    this.#last = -1
    return figures
  }

  /** As `quantile` of the histogram, of each that is told. */
  #findQuantiles(figures: LatencyFigures): void {
    const counts = this.#counts
    const last = this.#last
    const count = figures[figureAt.count] ?? 0
    const minMs = figures[figureAt.minMs] ?? 0
    const maxMs = figures[figureAt.maxMs] ?? 0
    let at = this.#first
    let seen = counts[at] ?? 0
    for (let index = 0; index < told.length; index++) {
      const rank = Math.max(1, Math.ceil((told[index] ?? 0) * count - 1e-9))
      while (seen < rank && at < last) seen += counts[++at] ?? 0
      // A bucket's middle may lie past the bounds, which are exact.
      figures[figureAt.p50Ms + index] = Math.min(maxMs, Math.max(minMs, values[at] ?? 0))
    }
  }
}
