import { type Check, durationMs, slotsBetween } from '@sonde/core'
import type { DueSlots } from '@sonde/db'
import type { Scheduled } from './batches.ts'

/**
 * How long after its slot a probe may still bring a result: a worker takes it until its interval is over, then needs its attempts,
 * which fit into another interval, and the way to the database is given a little, half an interval or 5 s.
 */
export function maturesAfterMs(check: Pick<Check, 'interval' | 'timeout' | 'retries'>): number {
  const intervalMs = durationMs(check.interval)
  const attemptsMs = Math.min(intervalMs, durationMs(check.timeout) * (check.retries + 1))
  return intervalMs + attemptsMs + Math.min(intervalMs / 2, 5000)
}

/** Every slot in [from, to), grouped by region and by the second in which no result is to be expected any more. */
export function dueSlots(entries: Iterable<Scheduled>, from: number, to: number): DueSlots[] {
  const groups = new Map<string, DueSlots>()
  for (const { id, check, cadences } of entries) {
    const matureMs = maturesAfterMs(check)
    for (const [region, cadence] of cadences) {
      for (const slotMs of slotsBetween(cadence, from, to)) {
        const matureAtMs = Math.ceil((slotMs + matureMs) / 250) * 250
        const key = `${region} ${matureAtMs}`
        const group = groups.get(key) ?? { region, matureAtMs, checkIds: [], slotsMs: [] }
        if (group.checkIds.length === 0) groups.set(key, group)
        group.checkIds.push(id)
        group.slotsMs.push(slotMs)
      }
    }
  }
  return [...groups.values()]
}
