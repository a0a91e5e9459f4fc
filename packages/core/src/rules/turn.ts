import type { AlertPolicy } from '../alert-policy.ts'
import type { StateValues } from '../fold.ts'
import type { Result } from '../result.ts'
import type { RegionVote } from './vote.ts'

/** What a region said of a check right after a result that may change what its rules decide. */
export type Turn = Omit<RegionVote, 'region'>

/** The turn of one result that took the state from `before` to `after`; undefined for nearly all results, which change nothing. */
export function turnOf(before: StateValues, after: StateValues, result: Result, policy: AlertPolicy): Turn | undefined {
  if (!isTurn(before, after, result, policy)) return undefined
  const { verdict, lastSlotMs, missed, memory } = after
  return { verdict, lastSlotMs, missed, memory, error: result.error }
}

function isTurn(before: StateValues, after: StateValues, result: Result, policy: AlertPolicy): boolean {
  // The first good result of all is no news.
  const verdictTurned = before.verdict !== after.verdict && (before.verdict !== 'unknown' || after.verdict === 'down')
  const failsOtherwise =
    after.verdict === 'down' && result.outcome === 'down' && before.detail?.facts !== after.detail?.facts
  const silence = typeof policy.noData === 'number' ? policy.noData : Number.POSITIVE_INFINITY
  const silenceTurned = before.missed >= silence !== after.missed >= silence
  const answersTurned = before.memory?.answers?.changed !== after.memory?.answers?.changed
  const signatureTurned = before.memory?.signature !== after.memory?.signature
  return verdictTurned || failsOtherwise || silenceTurned || answersTurned || signatureTurned
}
