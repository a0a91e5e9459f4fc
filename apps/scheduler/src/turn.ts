import { type Database, type DueSlots, recordDueSlots } from '@sonde/db'
import { batchesOf, type Scheduled } from './batches.ts'
import { dueSlots } from './due.ts'

export const tickMs = 1000

// A gap is noted in steps of a minute, so that none of them holds more slots than memory bears.
const stepMs = 60_000

/** How far the schedule has come: slots before `recorded` are noted as due, those before `queued` are on the queue. */
export type Progress = { recorded: number; queued: number }

export function tickOf(at: number): number {
  return Math.floor(at / tickMs) * tickMs
}

/**
 * Where a new leader begins: where the last one stopped, so that what fell due while nobody led is noted and will be told as
 * missed. Further back than `maxGapMs` it is not noted, and a horizon that a wrong clock put into the future does not count.
 */
export function startingPoint(stored: number | null, nowMs: number, lookaheadMs: number, maxGapMs: number): Progress {
  const now = tickOf(nowMs)
  if (stored === null || stored > now + lookaheadMs + 60_000) return { recorded: now, queued: now }
  return { recorded: Math.max(tickOf(stored), now - maxGapMs), queued: stored }
}

/** Notes every slot up to a lookahead from now; afterwards none of them can end in silence. Answers how many they were. */
export async function recordUpTo(
  db: Database,
  entries: () => Iterable<Scheduled>,
  progress: Progress,
  until: number,
): Promise<number> {
  let count = 0
  while (progress.recorded < until) {
    const to = Math.min(progress.recorded + stepMs, until)
    const groups: DueSlots[] = dueSlots(entries(), progress.recorded, to)
    await recordDueSlots(db, groups)
    count += groups.reduce((sum, { slotsMs }) => sum + slotsMs.length, 0)
    progress.recorded = to
  }
  return count
}

/** The next tick's batches; what lies further back than a lookahead is not queued any more, the sweep tells it as missed. */
export function nextTick(entries: Iterable<Scheduled>, progress: Progress, nowMs: number, lookaheadMs: number) {
  progress.queued = Math.max(tickOf(progress.queued), tickOf(nowMs - lookaheadMs))
  if (progress.queued >= progress.recorded) return undefined
  return batchesOf(entries, progress.queued, progress.queued + tickMs)
}
