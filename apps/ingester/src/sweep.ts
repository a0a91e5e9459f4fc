import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import type { Fold, MissedReason, Result } from '@sonde/core'
import { anyMature, type Database, lastSeenWorkers, sweepDueSlots } from '@sonde/db'

// A slot of a check with an interval of a second must be told within three of them.
const pauseMs = 400

// Workers say that they live every 5 s; three missed in a row and none was there.
const aliveMs = 15_000

/**
 * Writes `missed` for every slot that was due and brought no result, until `signal` aborts. `writtenUpTo` says how far the results
 * in the queue have been written: while they lag behind, so does the sweep, as what waits there is not missed, only late.
 */
export async function keepSweeping(
  db: Database,
  log: Logger,
  writtenUpTo: () => Promise<number>,
  fold: Fold,
  onMissed: (results: readonly Result[]) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await sweepOnce(db, await writtenUpTo(), fold, onMissed))) continue
    } catch (error) {
      log.warn({ err: error }, 'sweep')
      await delay(1000, undefined, { signal }).catch(() => undefined)
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}

async function sweepOnce(
  db: Database,
  untilMs: number,
  fold: Fold,
  onMissed: (results: readonly Result[]) => void,
): Promise<boolean> {
  if (!(await anyMature(db, untilMs))) return false
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
