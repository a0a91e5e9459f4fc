import { sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'

const dayMs = 86_400_000

/** `results_y2026m01d31` for the UTC day that holds the instant. */
export function partitionName(at: number): string {
  const [year, month, day] = new Date(at).toISOString().slice(0, 10).split('-')
  return `results_y${year}m${month}d${day}`
}

/** Makes the daily partitions from yesterday to `daysAhead` days after `now`; those that stand already are left alone. */
export async function makePartitions(db: Queryable, now: number, daysAhead = 3): Promise<void> {
  for (let offset = -1; offset <= daysAhead; offset++) {
    const from = Math.floor(now / dayMs + offset) * dayMs
    const bounds = [from, from + dayMs].map((at) => new Date(at).toISOString())
    await db.execute(
      sql.raw(
        `create table if not exists ${partitionName(from)} partition of results for values from ('${bounds[0]}') to ('${bounds[1]}')`,
      ),
    )
  }
}

/** Drops the days that ended before `now - retentionMs`, and answers their names. */
export async function dropOldPartitions(db: Queryable, now: number, retentionMs: number): Promise<string[]> {
  const oldestKept = partitionName(now - retentionMs)
  const { rows } = await db.execute<{ name: string }>(
    sql`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'results'::regclass and c.relname ~ '^results_y[0-9]{4}m[0-9]{2}d[0-9]{2}$' and c.relname < ${oldestKept}
        order by c.relname`,
  )
  for (const { name } of rows) await db.execute(sql.raw(`drop table ${name}`))
  return rows.map(({ name }) => name)
}
