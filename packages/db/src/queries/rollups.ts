import { type EncodedSpans, type RollupTier, rollupTiers, type SloCounts, spanStart } from '@sonde/core'
import { sql } from 'drizzle-orm'
import { type CopiedRow, copyOut, quoted } from '../copy-out.ts'
import type { Database, Queryable } from '../database.ts'
import { openSpanOf } from '../ingest/states.ts'

/**
 * Hands what `tier` has of a check in [fromMs, toMs) to `take`, summed up by step of `stepMs`, oldest first; steps begin at whole multiples
 * in UTC. The five minutes that are still open are spans of their own, beside what else there is of their step. The bytes of
 * latencies are good for that call alone.
 */
export async function readSteps(
  db: Database,
  query: {
    checkId: number
    tier: RollupTier
    stepMs: number
    fromMs: number
    toMs: number
    region?: string | undefined
  },
  take: (spans: EncodedSpans) => void,
): Promise<void> {
  const { checkId, tier, stepMs, fromMs, toMs, region } = query
  const ofRegion = region === undefined ? 'true' : `region_id = (select id from regions where name = ${quoted(region)})`
  const { rows } = await db.execute<{ open_span: unknown }>(
    sql`select open_span from check_states where check_id = ${checkId} and open_span is not null and ${sql.raw(ofRegion)}`,
  )
  const open = rows
    .flatMap((row) => {
      const span = openSpanOf(row.open_span)
      const inside = span !== null && span.startMs >= spanStart(tier, fromMs) && span.startMs < toMs
      return inside ? [{ ...span.rollup, startMs: span.startMs, codes: [span.rollup.codes] }] : []
    })
    .sort((a, b) => a.startMs - b.startMs)
  // A row a step: what it has of several regions lies end to end.
  const stepsIn = (fromMs: number, toMs: number) =>
    `select date_bin('${stepMs} ms', start, 'epoch'), sum(up)::int, sum(down)::int, sum(missed)::int, sum(maintenance)::int,
       (json_agg(codes) filter (where codes is not null))::text, string_agg(latency, '')
     from rollups_${tier}
     where check_id = ${checkId} and start >= '${iso(fromMs)}' and start < '${iso(toMs)}' and ${ofRegion}
     group by 1 order by 1`
  const parts: string[] = []
  for (let at = fromMs; at < toMs; at += stepsAtOnce * stepMs)
    parts.push(stepsIn(at, Math.min(at + stepsAtOnce * stepMs, toMs)))
  await copyOut(db, parts, (row) => {
    const spans = spansOf(row)
    while (open[0] !== undefined && open[0].startMs < spans.startMs) take(open.shift() as EncodedSpans)
    take(spans)
  })
  for (const spans of open) take(spans)
}

// PostgreSQL sorts them before the first comes: of a long series the next are made while these are read, which takes a fifth to a third off it.
const stepsAtOnce = 500

function spansOf(row: CopiedRow): EncodedSpans {
  const startMs = row.instantMs()
  const [up, down, missed, maintenance] = [row.int(), row.int(), row.int(), row.int()]
  const codes = row.bytes()
  return {
    startMs,
    up,
    down,
    missed,
    maintenance,
    codes: codes === null ? none : JSON.parse(codes.toString()),
    latency: row.bytes() ?? nothing,
  }
}

const none: EncodedSpans['codes'] = []
const nothing = new Uint8Array(0)

/**
 * Results of each of these checks since `fromMs`, rounded down to whole spans of five minutes, by check id. Days and hours that
 * lie whole in the window are read as such, so that a month is some thirty rows a check and region.
 */
export async function countSince(
  db: Queryable,
  checkIds: readonly number[],
  fromMs: number,
): Promise<Map<number, SloCounts>> {
  if (checkIds.length === 0) return new Map()
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
