import type { Check } from '../check.ts'
import { durationMs } from '../duration.ts'
import type { StateValues } from '../fold.ts'
import type { Result } from '../result.ts'
import { silentAfterSlots } from './no-data.ts'
import type { RegionVote } from './vote.ts'

/** What a region said of a check right after a result. */
export type Turn = Omit<RegionVote, 'region'> & {
  /** When the probe had its answer, by its own word, ms since the epoch: from then on it could be decided. */
  endedMs: number
  /** It may change what the rules decide. Nearly all results do not; what was said of them is known to whoever judges one that does. */
  isNews: boolean
}

/** The turn of one result that took the state from `before` to `after`. */
export function turnOf(before: StateValues, after: StateValues, result: Result, check: Check): Turn {
  const { verdict, lastSlotMs, missed, memory } = after
  const endedMs = endOf(result, check)
  return {
    verdict,
    lastSlotMs,
    missed,
    memory,
    error: result.error,
    endedMs,
    isNews: isNews(before, after, result, check),
  }
}

/** Of a slot that was missed, when its probe would have ended at the latest; never after the next slot, whatever a worker says. */
function endOf({ slot, startedAt, durationMs: tookMs, attempts }: Result, { timeout, interval }: Check): number {
  const slotMs = Date.parse(slot)
  if (startedAt === null) return slotMs + durationMs(timeout)
  // Only the last attempt says how long it took; those before it failed in much the same way.
  return Math.max(slotMs, Math.min(Date.parse(startedAt) + tookMs * attempts, slotMs + durationMs(interval)))
}

function isNews(before: StateValues, after: StateValues, result: Result, check: Check): boolean {
  // The first good result of all is no news.
  const verdictTurned = before.verdict !== after.verdict && (before.verdict !== 'unknown' || after.verdict === 'down')
  const failsOtherwise =
    after.verdict === 'down' && result.outcome === 'down' && before.detail?.facts !== after.detail?.facts
  const answersTurned = before.memory?.answers?.changed !== after.memory?.answers?.changed
  const signatureTurned = before.memory?.signature !== after.memory?.signature
  return verdictTurned || failsOtherwise || silenceTurned(before, after, check) || answersTurned || signatureTurned
}

function silenceTurned(before: StateValues, after: StateValues, { alerts, interval }: Check): boolean {
  if (before.missed === after.missed || typeof alerts.noData !== 'number') return false
  const slots = silentAfterSlots(alerts.noData, durationMs(interval))
  return before.missed >= slots !== after.missed >= slots
}
