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

// The quantiles that are told, in rising order.
const shown = [0.5, 0.9, 0.95, 0.99]

/**
 * Merges encoded latencies straight into dense counts, in a tenth of the time that decoding and merging maps takes: an answer may be
 * made of thousands of rows. Used over and over: `take` answers and begins anew.
 */
export class LatencyMerger {
  readonly #sums = measures.map(() => new Sum())

  /** Adds one encoding, or several laid end to end. */
  add(encoded: Uint8Array): void {
    const input = new LatencyReader(encoded)
    while (!input.ended) {
      input.version()
      for (const sum of this.#sums) sum.read(input)
    }
  }

  /** The figures of all that was added since the last time, by measure. */
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
    const [p50Ms, p90Ms, p95Ms, p99Ms] = this.#quantiles()
    const figures = {
      count: this.#count,
      meanMs: this.#sumMs / this.#count,
      minMs: this.#minMs,
      maxMs: this.#maxMs,
      p50Ms,
      p90Ms,
      p95Ms,
      p99Ms,
    }
    this.#counts.fill(0, this.#first, this.#last + 1)
    this.#count = 0
    this.#sumMs = 0
    this.#minMs = Number.POSITIVE_INFINITY
    this.#maxMs = 0
    this.#first = buckets
    this.#last = -1
    return figures
  }

  /** As `quantile` of the histogram. */
  #quantiles(): [number, number, number, number] {
    const found: [number, number, number, number] = [0, 0, 0, 0]
    const counts = this.#counts
    const last = this.#last
    let at = this.#first
    let seen = counts[at] ?? 0
    for (let index = 0; index < found.length; index++) {
      const rank = Math.max(1, Math.ceil((shown[index] ?? 1) * this.#count - 1e-9))
      while (seen < rank && at < last) seen += counts[++at] ?? 0
      // A bucket's middle may lie past the bounds, which are exact.
      found[index] = Math.min(this.#maxMs, Math.max(this.#minMs, values[at] ?? 0))
    }
    return found
  }
}
