import { createHash } from 'node:crypto'

/**
 * Slots are arithmetic: `slot = k * interval + phase`, in milliseconds since the epoch, with a phase that depends on the
 * check and the region alone. Whoever computes them, before or after a restart, gets the same.
 */
export type Cadence = { intervalMs: number; phaseMs: number }

/** The cadence of a check in a region: phases of different checks are spread evenly over the interval. */
export function cadence(key: string, region: string, intervalMs: number): Cadence {
  // 48 bits of a digest: exact in a double, and far more than any interval in milliseconds (24 h is 27 bits).
  const digest = createHash('sha256').update(`${key}\n${region}`).digest()
  return { intervalMs, phaseMs: digest.readUIntBE(0, 6) % intervalMs }
}

/** The first slot at or after `from`. */
export function firstSlot({ intervalMs, phaseMs }: Cadence, from: number): number {
  return Math.ceil((from - phaseMs) / intervalMs) * intervalMs + phaseMs
}

/** Every slot in [from, to), in order. */
export function slotsBetween(cadence: Cadence, from: number, to: number): number[] {
  const slots: number[] = []
  for (let slot = firstSlot(cadence, from); slot < to; slot += cadence.intervalMs) slots.push(slot)
  return slots
}
