import { setTimeout as delay } from 'node:timers/promises'
import type { Session } from '@sonde/db'

// Any two schedulers on one database must agree on this number ("sched" cut to 31 bits).
const leaderLock = 0x73636864

// A leader says that it lives with every turn, about once a second. One that has been silent for this long is frozen, or its
// machine is gone without a word: it would hold its lock for ever.
const silence = "interval '4 seconds'"

/**
 * Waits until this session holds the leadership, or `signal` aborts. It is lost with the session's connection, never before. A
 * leader that holds it and is silent is put out by ending its connection; should it wake up, it finds itself without.
 */
export async function waitForLeadership(
  session: Session,
  signal: AbortSignal,
  onPutOut: (pid: number) => void,
): Promise<void> {
  while (!signal.aborted) {
    const [row] = await session.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [leaderLock])
    if (row?.locked === true) return
    const ended = await session.query<{ pid: number }>(
      `select l.pid, pg_terminate_backend(l.pid) from pg_locks l, schedule s
       where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = $1 and l.objsubid = 1
         and l.database = (select oid from pg_database where datname = current_database())
         and s.seen_at < now() - ${silence}`,
      [leaderLock],
    )
    for (const { pid } of ended) onPutOut(pid)
    await delay(ended.length > 0 ? 100 : 1000, undefined, { signal }).catch(() => undefined)
  }
}
