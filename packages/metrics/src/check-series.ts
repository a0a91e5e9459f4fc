import type { Result } from '@sonde/core'

/** What is known of one check in one region, to be exposed. */
export type CheckSeries = {
  check: {
    key: string
    name?: string | undefined
    kind: string
    target: string
    intervalMs: number
    timeoutMs: number
    labels: Record<string, string>
  }
  region: string
  /** Where the region is, in degrees; null where nobody said. */
  place?: { latitude: number; longitude: number } | null | undefined
  /** The newest result, or null before the first. */
  result: Result | null
  /** After thresholds and quorum. */
  verdict: 'up' | 'down' | 'unknown'
  /** Each rule that is on, and whether an incident of it is open. */
  incidents?: Readonly<Record<string, boolean>> | undefined
  /** Results since the check was made, by "outcome" or "outcome:error_code". */
  totals: Record<string, number>
  /** Durations of the probes that ran: a count for each of `durationBounds`, not added up; slower ones are in `count` alone. */
  histogram: { count: number; sumSeconds: number; buckets: readonly number[] }
}
