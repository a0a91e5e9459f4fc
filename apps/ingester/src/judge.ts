import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { type Database, judgeAgain } from '@sonde/db'

// Results are judged as they come; what only time changes may wait this long.
const pauseMs = 2000

/** Judges again what time alone changes, until `signal` aborts: a region that fell silent, a check that was disabled. */
export async function keepJudging(db: Database, log: Logger, now: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await judgeAgain(db, now())
    } catch (error) {
      log.warn({ err: error }, 'judging again')
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
