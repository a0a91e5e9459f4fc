import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import type { Fold, MissedReason, Result } from '@sonde/core'
import { aliveMs, type Database, firstMatureMs, lastSeenWorkers, sweepDueSlots } from '@sonde/db'

// A slot of a check with an interval of a second must be told within three of them. While nothing matures there is nothing to do, and
// what is noted anew matures seconds later.
const pauseMs = { least: 400, most: 1000 }

/**
 * Writes `missed` for every slot that was due and brought no result, until `signal` aborts. `now` is the schedule's clock, and
 * `writtenUpTo` says how far the results in the queue have been written: while they lag behind, so does the sweep, as what waits
 * there is not missed, only late.
 */
export async function keepSweeping(
  db: Database,
  log: Logger,
  now: () => number,
  writtenUpTo: () => Promise<number>,
  fold: Fold,
  onMissed: (results: readonly Result[]) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let leftMs = 0
    try {
      const firstMs = await firstMatureMs(db)
      leftMs = firstMs === null ? pauseMs.most : firstMs - now()
      const untilMs = firstMs === null || leftMs > 0 ? 0 : await writtenUpTo()
      if (firstMs !== null && firstMs <= untilMs)
        while (!signal.aborted && (await sweepOnce(db, untilMs, fold, onMissed))) continue
    } catch (error) {
      log.warn({ err: error }, 'sweep')
      leftMs = pauseMs.most
    }
    const ms = Math.min(Math.max(leftMs, pauseMs.least), pauseMs.most)
    await delay(ms, undefined, { signal }).catch(() => undefined)
  }
}

async function sweepOnce(
  db: Database,
  untilMs: number,
  fold: Fold,
  onMissed: (results: readonly Result[]) => void,
): Promise<boolean> {
  const seen = await lastSeenWorkers(db)
  const { missed, more } = await sweepDueSlots(
    db,
    untilMs,
    (region, slotMs) => reasonFor(seen.get(region), region, slotMs),
    fold,
  )
  if (missed.length > 0) onMissed(missed)
  return more
}

/** Without a worker at the time nobody could have run it; with one, its job was lost or came too late. */
export function reasonFor(
  lastSeenMs: number | undefined,
  region: string,
  slotMs: number,
): { code: MissedReason; message: string } {
  if (lastSeenMs === undefined) return { code: 'no_worker', message: `region ${region} has had no worker yet` }
  if (lastSeenMs < slotMs - aliveMs) {
    const at = new Date(lastSeenMs).toISOString()
    return { code: 'no_worker', message: `no worker of region ${region} was there; the last one was heard of at ${at}` }
  }
  return { code: 'expired', message: 'no result came in time: its job was lost, or waited until its slot was over' }
}
