import { Check, type Fold, type Folded, type Result } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { judgeChanges } from '../ingest/certificate-changes.ts'
import { noteChains } from '../ingest/certificates.ts'
import { judgeChecks, type ToJudge } from '../ingest/incidents.ts'
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
      const { checkId, regionId, state, error, check } = group
      return [{ checkId, regionId, before: { ...state, error }, ...fold(state, results, check) }]
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
    const chains = each((one) => one.chains)
    await noteChains(tx, chains)
    await judgeChanges(tx, chains, checks, nowMs)
    await judgeChecks(tx, turned(groups, folded, regionIds), nowMs)
    return [...fresh.values()].flat().map(({ result }) => result)
  })
}

/** The checks of which some result may change what their rules decide, with what their regions said, in the order in which they did. */
function turned(
  groups: readonly Group[],
  folded: readonly (Folded & { checkId: number; regionId: number; before: Group['state'] & Pick<Group, 'error'> })[],
  regionIds: ReadonlyMap<string, number>,
): Map<number, ToJudge> {
  const news = new Set(folded.filter(({ turns }) => turns.some(({ isNews }) => isNews)).map(({ checkId }) => checkId))
  if (news.size === 0) return new Map()
  const turning = folded.filter(({ checkId }) => news.has(checkId))
  const regionNames = new Map([...regionIds].map(([name, id]) => [id, name]))
  const turns = turning.flatMap(({ checkId, regionId, before, turns: own }) => {
    const region = regionNames.get(regionId) as string
    const { verdict, lastSlotMs, missed, memory, error } = before
    const first = { region, verdict, lastSlotMs, missed, memory, error }
    return own.map(({ isNews, endedMs, ...said }) => ({
      checkId,
      turn: { before: first, after: { region, ...said }, endedMs, isNews },
    }))
  })
  turns.sort((a, b) => a.turn.endedMs - b.turn.endedMs)
  const checks = new Map(groups.map(({ checkId, check }) => [checkId, check]))
  return new Map(
    [...Map.groupBy(turns, ({ checkId }) => checkId)].map(([id, own]) => {
      const check = checks.get(id) as Check
      // One that was stored by an older version gets the fields that came to be since.
      return [id, { check: Check.safeParse(check).data ?? check, turns: own.map(({ turn }) => turn) }]
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
