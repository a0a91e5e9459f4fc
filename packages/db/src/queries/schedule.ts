import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** How far the schedule has come, in ms since the epoch: slots before `recordedMs` are noted, those before `queuedMs` on the queue. */
export type ScheduleMarks = { queuedMs: number; recordedMs: number }

/** Where the last leader stopped; null before the first. */
export async function readSchedule(db: Queryable): Promise<ScheduleMarks | null> {
  const { rows } = await db.execute<{ horizon: Date; recorded: Date }>(
    sql`select horizon, coalesce(recorded, horizon) as recorded from schedule`,
  )
  const [row] = rows
  if (row === undefined) return null
  return { queuedMs: new Date(row.horizon).getTime(), recordedMs: new Date(row.recorded).getTime() }
}

/** Says that the leader lives, and that slots before `queuedMs` are on the queue. On the leader's own connection. */
export async function advanceHorizon(db: Queryable, queuedMs: number): Promise<void> {
  await db.execute(sql`update schedule set horizon = ${new Date(queuedMs).toISOString()}, seen_at = now()`)
}
