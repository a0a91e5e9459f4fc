import type { AlertPolicy } from './alert-policy.ts'

/** What is remembered of a check in a region between two results. */
export type RegionState = {
  verdict: 'unknown' | 'up' | 'down'
  /** Results of the same outcome in a row, up to the last one. */
  failures: number
  successes: number
  /** Slots in a row, up to the last one, whose probe never ran. */
  missed: number
  /**
   * Of the newest results, oldest first, 1 for each that failed and 0 for each that did not: as far back as the policy looks, and
   * empty while none of them failed.
   */
  outcomes: string
  /** Of the newest result that was judged, ms since the epoch. */
  lastSlotMs: number | null
  /** When the verdict became what it is: the slot that decided it. */
  sinceMs: number | null
}

export const freshState: RegionState = {
  verdict: 'unknown',
  failures: 0,
  successes: 0,
  missed: 0,
  outcomes: '',
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
  if (result.outcome === 'missed') return { ...state, missed: state.missed + 1, lastSlotMs: result.slotMs }
  const up = result.outcome === 'up'
  const failures = up ? 0 : state.failures + 1
  const successes = up ? state.successes + 1 : 0
  const outcomes = outcomesAfter(state.outcomes, up, policy)
  const verdict = verdictAfter(state.verdict, { failures, successes, outcomes }, policy)
  const sinceMs = verdict === state.verdict ? state.sinceMs : result.slotMs
  return { verdict, failures, successes, missed: 0, outcomes, lastSlotMs: result.slotMs, sinceMs }
}

function verdictAfter(
  verdict: RegionState['verdict'],
  { failures, successes, outcomes }: Pick<RegionState, 'failures' | 'successes' | 'outcomes'>,
  { failureThreshold: threshold, successThreshold }: Pick<AlertPolicy, 'failureThreshold' | 'successThreshold'>,
): RegionState['verdict'] {
  const isDown =
    typeof threshold === 'number' ? failures >= threshold : outcomes.replaceAll('0', '').length >= threshold.failures
  if (isDown) return 'down'
  if (successes >= successThreshold || (verdict === 'unknown' && successes > 0)) return 'up'
  return verdict
}

function outcomesAfter(
  before: string,
  up: boolean,
  { failureThreshold }: Pick<AlertPolicy, 'failureThreshold'>,
): string {
  if (typeof failureThreshold === 'number') return ''
  const outcomes = `${before}${up ? '0' : '1'}`.slice(-failureThreshold.of)
  return outcomes.includes('1') ? outcomes : ''
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
