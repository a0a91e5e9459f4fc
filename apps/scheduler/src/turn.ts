import type { DueSlots, NotedSlot, PausedSlots, ScheduleMarks } from '@sonde/db'
import { batchesOf, batchesOfNoted, type Scheduled, type TickBatches } from './batches.ts'
import { dueSlots } from './due.ts'
import { type Pauses, pausedSlots } from './pauses.ts'

export const tickMs = 1000

// A gap is noted in steps of a minute, so that none of them holds more slots than memory bears.
const stepMs = 60_000

/**
 * How far the schedule has come: slots before `recorded` are noted as due, those before `queued` are on the queue, and the batches
 * of what lies between are here. They are made with the note, so that a change of a check counts for both or for neither.
 */
export type Progress = { recorded: number; queued: number; batches: Map<number, TickBatches> }

export function tickOf(at: number): number {
  return Math.floor(at / tickMs) * tickMs
}

/**
 * Whether the schedule has come further than it can have: the clock was wrong then, or was set back since. By less than a minute is
 * waited for: those slots have been probed.
 */
export function isOfAnotherTime(recordedMs: number, nowMs: number, lookaheadMs: number): boolean {
  return recordedMs > tickOf(nowMs) + lookaheadMs + 60_000
}

/**
 * Where a new leader begins: where the last one stopped, so that what fell due while nobody led is noted and will be told as
 * missed. Further back than `maxGapMs` it is not noted, and marks that a wrong clock put into the future do not count.
 */
export function startingPoint(
  stored: ScheduleMarks | null,
  nowMs: number,
  lookaheadMs: number,
  maxGapMs: number,
): Progress {
  const now = tickOf(nowMs)
  if (stored === null || isOfAnotherTime(stored.recordedMs, nowMs, lookaheadMs))
    return { recorded: now, queued: now, batches: new Map() }
  return {
    recorded: Math.max(tickOf(stored.recordedMs), now - maxGapMs),
    queued: tickOf(stored.queuedMs),
    batches: new Map(),
  }
}

/**
 * Notes every slot before `until`; afterwards none of them can end in silence, and the batches of those that can still be run are
 * in `progress`. What is paused is not due, and noted as such. Answers how many slots were due.
 */
export async function recordUpTo(
  note: (groups: readonly DueSlots[], marks: ScheduleMarks, paused: readonly PausedSlots[]) => Promise<void>,
  entries: () => Iterable<Scheduled>,
  progress: Progress,
  until: number,
  oldestRun: number,
  pauses: Pauses,
): Promise<number> {
  let count = 0
  while (progress.recorded < until) {
    const from = progress.recorded
    const to = pauses.stepEnd(from, Math.min(from + stepMs, until))
    const { due, paused } = pauses.split(entries, from)
    const groups = dueSlots(due(), from, to)
    const batches: [number, TickBatches][] = []
    for (let tick = Math.max(from, tickOf(oldestRun)); tick < to; tick += tickMs)
      batches.push([tick, batchesOf(due(), tick, tick + tickMs)])
    await note(groups, { queuedMs: progress.queued, recordedMs: to }, pausedSlots(paused, from, to))
    for (const [tick, ofTick] of batches) progress.batches.set(tick, ofTick)
    count += groups.reduce((sum, { slotsMs }) => sum + slotsMs.length, 0)
    progress.recorded = to
  }
  return count
}

/** The next tick's batches; what lies further back than a lookahead is not queued any more, the sweep tells it as missed. */
export function nextTick(progress: Progress, nowMs: number, lookaheadMs: number): TickBatches | undefined {
  progress.queued = Math.max(progress.queued, tickOf(nowMs - lookaheadMs))
  for (const tick of progress.batches.keys()) if (tick < progress.queued) progress.batches.delete(tick)
  if (progress.queued >= progress.recorded) return undefined
  return progress.batches.get(progress.queued) ?? new Map()
}

/** The tick is on the queue. */
export function tickQueued(progress: Progress): void {
  progress.batches.delete(progress.queued)
  progress.queued += tickMs
}

/** What the last leader noted and did not put on the queue any more is the next one's to queue, as it was noted. */
export function takeOver(progress: Progress, noted: readonly NotedSlot[]): void {
  for (const [tick, ofTick] of Map.groupBy(noted, ({ slotMs }) => tickOf(slotMs)))
    progress.batches.set(tick, batchesOfNoted(ofTick, tick))
}
