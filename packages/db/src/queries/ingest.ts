import type { Check, RegionState, Result } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { ensureRegions } from './regions.ts'

/** A result and the row of `checks` it belongs to: a key may by now stand for another check. */
export type IngestItem = { checkId: number; result: Result }

/** All that is kept of a check in a region from one result to the next. */
export type StateValues = RegionState & {
  lastResult: Result | null
  /** Results since the check began, by outcome and, for all but `up`, code: `{ "up": 10, "down:tcp_refused": 2 }`. */
  totals: Record<string, number>
  durationCount: number
  durationSumSeconds: number
  /** Results a bucket of the duration histogram, not cumulative. */
  durationBuckets: number[]
}

/** The state after `results` of one check and region, which come in slot order and were not seen before. */
export type Fold = (state: StateValues, results: readonly Result[], check: Check) => StateValues

/**
 * The one transaction: inserts the results that are new, locks their states, folds them in, and answers those that were new.
 * A repeated chunk changes nothing, but a result that comes after its slot was told as missed takes that row's place. Results of
 * checks that have been deleted meanwhile are dropped.
 */
export async function ingest(
  db: Pick<Database, 'transaction'>,
  items: readonly IngestItem[],
  fold: Fold,
): Promise<Result[]> {
  if (items.length === 0) return []
  const regionNames = [...new Set(items.map(({ result }) => result.region))]
  return db.transaction(async (tx) => {
    const regionIds = await regionIdsOf(tx, regionNames)
    const checks = await lockChecks(tx, [...new Set(items.map(({ checkId }) => checkId))])
    const rows = items
      .filter(({ checkId }) => checks.has(checkId))
      .map(({ checkId, result }) => ({ checkId, regionId: regionIds.get(result.region) as number, result }))
      // One order for all: two ingesters with overlapping chunks wait for each other instead of deadlocking.
      .sort(
        (a, b) =>
          a.checkId - b.checkId || a.regionId - b.regionId || Date.parse(a.result.slot) - Date.parse(b.result.slot),
      )
    const fresh = await insertResults(tx, distinct(rows))
    await foldStates(tx, fresh, checks, fold)
    return fresh.map(({ result }) => result)
  })
}

type Row = { checkId: number; regionId: number; result: Result }

async function regionIdsOf(tx: Queryable, names: readonly string[]): Promise<Map<string, number>> {
  const read = async () => {
    const { rows } = await tx.execute<{ id: number; name: string }>(
      sql`select id, name from regions where name in (select jsonb_array_elements_text(${JSON.stringify(names)}::jsonb))`,
    )
    return new Map(rows.map(({ id, name }) => [name, id]))
  }
  const known = await read()
  if (known.size === names.length) return known
  await ensureRegions(tx, names)
  return read()
}

/** The checks that still are, kept from being deleted until the transaction ends. */
async function lockChecks(tx: Queryable, ids: readonly number[]): Promise<Map<number, Check>> {
  const { rows } = await tx.execute<{ id: number; doc: Check }>(
    sql`select id, doc from checks where id = any(${sql.param(ids)}::int[]) order by id for key share`,
  )
  return new Map(rows.map(({ id, doc }) => [id, doc]))
}

async function insertResults(tx: Queryable, rows: readonly Row[]): Promise<Row[]> {
  if (rows.length === 0) return []
  const values = rows.map(({ checkId, regionId, result }) => ({
    check_id: checkId,
    region_id: regionId,
    slot: result.slot,
    outcome: result.outcome,
    code: result.error?.code ?? null,
    duration_ms: result.durationMs,
    doc: result,
  }))
  const { rows: inserted } = await tx.execute<{ check_id: number; region_id: number; slot: Date }>(
    sql`insert into results (check_id, region_id, slot, outcome, code, duration_ms, doc)
        select check_id, region_id, slot, outcome, code, duration_ms, doc from json_to_recordset(${JSON.stringify(values)}::json)
          as r(check_id int, region_id smallint, slot timestamptz, outcome text, code text, duration_ms real, doc json)
        on conflict (check_id, slot, region_id) do update set outcome = excluded.outcome, code = excluded.code,
          duration_ms = excluded.duration_ms, doc = excluded.doc
          where results.outcome = 'missed' and excluded.outcome <> 'missed'
        returning check_id, region_id, slot`,
  )
  const isNew = new Set(inserted.map((row) => slotName(row.check_id, row.region_id, new Date(row.slot).getTime())))
  return rows.filter(({ checkId, regionId, result }) => isNew.has(slotName(checkId, regionId, Date.parse(result.slot))))
}

/** One row a slot, for a chunk that names one twice; what a probe found goes before `missed`. */
function distinct(rows: readonly Row[]): Row[] {
  const bySlot = new Map<string, Row>()
  for (const row of rows) {
    const name = slotName(row.checkId, row.regionId, Date.parse(row.result.slot))
    const earlier = bySlot.get(name)
    if (earlier === undefined || (earlier.result.outcome === 'missed' && row.result.outcome !== 'missed')) {
      bySlot.set(name, row)
    }
  }
  return [...bySlot.values()]
}

function slotName(checkId: number, regionId: number, slotMs: number): string {
  return `${checkId} ${regionId} ${slotMs}`
}

type StateRow = {
  check_id: number
  region_id: number
  verdict: RegionState['verdict']
  failures: number
  successes: number
  last_slot: Date | null
  since: Date | null
  last_result: Result | null
  totals: Record<string, number>
  duration_count: string
  duration_sum_seconds: number
  duration_buckets: string[]
}

async function foldStates(
  tx: Queryable,
  fresh: readonly Row[],
  checks: ReadonlyMap<number, Check>,
  fold: Fold,
): Promise<void> {
  const groups = Map.groupBy(fresh, ({ checkId, regionId }) => `${checkId} ${regionId}`)
  if (groups.size === 0) return
  const keys = JSON.stringify(
    [...groups.values()].map(([row]) => ({ check_id: row?.checkId, region_id: row?.regionId })),
  )
  await tx.execute(
    sql`insert into check_states (check_id, region_id)
        select check_id, region_id from jsonb_to_recordset(${keys}::jsonb) as k(check_id int, region_id smallint) on conflict do nothing`,
  )
  const { rows } = await tx.execute<StateRow>(
    sql`select s.* from check_states s join jsonb_to_recordset(${keys}::jsonb) as k(check_id int, region_id smallint) using (check_id, region_id)
        order by s.check_id, s.region_id for update of s`,
  )
  const updates = rows.map((row) => {
    const results = (groups.get(`${row.check_id} ${row.region_id}`) ?? []).map(({ result }) => result)
    const state = fold(toValues(row), results, checks.get(row.check_id) as Check)
    return { check_id: row.check_id, region_id: row.region_id, ...toRow(state) }
  })
  await tx.execute(
    sql`update check_states s set verdict = u.verdict, failures = u.failures, successes = u.successes, last_slot = u.last_slot,
          since = u.since, last_result = u.last_result, totals = u.totals, duration_count = u.duration_count,
          duration_sum_seconds = u.duration_sum_seconds, duration_buckets = u.duration_buckets
        from json_to_recordset(${JSON.stringify(updates)}::json) as u(check_id int, region_id smallint, verdict text, failures int,
          successes int, last_slot timestamptz, since timestamptz, last_result json, totals jsonb, duration_count bigint,
          duration_sum_seconds double precision, duration_buckets bigint[])
        where s.check_id = u.check_id and s.region_id = u.region_id`,
  )
}

function toValues(row: StateRow): StateValues {
  return {
    verdict: row.verdict,
    failures: row.failures,
    successes: row.successes,
    lastSlotMs: row.last_slot === null ? null : new Date(row.last_slot).getTime(),
    sinceMs: row.since === null ? null : new Date(row.since).getTime(),
    lastResult: row.last_result,
    totals: row.totals,
    durationCount: Number(row.duration_count),
    durationSumSeconds: row.duration_sum_seconds,
    durationBuckets: row.duration_buckets.map(Number),
  }
}

function toRow(state: StateValues) {
  const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    verdict: state.verdict,
    failures: state.failures,
    successes: state.successes,
    last_slot: instant(state.lastSlotMs),
    since: instant(state.sinceMs),
    last_result: state.lastResult,
    totals: state.totals,
    duration_count: state.durationCount,
    duration_sum_seconds: state.durationSumSeconds,
    duration_buckets: state.durationBuckets,
  }
}
