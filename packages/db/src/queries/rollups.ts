import { type EncodedRollup, type RollupTier, rollupTiers, type SloCounts, spanStart } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { rollupFromRow, type StoredRollup } from '../ingest/rollups.ts'
import { openSpanOf } from '../ingest/states.ts'

export type StoredSpan = { startMs: number; region: string; rollup: EncodedRollup }

/**
 * The spans of `tier` of a check that begin in [fromMs, toMs), a row a region, oldest first. The five minutes that are still
 * open come last, as spans of their own: whoever sums up by time adds them where they belong.
 */
export async function readSpans(
  db: Queryable,
  query: { checkId: number; tier: RollupTier; fromMs: number; toMs: number; region?: string | undefined },
): Promise<StoredSpan[]> {
  const { checkId, tier, fromMs, toMs, region } = query
  const ofRegion = region === undefined ? sql`true` : sql`g.name = ${region}`
  const table = sql.identifier(`rollups_${tier}`)
  const [stored, open] = await Promise.all([
    db.execute<StoredRollup & { start: Date; region: string }>(
      sql`select t.*, g.name as region from ${table} t join regions g on g.id = t.region_id
          where t.check_id = ${checkId} and t.start >= ${iso(fromMs)}::timestamptz and t.start < ${iso(toMs)}::timestamptz and ${ofRegion}
          order by t.start, g.name`,
    ),
    db.execute<{ open_span: unknown; region: string }>(
      sql`select s.open_span, g.name as region from check_states s join regions g on g.id = s.region_id
          where s.check_id = ${checkId} and s.open_span is not null and ${ofRegion}`,
    ),
  ])
  const openSpans = open.rows.flatMap((row) => {
    const span = openSpanOf(row.open_span)
    const inside = span !== null && span.startMs >= spanStart(tier, fromMs) && span.startMs < toMs
    return inside ? [{ ...span, region: row.region }] : []
  })
  return [
    ...stored.rows.map((row) => ({
      startMs: new Date(row.start).getTime(),
      region: row.region,
      rollup: rollupFromRow(row),
    })),
    ...openSpans,
  ]
}

/**
 * Results of each of these checks since `fromMs`, rounded down to whole spans of five minutes, by check id. Days and hours that
 * lie whole in the window are read as such, so that a month is some thirty rows a check and region.
 */
export async function countSince(
  db: Queryable,
  checkIds: readonly number[],
  fromMs: number,
): Promise<Map<number, SloCounts>> {
  const from = spanStart('5m', fromMs)
  const hour = nextStart('1h', from)
  const day = nextStart('1d', from)
  // An hour that begins past the first whole day belongs to that day.
  const until = Math.min(hour, day)
  const ids = sql`${sql.param(checkIds)}::int[]`
  const part = (tier: RollupTier, start: number, end: number | undefined) =>
    sql`select check_id, up, down, missed, maintenance from ${sql.identifier(`rollups_${tier}`)}
        where check_id = any(${ids}) and start >= ${iso(start)}::timestamptz
          and ${end === undefined ? sql`true` : sql`start < ${iso(end)}::timestamptz`}`
  const { rows } = await db.execute<{ check_id: number } & Record<keyof SloCounts, string>>(
    sql`select check_id, sum(up) as up, sum(down) as down, sum(missed) as missed, sum(maintenance) as maintenance from (
          ${part('5m', from, until)} union all ${part('1h', until, day)} union all ${part('1d', day, undefined)}
          union all
          select check_id, (open_span->>'up')::int, (open_span->>'down')::int, (open_span->>'missed')::int, (open_span->>'maintenance')::int
          from check_states where check_id = any(${ids}) and (open_span->>'startMs')::bigint >= ${from}
        ) as spans group by check_id`,
  )
  return new Map(
    rows.map((row) => [
      row.check_id,
      { up: Number(row.up), down: Number(row.down), missed: Number(row.missed), maintenance: Number(row.maintenance) },
    ]),
  )
}

function nextStart(tier: RollupTier, atMs: number): number {
  return Math.ceil(atMs / rollupTiers[tier]) * rollupTiers[tier]
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
