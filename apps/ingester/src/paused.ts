import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { countPausedSlots, type Database } from '@sonde/db'

// Slots are grouped by fifteen seconds before they are counted, so that a look mostly finds nothing.
const pauseMs = 5000

/** Counts as maintenance what windows paused, until `signal` aborts. */
export async function keepCountingPaused(
  db: Database,
  log: Logger,
  now: () => number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await countPausedSlots(db, now()).catch((error: unknown) => log.warn({ err: error }, 'counting paused slots'))
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
