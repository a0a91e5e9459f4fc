import type { RegionWitness } from './region-weight.ts'

/** Results of a check in a region in a row, all good or all bad, from the first to the newest. */
export type Run = { good: boolean; sinceMs: number; lastMs: number }

/** A result says something of now for so many intervals, and for as long as it may take to be written besides. */
export const freshness = { intervals: 2, besidesMs: 30_000 } as const

/** The run that a state ends with; null when its newest result is not fresh, which then says nothing of now. */
export function runOf(
  state: { lastSlotMs: number; failures: number; successes: number; missed: number },
  intervalMs: number,
  nowMs: number,
): Run | null {
  const lastMs = state.lastSlotMs - state.missed * intervalMs
  const { intervals, besidesMs } = freshness
  if (state.missed >= intervals || nowMs - lastMs > intervals * intervalMs + besidesMs) return null
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
