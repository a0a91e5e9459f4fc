import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/**
 * Why nothing is being judged now, by what the database shows; undefined when all is well. Slots that fell due are accounted for
 * by a result, or by a sweep that says why there is none: either way somebody judges. Where neither comes, nobody does.
 */
export async function whyNotJudging(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.execute<{ led: boolean; behind: boolean }>(
    sql`select exists (select from schedule where seen_at > now() - interval '1 minute') as led,
          exists (select from due_slots where mature_at < now() - interval '2 minutes') as behind`,
  )
  if (rows[0]?.led !== true) return 'no scheduler has led for a minute'
  return rows[0].behind
    ? 'slots fell due minutes ago, and neither a result nor a sweep has accounted for them'
    : undefined
}
