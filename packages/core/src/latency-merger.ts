import { lowestBucket, valueOf } from './histogram.ts'
import { type Measure, measures } from './rollup.ts'
import { LatencyReader } from './rollup-codec.ts'

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
    for (const [index, measure] of measures.entries()) {
      const own = this.#sums[index]?.take()
      if (own !== undefined) figures[measure] = own
    }
    return figures
  }
}

/** One measure. Counts are by bucket, from the lowest there is. */
class Sum {
  readonly #counts = new Float64Array(buckets)
  #count = 0
  #sumMs = 0
  #minMs = Number.POSITIVE_INFINITY
  #maxMs = 0
  #first = buckets
  #last = -1
  // One for all answers: a series of 2,000 steps would have 12,000 of them, with seven doubles each.
  readonly #figures: LatencyFigures = {
    count: 0,
    meanMs: 0,
    minMs: 0,
    maxMs: 0,
    p50Ms: 0,
    p90Ms: 0,
    p95Ms: 0,
    p99Ms: 0,
  }

  read(input: LatencyReader): void {
    const size = input.varint()
    if (size === 0) return
    this.#sumMs += input.double()
    this.#minMs = Math.min(this.#minMs, input.double())
    this.#maxMs = Math.max(this.#maxMs, input.double())
    const counts = this.#counts
    let bucket = 0
    let count = 0
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
    this.#count += count
  }

  take(): LatencyFigures | undefined {
    if (this.#count === 0) return undefined
    const figures = this.#figures
    figures.count = this.#count
    figures.meanMs = this.#sumMs / this.#count
    figures.minMs = this.#minMs
    figures.maxMs = this.#maxMs
    this.#findQuantiles(figures)
    this.#counts.fill(0, this.#first, this.#last + 1)
    this.#count = 0
    this.#sumMs = 0
    this.#minMs = Number.POSITIVE_INFINITY
    this.#maxMs = 0
    this.#first = buckets
    this.#last = -1
    return figures
  }

  /** As `quantile` of the histogram, of each that is told. */
  #findQuantiles(figures: LatencyFigures): void {
    figures.p50Ms = this.#quantile(0.5, true)
    figures.p90Ms = this.#quantile(0.9)
    figures.p95Ms = this.#quantile(0.95)
    figures.p99Ms = this.#quantile(0.99)
  }

  // How far the counts were walked through for the quantile before.
  #at = 0
  #seen = 0

  /** A quantile that is not below the one before, or the first of all. */
  #quantile(q: number, isFirst = false): number {
    const counts = this.#counts
    const last = this.#last
    let at = isFirst ? this.#first : this.#at
    let seen = isFirst ? (counts[at] ?? 0) : this.#seen
    const rank = Math.max(1, Math.ceil(q * this.#count - 1e-9))
    while (seen < rank && at < last) seen += counts[++at] ?? 0
    this.#at = at
    this.#seen = seen
    // A bucket's middle may lie past the bounds, which are exact.
    return Math.min(this.#maxMs, Math.max(this.#minMs, values[at] ?? 0))
  }
}
