import type { AlertPolicy } from './alert-policy.ts'

/** What is remembered of a check in a region between two results. */
export type RegionState = {
  verdict: 'unknown' | 'up' | 'down'
  /** Results of the same outcome in a row, up to the last one. */
  failures: number
  successes: number
  /** Of the newest result that was judged, ms since the epoch. */
  lastSlotMs: number | null
  /** When the verdict became what it is: the slot that decided it. */
  sinceMs: number | null
}

export const freshState: RegionState = {
  verdict: 'unknown',
  failures: 0,
  successes: 0,
  lastSlotMs: null,
  sinceMs: null,
}

/**
 * The state after one more result. A slot at or before the newest judged one changes nothing, so repeated and late results
 * are harmless; `missed` says nothing of the target and moves no verdict. The very first good result is enough to be up.
 */
export function advance(
  state: RegionState,
  result: { outcome: 'up' | 'down' | 'missed'; slotMs: number },
  policy: Pick<AlertPolicy, 'failureThreshold' | 'successThreshold'>,
): RegionState {
  if (state.lastSlotMs !== null && result.slotMs <= state.lastSlotMs) return state
  if (result.outcome === 'missed') return { ...state, lastSlotMs: result.slotMs }
  const up = result.outcome === 'up'
  const failures = up ? 0 : state.failures + 1
  const successes = up ? state.successes + 1 : 0
  const verdict = verdictAfter(state.verdict, failures, successes, policy)
  const sinceMs = verdict === state.verdict ? state.sinceMs : result.slotMs
  return { verdict, failures, successes, lastSlotMs: result.slotMs, sinceMs }
}

function verdictAfter(
  verdict: RegionState['verdict'],
  failures: number,
  successes: number,
  policy: Pick<AlertPolicy, 'failureThreshold' | 'successThreshold'>,
): RegionState['verdict'] {
  if (failures >= policy.failureThreshold) return 'down'
  if (successes >= policy.successThreshold || (verdict === 'unknown' && successes > 0)) return 'up'
  return verdict
}

/** The verdict on the check as a whole: down when as many of the regions that know are down as the policy asks for. */
export function quorum(
  verdicts: readonly RegionState['verdict'][],
  policy: Pick<AlertPolicy, 'regions'>,
): RegionState['verdict'] {
  const votes = verdicts.filter((verdict) => verdict !== 'unknown')
  if (votes.length === 0) return 'unknown'
  const needed = { any: 1, majority: Math.floor(votes.length / 2) + 1, all: votes.length }
  const required = typeof policy.regions === 'number' ? policy.regions : needed[policy.regions]
  return votes.filter((verdict) => verdict === 'down').length >= required ? 'down' : 'up'
}
