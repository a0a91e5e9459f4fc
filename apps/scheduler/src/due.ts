import { slotsBetween } from '@sonde/core'
import type { DueSlots } from '@sonde/db'
import type { Scheduled } from './batches.ts'

/**
 * What is told as missed together: a quarter of a second for the shortest intervals, so that each is told within three of them,
 * and a second where that matters less. Each group costs a row, and each instant with groups a sweep.
 */
function grainMs(intervalMs: number): number {
  return intervalMs < 10_000 ? 250 : 1000
}

/** Every slot in [from, to), grouped by region and by the instant from which on no result is to be expected any more. */
export function dueSlots(entries: Iterable<Scheduled>, from: number, to: number): DueSlots[] {
  const groups = new Map<string, DueSlots>()
  for (const { id, cadences, matureMs } of entries) {
    for (const [region, cadence] of cadences) {
      const grain = grainMs(cadence.intervalMs)
      for (const slotMs of slotsBetween(cadence, from, to)) {
        const matureAtMs = Math.ceil((slotMs + matureMs) / grain) * grain
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
