import { createHash } from 'node:crypto'

/**
 * Slots are arithmetic: `slot = k * interval + phase`, in milliseconds since the epoch, with a phase that depends on the
 * check's number and the region alone. Whoever computes them, before or after a restart, gets the same.
 */
export type Cadence = { intervalMs: number; phaseMs: number }

// The golden ratio's fractional part: of all numbers its multiples fill a circle most evenly, however many of them there are
// (Kronecker's low-discrepancy sequence; Knuth, The Art of Computer Programming 3, 6.4, theorem S).
const goldenTurn = 0.6180339887498949

/**
 * The cadence of a check, by its number in the database, in a region. The checks of a region are spread over the interval more
 * evenly than any hash would: of 10,000 with an interval of two minutes, a hash puts 1.3 times their share into some second.
 */
export function cadence(checkId: number, region: string, intervalMs: number): Cadence {
  const turn = (checkId * goldenTurn + regionTurn(region)) % 1
  return { intervalMs, phaseMs: Math.floor(turn * intervalMs) }
}

/** Regions begin at different points, so that a check is not probed from all of them in the same moment. */
function regionTurn(region: string): number {
  const known = regionTurns.get(region)
  if (known !== undefined) return known
  const turn = createHash('sha256').update(region).digest().readUIntBE(0, 6) / 2 ** 48
  regionTurns.set(region, turn)
  return turn
}
const regionTurns = new Map<string, number>()

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
