import { type CheckKind, documentOf, type NarrowResult, type Result } from '@sonde/core'
import { eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { runResults } from '../schema.ts'

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

type StoredRow = {
  slot: Date
  region_id: number
  region: string
  duration_ms: number
  dns_ms: number | null
  connect_ms: number | null
  tls_ms: number | null
  ttfb_ms: number | null
  transfer_ms: number | null
  start_delay_ms: number | null
  attempts: number
  delayed: boolean
  outcome: Result['outcome']
  code: string | null
  ip: string | null
  key: string
  kind: CheckKind
  target: string
  /** The detail that belongs to the row: its own, or the newest before it. */
  detail_slot: Date | null
}

/** A page of a check's results, newest first. */
export async function listResults(db: Queryable, filter: ResultFilter): Promise<ResultRow[]> {
  const { rows } = await db.execute<StoredRow>(
    // The page first, region by region as the index has them: the details are looked up for its rows alone. One is kept at least
    // every hour, which spares looking into the partitions of other days.
    sql`with page as (
          select r.*, g.name as region from regions g cross join lateral (
            select * from results r where ${conditions(filter)} order by r.slot desc limit ${filter.limit}
          ) r where ${filter.region === undefined ? sql`true` : sql`g.name = ${filter.region}`}
          order by r.slot desc, r.region_id desc limit ${filter.limit}
        )
        select p.*, host(p.ip) as ip, c.key, c.doc->>'kind' as kind, c.doc->>'target' as target, d.slot as detail_slot
        from page p join checks c on c.id = p.check_id
        left join lateral (
          select slot from result_details d
          where d.check_id = p.check_id and d.region_id = p.region_id and d.slot <= p.slot and (not d.late or d.slot = p.slot)
            and d.slot > p.slot - interval '1 hour'
          order by d.slot desc limit 1
        ) d on true
        order by p.slot desc, p.region_id desc`,
  )
  const details = await readDetails(db, filter.checkId, rows)
  return rows.map((row) => {
    const slot = new Date(row.slot)
    const detail = details.get(detailName(row.region_id, row.detail_slot)) ?? null
    const own = detail !== null && detail.slot === slot.toISOString()
    const check = { checkKey: row.key, kind: row.kind, target: row.target }
    return { slot, regionId: row.region_id, result: own ? detail : documentOf(narrowOf(row), check, detail) }
  })
}

function conditions({ checkId, from, to, outcome, after }: ResultFilter): SQL {
  const all = [
    sql`r.check_id = ${checkId}`,
    sql`r.region_id = g.id`,
    ...(from === undefined ? [] : [sql`r.slot >= ${from.toISOString()}::timestamptz`]),
    ...(to === undefined ? [] : [sql`r.slot < ${to.toISOString()}::timestamptz`]),
    ...(outcome === undefined ? [] : [sql`r.outcome = ${outcome}`]),
    ...(after === undefined
      ? []
      : // Said twice: the first half lets partitions be left out.
        [
          sql`r.slot <= ${after.slot.toISOString()}::timestamptz`,
          sql`(r.slot, r.region_id) < (${after.slot.toISOString()}::timestamptz, ${after.regionId})`,
        ]),
  ]
  return sql.join(all, sql` and `)
}

/** Each document once, however many rows of the page lean on it. */
async function readDetails(db: Queryable, checkId: number, rows: readonly StoredRow[]): Promise<Map<string, Result>> {
  const wanted = new Map(
    rows.flatMap(({ region_id, detail_slot }) =>
      detail_slot === null
        ? []
        : [[detailName(region_id, detail_slot), { region_id, slot: new Date(detail_slot).toISOString() }]],
    ),
  )
  if (wanted.size === 0) return new Map()
  const { rows: details } = await db.execute<{ region_id: number; slot: Date; doc: Result }>(
    sql`select d.region_id, d.slot, d.doc
        from json_to_recordset(${JSON.stringify([...wanted.values()])}::json) as w(region_id smallint, slot timestamptz)
        join result_details d on d.check_id = ${checkId} and d.region_id = w.region_id and d.slot = w.slot`,
  )
  return new Map(details.map(({ region_id, slot, doc }) => [detailName(region_id, slot), doc]))
}

function detailName(regionId: number, slot: Date | null): string {
  return slot === null ? '' : `${regionId} ${new Date(slot).getTime()}`
}

function narrowOf(row: StoredRow): NarrowResult {
  const slotMs = new Date(row.slot).getTime()
  return {
    region: row.region,
    slot: new Date(slotMs).toISOString(),
    startedAt: row.start_delay_ms === null ? null : new Date(slotMs + row.start_delay_ms).toISOString(),
    outcome: row.outcome,
    durationMs: row.duration_ms,
    attempts: row.attempts,
    phases: {
      dnsMs: row.dns_ms,
      connectMs: row.connect_ms,
      tlsMs: row.tls_ms,
      ttfbMs: row.ttfb_ms,
      transferMs: row.transfer_ms,
    },
    ...(row.delayed ? { timing: 'delayed' } : {}),
    code: row.code,
    ip: row.ip,
  }
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
