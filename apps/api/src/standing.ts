import { type Check, quorum, type RegionState } from '@sonde/core'

// As on /metrics: a verdict without fresh results would look like a true one.
export const staleIntervals = 3

/** The oldest slot at which a result counts at `nowMs`, ms: none counts of a check that is off. */
export function freshSince(check: { enabled: boolean; intervalMs: number }, nowMs: number): number {
  return check.enabled ? nowMs - staleIntervals * check.intervalMs : Infinity
}

/** The verdict on a check as a whole, by the regions whose newest result counts. */
export function verdictOf(
  check: { alerts: Pick<Check['alerts'], 'regions'> },
  regions: readonly { verdict: RegionState['verdict']; lastSlotMs: number | null }[],
  sinceMs: number,
): RegionState['verdict'] {
  const votes = regions.filter(({ lastSlotMs }) => (lastSlotMs ?? 0) >= sinceMs).map(({ verdict }) => verdict)
  return quorum(votes, check.alerts)
}
