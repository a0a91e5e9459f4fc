import { setTimeout as delay } from 'node:timers/promises'
import type { Session } from '@sonde/db'

// Any two schedulers on one database must agree on this number ("sched" cut to 31 bits).
const leaderLock = 0x73636864

/** Waits until this session holds the leadership, or `signal` aborts. It is lost with the session's connection, never before. */
export async function waitForLeadership(session: Session, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const [row] = await session.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [leaderLock])
    if (row?.locked === true) return
    await delay(1000, undefined, { signal }).catch(() => undefined)
  }
}
