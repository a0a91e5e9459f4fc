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

/**
 * Merges encoded latencies straight into dense counts, in a tenth of the time that decoding and merging maps takes: an answer may be
 * made of thousands of rows. Used over and over: `take` answers and begins anew.
 */
export class LatencyMerger {
  readonly #sums = measures.map(() => new Sum())

  add(encoded: Uint8Array): void {
    const input = new LatencyReader(encoded)
    for (const sum of this.#sums) sum.read(input)
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
    let bucket = 0
    for (let index = 0; index < size; index++) {
      bucket += input.signed()
      const here = input.varint()
      const at = Math.min(Math.max(bucket - lowestBucket, 0), buckets - 1)
      this.#counts[at] = (this.#counts[at] ?? 0) + here
      this.#count += here
      if (at < this.#first) this.#first = at
      if (at > this.#last) this.#last = at
    }
  }

  take(): LatencyFigures | undefined {
    if (this.#count === 0) return undefined
    const [p50Ms, p90Ms, p95Ms, p99Ms] = this.#quantiles([0.5, 0.9, 0.95, 0.99]) as [number, number, number, number]
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

  /** As `quantile` of the histogram, for several in rising order. */
  #quantiles(wanted: readonly number[]): number[] {
    let at = this.#first
    let seen = this.#counts[at] ?? 0
    return wanted.map((q) => {
      const rank = Math.max(1, Math.ceil(q * this.#count - 1e-9))
      while (seen < rank && at < this.#last) seen += this.#counts[++at] ?? 0
      // A bucket's middle may lie past the bounds, which are exact.
      return Math.min(this.#maxMs, Math.max(this.#minMs, valueOf(at + lowestBucket)))
    })
  }
}
