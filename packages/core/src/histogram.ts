/**
 * A log-bucket histogram after DDSketch (Masson, Rim, Lee: "DDSketch", VLDB 2019): bucket `i` holds the values in
 * (γ^(i-1), γ^i], so any quantile read from it is within 1 % of the true one, and two histograms are merged by adding counts.
 * Keys are bucket numbers in no order; what is at or below `smallest` is in the lowest bucket.
 */
export type Histogram = ReadonlyMap<number, number>

const relativeError = 0.01
const gamma = (1 + relativeError) / (1 - relativeError)
const logGamma = Math.log(gamma)

// A microsecond, in milliseconds: nothing that we time is resolved any finer.
const smallest = 0.001
/** That of a microsecond and all that is shorter. */
export const lowestBucket = bucketAbove(smallest)

function bucketAbove(value: number): number {
  return Math.ceil(Math.log(value) / logGamma)
}

/** The bucket of a value; negative ones and zero count as the smallest. */
export function bucketOf(value: number): number {
  return value <= smallest ? lowestBucket : bucketAbove(value)
}

/** The value that stands for a bucket: off by at most 1 % from each that it holds. */
export function valueOf(bucket: number): number {
  return (2 * gamma ** bucket) / (gamma + 1)
}

export function histogramOf(values: readonly number[]): Histogram {
  const counts = new Map<number, number>()
  for (const value of values) add(counts, bucketOf(value), 1)
  return counts
}

export function mergeHistograms(histograms: Iterable<Histogram>): Histogram {
  const [first, ...others] = histograms
  const merged = new Map(first)
  for (const histogram of others) for (const [bucket, count] of histogram) add(merged, bucket, count)
  return merged
}

/**
 * The `q` quantile (0 … 1), by nearest rank: the smallest recorded value that at least `q` of all values do not exceed, within
 * 1 %. Null when nothing was recorded.
 */
export function quantile(histogram: Histogram, q: number): number | null {
  const sorted = [...histogram].sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  // The tolerance keeps 0.95 of 20 at rank 19: in doubles it is a hair above.
  const rank = Math.max(1, Math.ceil(q * total - 1e-9))
  let seen = 0
  for (const [bucket, count] of sorted) {
    seen += count
    if (seen >= rank) return valueOf(bucket)
  }
  return null
}

function add(counts: Map<number, number>, bucket: number, count: number): void {
  counts.set(bucket, (counts.get(bucket) ?? 0) + count)
}
