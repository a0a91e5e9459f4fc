import { formatDuration } from '../duration.ts'

// The third time within an hour (for slow checks, within 40 slots) is no fault of its own any more.
const flappingOpenings = 3
const windowMs = 3_600_000
const windowIntervals = 40
const calmMs = 600_000
const calmIntervals = 10

/** How far back openings count towards flapping. */
export function flapWindowMs(check: { intervalMs: number }): number {
  return Math.max(windowMs, windowIntervals * check.intervalMs)
}

/** Whether a check that opens at `nowMs`, after `openings` before, changes too often to be told each time. */
export function isFlapping(openings: readonly number[], check: { intervalMs: number }, nowMs: number): boolean {
  const recent = openings.filter((atMs) => atMs > nowMs - flapWindowMs(check))
  return recent.length + 1 >= flappingOpenings
}

/** How long a flapping check must hold still before it counts as recovered: ten minutes, or ten slots where those take longer. */
export function calmAfterMs(check: { intervalMs: number }): number {
  return Math.max(calmMs, calmIntervals * check.intervalMs)
}

/** What is remembered of an incident that flaps: how often it opened, and since when it has been up, if it is. */
export type Flaps = { openings: number; upSinceMs: number | null }

export function flapsOf(memory: Readonly<Record<string, unknown>>): Flaps | null {
  const { openings, upSinceMs } = memory
  if (typeof openings !== 'number') return null
  return { openings, upSinceMs: typeof upSinceMs === 'number' ? upSinceMs : null }
}

export function flapText({ openings }: Flaps, check: { intervalMs: number }): string {
  const calm = formatDuration(calmAfterMs(check))
  return `flapping: down for the ${ordinal(openings)} time, and open until it has been up for ${calm}`
}

function ordinal(number: number): string {
  const [tens, ones] = [number % 100, number % 10]
  const end = tens >= 11 && tens <= 13 ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[ones] ?? 'th')
  return `${number}${end}`
}
