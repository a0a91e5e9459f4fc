import type { Check } from '../check.ts'
import { durationMs } from '../duration.ts'
import type { StateValues } from '../fold.ts'
import type { Result } from '../result.ts'
import { silentAfterSlots } from './no-data.ts'
import type { RegionVote } from './vote.ts'

/** What a region said of a check right after a result. */
export type Turn = Omit<RegionVote, 'region'> & {
  /** It may change what the rules decide. Nearly all results do not; what was said of them is known to whoever judges one that does. */
  isNews: boolean
}

/** The turn of one result that took the state from `before` to `after`. */
export function turnOf(before: StateValues, after: StateValues, result: Result, check: Check): Turn {
  const { verdict, lastSlotMs, missed, memory } = after
  return { verdict, lastSlotMs, missed, memory, error: result.error, isNews: isNews(before, after, result, check) }
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
