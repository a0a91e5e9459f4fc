import { maxDelayMs } from '@sonde/probes'

/** How often the limit is looked at. */
export const lookEveryMs = 250

// With a tenth of a second at work each (gate.ts) this many are 600 probes a second, more than a process that is held up can do
// anyway: below it the delay is not of their making, and admitting fewer would only make them late.
const least = 64

// From the least to the most in about ten seconds.
const stepsToMost = 40

export type Seen = {
  /** The longest that the event loop was held up while probes ran, since the last look. */
  delayMs: number
  /** The most probes that were in the gate at once since then. */
  busiest: number
}

/**
 * How many probes are admitted at once from now on, `most` at most: additive increase, multiplicative decrease. It falls by a third
 * with each look that finds the event loop held up while many probes were at work, and else rises by a step.
 */
export function nextLimit(limit: number, { delayMs, busiest }: Seen, most: number): number {
  const lowest = Math.min(least, most)
  // Past this a result is marked (`timing: delayed`), and says little of its target.
  if (delayMs <= maxDelayMs) return Math.min(most, limit + Math.ceil(most / stepsToMost))
  return busiest >= lowest ? Math.max(lowest, Math.floor((limit * 2) / 3)) : limit
}
