import { type Check, durationMs, quorum, type RegionState } from '@sonde/core'

// As on /metrics: a verdict without fresh results would look like a true one.
const staleIntervals = 3

/** Whether the verdict of a region counts at `nowMs`: it does not without a result within three intervals, nor of a check that is off. */
export function isStale(check: Pick<Check, 'enabled' | 'interval'>, lastSlotMs: number | null, nowMs: number): boolean {
  return !check.enabled || (lastSlotMs ?? 0) < nowMs - staleIntervals * durationMs(check.interval)
}

/** The verdict on a check as a whole, by the regions whose verdicts count. */
export function verdictOf(
  check: { alerts: Pick<Check['alerts'], 'regions'> },
  regions: readonly { verdict: RegionState['verdict']; stale: boolean }[],
): RegionState['verdict'] {
  const votes = regions.filter(({ stale }) => !stale).map(({ verdict }) => verdict)
  return quorum(votes, check.alerts)
}
