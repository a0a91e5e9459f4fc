import { Check } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { hasOrphans, resolveOrphans } from '../ingest/decisions.ts'
import { parentsFirst } from '../ingest/dependencies.ts'
import { judgeChecks, wantJudging } from '../ingest/incidents.ts'
import type { IncidentChange } from '../ingest/tell.ts'

// Looking takes no lock, so many at a time; a judgement holds its checks until it is committed, so few.
const lookedAtOnce = 1000
const judgedAtOnce = 50

/**
 * Judges again what time alone changes: checks that fail, or have no results, and no incident, as when one that they depend on is
 * up again; and checks with an open incident, as when a region falls silent or the check is disabled. Those of which nothing is
 * to be done are only looked at. What was open of checks that are gone is resolved. `inDoubt` are the regions that nobody is sure of, `still` are
 * checks of which not even a word of missed slots has come.
 */
export async function judgeAgain(
  db: Database,
  nowMs: number,
  inDoubt: ReadonlySet<string> = new Set(),
  still: readonly number[] = [],
): Promise<IncidentChange[]> {
  const { rows } = await db.execute<{ id: number; doc: Check }>(
    // As an array, so that these few are looked up and not all checks read.
    sql`select id, doc from checks where id = any(array(
          select check_id from check_states where failures > 0 or verdict = 'down'
          union select check_id from check_states where missed > 0
          union select check_id from incidents where state = 'open'
          union select unnest(${sql.param(still)}::int[]))) order by id`,
  )
  const changes = (await hasOrphans(db)) ? await db.transaction((tx) => resolveOrphans(tx, nowMs)) : []
  for (const part of partsOf(rows, lookedAtOnce)) {
    const checks = new Map(part.map(({ id, doc }) => [id, Check.safeParse(doc).data ?? doc]))
    const wanting = await wantJudging(db, checks, nowMs, inDoubt)
    for (const few of partsOf([...parentsFirst(wanting, (check) => check)], judgedAtOnce)) {
      const toJudge = new Map(few.map(([id, check]) => [id, { check }]))
      changes.push(...(await db.transaction((tx) => judgeChecks(tx, toJudge, nowMs, inDoubt))))
    }
  }
  return changes
}

function partsOf<Value>(all: readonly Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
}
