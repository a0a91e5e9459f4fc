import type { AlertPolicy } from '../alert-policy.ts'
import type { Check } from '../check.ts'
import { durationMs } from '../duration.ts'
import type { RegionState } from '../verdict.ts'
import type { RuleMemory } from './memory.ts'

/** What a region says of a check: its verdict, its newest slot, and why, when it is down. */
export type RegionVote = {
  region: string
  verdict: RegionState['verdict']
  /** Of the newest result, one that was missed too. */
  lastSlotMs: number | null
  /** The last slot that maintenance paused, if any did. */
  lastPausedMs?: number | null
  /** Slots in a row, up to the newest, whose probe never ran. */
  missed: number
  /** Of the newest result; null when that was good. */
  error: { code: string; message: string; cause: string; remedy: string } | null
  memory?: RuleMemory | null
}

/** As much of a check as its rules look at. */
export type RuledCheck = {
  key: string
  enabled: boolean
  intervalMs: number
  timeoutMs: number
  alerts: AlertPolicy
}

export function ruledCheck(check: Check): RuledCheck {
  const { key, enabled, alerts } = check
  return { key, enabled, alerts, intervalMs: durationMs(check.interval), timeoutMs: durationMs(check.timeout) }
}

// A region without a result for this many intervals does not know how the target is now, and leaves the vote.
const freshIntervals = 2

/** Until when a region is waited for that was to bring results from `fromMs` on: as long as one that brought some would stay in the vote. */
export function heardUntilMs(
  fromMs: number,
  { intervalMs, timeoutMs }: Pick<RuledCheck, 'intervalMs' | 'timeoutMs'>,
): number {
  return fromMs + freshIntervals * intervalMs + timeoutMs
}

/** The vote of a region at `nowMs`: unknown when it has had no result in two intervals. What was missed is no result. */
export function freshVerdict(
  vote: Pick<RegionVote, 'verdict' | 'lastSlotMs' | 'missed'>,
  check: { intervalMs: number; timeoutMs: number },
  nowMs: number,
): RegionState['verdict'] {
  if (vote.lastSlotMs === null || vote.missed >= freshIntervals) return 'unknown'
  // A result comes when its probe has ended: up to a timeout after its slot.
  const oldestMs = nowMs - freshIntervals * check.intervalMs - check.timeoutMs
  return vote.lastSlotMs - vote.missed * check.intervalMs < oldestMs ? 'unknown' : vote.verdict
}
