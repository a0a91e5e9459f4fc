import { type MaintenancePlan, noMaintenance, slotsBetween } from '@sonde/core'
import type { PausedSlots } from '@sonde/db'
import type { Scheduled } from './batches.ts'

// What is counted together; SLOs know of a pause so much later.
const grainMs = 15_000

/** What of the schedule maintenance pauses: its slots are not due, and count as maintenance. */
export class Pauses {
  #plan: MaintenancePlan = noMaintenance

  follow(plan: MaintenancePlan): void {
    this.#plan = plan
  }

  /** Where a step that begins at `from` ends, before `to` when something begins or ends to be paused there. */
  stepEnd(from: number, to: number): number {
    return this.#plan.firstChange(from, to) ?? to
  }

  /** The checks that are due and those that are paused, in a step that begins at an instant. Costs nothing while no window pauses. */
  split(
    entries: () => Iterable<Scheduled>,
    atMs: number,
  ): { due: () => Iterable<Scheduled>; paused: readonly Scheduled[] } {
    const isPaused = this.#plan.pausedAt(atMs)
    if (isPaused === undefined) return { due: entries, paused: [] }
    const { due = [], paused = [] } = Object.groupBy(entries(), (entry) => (isPaused(entry) ? 'paused' : 'due'))
    return { due: () => due, paused }
  }
}

/** Every slot of paused checks in [from, to), grouped by region and by when it is counted. */
export function pausedSlots(entries: Iterable<Scheduled>, from: number, to: number): PausedSlots[] {
  const groups = new Map<string, PausedSlots>()
  for (const { id, cadences } of entries) {
    for (const [region, cadence] of cadences) {
      for (const slotMs of slotsBetween(cadence, from, to)) {
        const countedAtMs = Math.ceil((slotMs + 1) / grainMs) * grainMs
        const key = `${region} ${countedAtMs}`
        const group = groups.get(key) ?? { region, countedAtMs, checkIds: [], slotsMs: [] }
        if (group.checkIds.length === 0) groups.set(key, group)
        group.checkIds.push(id)
        group.slotsMs.push(slotMs)
      }
    }
  }
  return [...groups.values()]
}
