import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** Up to where slots have been handed to the queue, in ms since the epoch; null before the first. */
export async function readHorizon(db: Queryable): Promise<number | null> {
  const { rows } = await db.execute<{ horizon: Date }>(sql`select horizon from schedule`)
  return rows[0] === undefined ? null : new Date(rows[0].horizon).getTime()
}

/** Moves the horizon, never back, and says that the leader lives. */
export async function advanceHorizon(db: Queryable, horizonMs: number): Promise<void> {
  const horizon = new Date(horizonMs).toISOString()
  await db.execute(
    sql`insert into schedule (horizon) values (${horizon}) on conflict (one) do update set
          horizon = greatest(schedule.horizon, excluded.horizon), seen_at = now()`,
  )
}
