import { type AlertPolicy, latencyRule } from '../alert-policy.ts'
import { durationMs } from '../duration.ts'
import type { Result } from '../result.ts'
import { isTimed } from '../rollup.ts'

// Often enough to find every window that has a slow result, and seldom enough that a slow check is not rewritten with each.
const notedTimesAWindow = 4

/**
 * When a check was last slow in a region, to a quarter of the policy's window: no percentile is above what is allowed in a window
 * without a single result that is.
 */
export function slowAt(before: number | null, result: Result, policy: AlertPolicy): number | null {
  const latency = latencyRule(policy)
  if (latency === undefined || !isTimed(result)) return before
  if (result.durationMs <= durationMs(latency.above)) return before
  const slotMs = Date.parse(result.slot)
  return before !== null && slotMs - before < durationMs(latency.over) / notedTimesAWindow ? before : slotMs
}
