import type { Check, Result } from '@sonde/core'

/** What the thread is started with: the lists of the egress policy, of which each side makes its own. */
export type ThreadData = { deny: readonly string[]; allow: readonly string[] }

/** One probe to run. `ref` stands for the check, which comes along the first time, and again when it was forgotten. */
export type Order = {
  id: number
  ref: number
  check: Check | undefined
  region: string
  slotMs: number
  /** How far the caller's clock is ahead of this machine's. */
  offsetMs: number
}

/** What became of it. `delayMs` is the longest that the thread's event loop was held up since its last answer. */
export type Answer = { id: number; delayMs: number } & ({ result: Result } | { error: unknown })

/** Sent once, when the thread has read the trusted roots and takes orders. */
export const ready = 'ready'

/** How many checks the thread remembers. Both sides forget the one that was sent first, so that they agree without a word. */
export const maxRemembered = 4096

/** Deletes what was put in first when there is more than is remembered. */
export function forgetOldest(remembered: Map<number, unknown> | Set<number>): void {
  if (remembered.size <= maxRemembered) return
  for (const first of remembered.keys()) {
    remembered.delete(first)
    return
  }
}
