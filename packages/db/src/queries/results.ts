import type { Result } from '@sonde/core'
import { and, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { regions, results, runResults } from '../schema.ts'

export type ResultFilter = {
  checkId: number
  from?: Date | undefined
  to?: Date | undefined
  region?: string | undefined
  outcome?: Result['outcome'] | undefined
  /** The last row of the page before: rows come newest first, regions of one slot by number. */
  after?: { slot: Date; regionId: number } | undefined
  limit: number
}

export type ResultRow = { slot: Date; regionId: number; result: Result }

/** A page of a check's results, newest first. */
export function listResults(db: Queryable, filter: ResultFilter): Promise<ResultRow[]> {
  const { after } = filter
  return db
    .select({ slot: results.slot, regionId: results.regionId, result: results.doc })
    .from(results)
    .innerJoin(regions, eq(regions.id, results.regionId))
    .where(
      and(
        eq(results.checkId, filter.checkId),
        filter.from === undefined ? undefined : gte(results.slot, filter.from),
        filter.to === undefined ? undefined : lt(results.slot, filter.to),
        filter.region === undefined ? undefined : eq(regions.name, filter.region),
        filter.outcome === undefined ? undefined : eq(results.outcome, filter.outcome),
        after === undefined
          ? undefined
          : sql`(${results.slot}, ${results.regionId}) < (${after.slot.toISOString()}::timestamptz, ${after.regionId})`,
      ),
    )
    .orderBy(desc(results.slot), desc(results.regionId))
    .limit(filter.limit)
}

/** Keeps the answer of a region to a `run now`; a second one for the same run changes nothing. */
export async function saveRunResult(db: Queryable, runId: string, result: Result): Promise<void> {
  await db.insert(runResults).values({ runId, region: result.region, doc: result }).onConflictDoNothing()
}

export async function readRunResults(db: Queryable, runId: string): Promise<Result[]> {
  const rows = await db
    .select({ result: runResults.doc })
    .from(runResults)
    .where(eq(runResults.runId, runId))
    .orderBy(runResults.region)
  return rows.map(({ result }) => result)
}

/** Forgets answers that nobody waits for any more. */
export async function forgetRunResults(db: Queryable): Promise<void> {
  await db.delete(runResults).where(sql`${runResults.createdAt} < now() - interval '1 hour'`)
}
