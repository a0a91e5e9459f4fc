import type { PgPool } from 'bullmq'
import type pg from 'pg'

// The statements of BullMQ that set or compare times, and which of their parameters is "now", the first being 0.
const nowAt: Readonly<Record<string, readonly number[]>> = {
  move_to_active: [3],
  move_to_completed: [4],
  move_to_completed_fetch: [4, 9],
  move_to_failed: [5],
  move_to_failed_fetch: [5, 10],
  move_stalled_jobs_to_wait: [2],
  extend_locks: [4],
}

// Those that answer with the job that was taken, and when, in `processed_at_ms`.
const takes = new Set(['move_to_active', 'move_to_completed_fetch', 'move_to_failed_fetch'])

// What BullMQ asks each time that it has found no job: when the next delayed one is due, and whether the queue is limited. Nobody here
// delays a job or limits a queue.
const neverAnything = new Set(['next_delay', 'next_signal'])

type Taken = { processed_at_ms?: number | string | null }

/**
 * The pool as BullMQ is given it. BullMQ takes the time of locks from each machine's own clock, so that a worker whose clock is an hour
 * ahead would take the jobs of all others, and nobody those of a worker that died: here `now`, the server's time in ms, is put in its
 * place. And of the few statements that it sends again and again each connection parses each once, and those that have but one answer
 * are not sent.
 */
export function queuePool(pool: pg.Pool, now: () => number): PgPool {
  const names = new Map<string, string | undefined>()
  const nameOf = (text: string): string | undefined => {
    if (!names.has(text)) names.set(text, nameIn(text))
    return names.get(text)
  }
  const send = pool.query.bind(pool)
  const query = (text: string, params: readonly unknown[] = []) => {
    const name = nameOf(text)
    const values = [...params]
    if (name === undefined) return send({ text, values })
    if (neverAnything.has(name)) return Promise.resolve({ rows: [] })
    for (const index of nowAt[name] ?? []) values[index] = Math.round(now())
    const sent = send<Taken>({ name: `bullmq:${name}`, text, values })
    return takes.has(name) ? sent.then(byOwnClock) : sent
  }
  // Whether a lock wants renewing BullMQ finds out by this machine's clock: behind the server's it would find that none does.
  const byOwnClock = (answer: pg.QueryResult<Taken>): pg.QueryResult<Taken> => {
    const aheadMs = Date.now() - now()
    for (const row of answer.rows) {
      if (row.processed_at_ms != null) row.processed_at_ms = Math.round(Number(row.processed_at_ms) + aheadMs)
    }
    return answer
  }
  // BullMQ describes the part of pg.Pool that it uses in types of its own, which are narrower than pg's.
  return Object.assign(pool, { query }) as PgPool
}

/** The function of BullMQ that a statement calls, or what it would be called; undefined when it is none that we know. */
function nameIn(text: string): string | undefined {
  return text.includes('locked_until_ms = $5') ? 'extend_locks' : /\b([a-z_]+)\(\s*\$1\b/.exec(text)?.[1]
}
