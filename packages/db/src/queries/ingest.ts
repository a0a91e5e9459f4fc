import { Check, type Fold, type Folded, type Result } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { noteChains } from '../ingest/certificates.ts'
import { judgeChecks } from '../ingest/incidents.ts'
import { addToRollups } from '../ingest/rollups.ts'
import { distinct, type Group, insertDetails, insertRows } from '../ingest/rows.ts'
import { lockStates, writeStates } from '../ingest/states.ts'
import { ensureRegions } from './regions.ts'

/** A result and the row of `checks` it belongs to: a key may by now stand for another check. */
export type IngestItem = { checkId: number; result: Result }

/**
 * The one transaction: locks the states of what the results speak of, inserts those that are new, folds them in, and writes the
 * states, the documents to keep, the rollups and the chains. Answers the results that were new. A repeated chunk changes
 * nothing, but a result that comes after its slot was told as missed takes that row's place. Results of checks that have been
 * deleted meanwhile are dropped.
 */
export async function ingest(
  db: Pick<Database, 'transaction'>,
  items: readonly IngestItem[],
  fold: Fold,
  nowMs = Date.now(),
): Promise<Result[]> {
  if (items.length === 0) return []
  const regionNames = [...new Set(items.map(({ result }) => result.region))]
  return db.transaction(async (tx) => {
    const { checks, regionIds } = await lockChecks(tx, [...new Set(items.map(({ checkId }) => checkId))], regionNames)
    if (checks.size === 0) return []
    const rows = items
      .filter(({ checkId }) => checks.has(checkId))
      .map(({ checkId, result }) => ({ checkId, regionId: regionIds.get(result.region) as number, result }))
      .sort((a, b) => Date.parse(a.result.slot) - Date.parse(b.result.slot))
    const groups = await lockStates(tx, distinct(rows), checks)
    const fresh = await insertRows(tx, groups)
    const folded = groups.flatMap((group) => {
      const results = fresh.get(group) ?? []
      if (results.length === 0) return []
      const { checkId, regionId, state, check } = group
      return [{ checkId, regionId, before: state, ...fold(state, results, check) }]
    })
    const each = <Part>(parts: (one: (typeof folded)[number]) => Part[]) =>
      folded.flatMap((one) => parts(one).map((part) => ({ checkId: one.checkId, regionId: one.regionId, ...part })))
    await writeStates(tx, folded)
    await insertDetails(
      tx,
      each(({ details }) => details),
    )
    await addToRollups(
      tx,
      each(({ spans }) => spans),
    )
    await noteChains(
      tx,
      each(({ chains }) => chains),
    )
    await judgeChecks(tx, turned(groups, folded), nowMs)
    return [...fresh.values()].flat().map(({ result }) => result)
  })
}

/** The checks of which a region went down or up, or fails in another way than before: those are to be judged as a whole. */
function turned(
  groups: readonly Group[],
  folded: readonly (Folded & { checkId: number; regionId: number })[],
): Map<number, Check> {
  const before = new Map(groups.map((group) => [`${group.checkId} ${group.regionId}`, group]))
  return new Map(
    folded.flatMap(({ checkId, regionId, state, newest }) => {
      const group = before.get(`${checkId} ${regionId}`)
      if (group === undefined || newest === null) return []
      const changed =
        group.state.verdict !== state.verdict && (group.state.verdict !== 'unknown' || state.verdict === 'down')
      const otherwise =
        state.verdict === 'down' &&
        newest.recent.outcome === 'down' &&
        group.state.detail?.facts !== state.detail?.facts
      // One that was stored by an older version gets the fields that came to be since.
      return changed || otherwise ? [[checkId, Check.safeParse(group.check).data ?? group.check] as const] : []
    }),
  )
}

/** The checks that still are, kept from being deleted until the transaction ends, and the numbers of the regions. */
async function lockChecks(
  tx: Queryable,
  ids: readonly number[],
  regionNames: readonly string[],
): Promise<{ checks: Map<number, Check>; regionIds: Map<string, number> }> {
  // The regions are read once for all rows, and mostly it is a single one.
  const { rows } = await tx.execute<{ id: number; doc: Check; regions: Record<string, number> | null }>(
    sql`select id, doc, (select json_object_agg(name, r.id) from regions r where name = any(${sql.param(regionNames)}::text[])) as regions
        from checks where id = any(${sql.param(ids)}::int[]) order by id for key share`,
  )
  const regionIds = new Map(Object.entries(rows[0]?.regions ?? {}))
  const checks = new Map(rows.map(({ id, doc }) => [id, doc]))
  if (regionIds.size === regionNames.length || checks.size === 0) return { checks, regionIds }
  await ensureRegions(tx, regionNames)
  return lockChecks(tx, ids, regionNames)
}
