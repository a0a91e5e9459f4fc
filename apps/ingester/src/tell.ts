import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { type Database, tellDue, tellGathered } from '@sonde/db'

// What an incident that opens is told by is written with it; what falls due later may wait this long.
const pauseMs = 2000

/** Tells of open incidents what is due, until `signal` aborts: reminders, escalations, what was muted or gathered until now. */
export async function keepTelling(db: Database, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tellGathered(db).catch((error: unknown) => log.warn({ err: error }, 'telling what was gathered'))
    await tellDue(db).catch((error: unknown) => log.warn({ err: error }, 'telling what is due'))
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
