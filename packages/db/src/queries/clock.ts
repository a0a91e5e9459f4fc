import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** The database's clock, ms since the epoch: when the transaction began. */
export async function databaseNow(db: Queryable): Promise<number> {
  const { rows } = await db.execute<{ now: Date }>(sql`select now() as now`)
  return new Date(rows[0]?.now ?? Number.NaN).getTime()
}
