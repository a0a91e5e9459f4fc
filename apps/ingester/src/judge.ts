import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { type Database, judgeAgain, judgeRegions } from '@sonde/db'

// Results are judged as they come; what only time changes may wait this long.
const pauseMs = 1000

/** Judges again what time alone changes, until `signal` aborts: a region that fell silent, a check that was disabled. */
export async function keepJudging(db: Database, log: Logger, now: () => number, signal: AbortSignal): Promise<void> {
  const watchedSinceMs = now()
  while (!signal.aborted) {
    try {
      // The regions first: the votes of one that is at fault are set aside in what follows.
      const { inDoubt } = await judgeRegions(db, now(), watchedSinceMs)
      await judgeAgain(db, now(), inDoubt)
    } catch (error) {
      log.warn({ err: error }, 'judging again')
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
