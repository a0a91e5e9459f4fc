import type { RegionWitness } from './region-weight.ts'

/** Results of a check in a region in a row, all good or all bad, from the first to the newest. */
export type Run = { good: boolean; sinceMs: number; lastMs: number }

const freshIntervals = 2
// How long a result may take to be written.
const latestMs = 30_000

/** The run that a state ends with; null when its newest result is not fresh, which then says nothing of now. */
export function runOf(
  state: { lastSlotMs: number; failures: number; successes: number; missed: number },
  intervalMs: number,
  nowMs: number,
): Run | null {
  const lastMs = state.lastSlotMs - state.missed * intervalMs
  if (state.missed >= freshIntervals || nowMs - lastMs > freshIntervals * intervalMs + latestMs) return null
  const good = state.failures === 0
  const length = Math.max(1, good ? state.successes : state.failures)
  return { good, sinceMs: lastMs - (length - 1) * intervalMs, lastMs }
}

/**
 * What other regions say of a check that fails here. Only what was seen while it failed here can say whether it failed there too:
 * before and after it may have been fine for all.
 */
export function seenElsewhere(own: Run, others: readonly Run[]): RegionWitness['elsewhere'] {
  const looked = others.filter(({ sinceMs, lastMs }) => sinceMs <= own.lastMs && lastMs >= own.sinceMs)
  if (looked.some(({ good }) => good)) return 'good'
  if (others.some(({ good, lastMs }) => !good && lastMs >= own.sinceMs)) return 'bad'
  return others.length > 0 ? 'pending' : 'nobody'
}
