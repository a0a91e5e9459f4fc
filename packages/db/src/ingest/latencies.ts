import {
  answeredCodes,
  bucketOf,
  decodeRollup,
  mergeHistograms,
  quantile,
  type RegionLatency,
  spanStart,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { rollupFromRow, type StoredRollup } from './rollups.ts'
import { openSpanOf } from './states.ts'

/** What of a check's latency is asked: a quantile (0 … 1) over the last so many ms, and how many were above a bound. */
export type LatencyWindow = { checkId: number; q: number; aboveMs: number; overMs: number }

/** Exactly, from the results themselves: for windows of which these are few. Those with `timing: delayed` do not count. */
export async function latenciesOfResults(
  tx: Queryable,
  windows: readonly LatencyWindow[],
  nowMs: number,
): Promise<Map<number, RegionLatency[]>> {
  if (windows.length === 0) return new Map()
  const earliestMs = nowMs - Math.max(...windows.map(({ overMs }) => overMs))
  const column = (of: (window: LatencyWindow) => number) => sql.param(windows.map(of))
  const { rows } = await tx.execute<{ check_id: number; region: string; count: string; slow: string; value: number }>(
    sql`select w.check_id, g.name as region, count(*) as count, count(*) filter (where r.duration_ms > w.above) as slow,
          percentile_disc(w.q) within group (order by r.duration_ms) as value
        from unnest(${column(({ checkId }) => checkId)}::int[], ${column(({ q }) => q)}::float8[],
            ${column(({ aboveMs }) => aboveMs)}::float8[], ${column(({ overMs }) => overMs)}::float8[]) as w(check_id, q, above, over_ms)
          join check_states s on s.check_id = w.check_id
          join regions g on g.id = s.region_id and g.retired_at is null
          cross join lateral (
            select duration_ms from results r
            where r.check_id = s.check_id and r.region_id = s.region_id and not r.delayed and r.slot <= ${iso(nowMs)}::timestamptz
              and r.slot > ${iso(earliestMs)}::timestamptz
              and r.slot > ${iso(nowMs)}::timestamptz - w.over_ms * interval '1 millisecond'
              and (r.outcome = 'up' or (r.outcome = 'down' and r.code = any(${sql.param(answeredCodes)}::text[])))) r
        group by w.check_id, w.q, g.name`,
  )
  return byCheck(
    rows.map(({ check_id, region, count, slow, value }) => ({
      checkId: check_id,
      latency: { region, count: Number(count), slow: Number(slow), valueMs: value },
    })),
  )
}

/** Within 1 %, from the merged histograms of five minutes each and the span that is still open. */
export async function latenciesOfRollups(
  tx: Queryable,
  windows: readonly LatencyWindow[],
  nowMs: number,
): Promise<Map<number, RegionLatency[]>> {
  if (windows.length === 0) return new Map()
  const ids = windows.map(({ checkId }) => checkId)
  const froms = windows.map(({ overMs }) => iso(spanStart('5m', nowMs - overMs)))
  const { rows } = await tx.execute<StoredRollup & { check_id: number; region: string }>(
    sql`select t.*, g.name as region
        from unnest(${sql.param(ids)}::int[], ${sql.param(froms)}::timestamptz[]) as w(check_id, start)
          join rollups_5m t on t.check_id = w.check_id and t.start >= w.start
          join regions g on g.id = t.region_id and g.retired_at is null
        where t.start >= ${[...froms].sort()[0]}::timestamptz`,
  )
  const open = await tx.execute<{ check_id: number; region: string; open_span: unknown }>(
    sql`select s.check_id, g.name as region, s.open_span from check_states s join regions g on g.id = s.region_id
        where s.check_id = any(${sql.param(ids)}::int[]) and s.open_span is not null and g.retired_at is null`,
  )
  const spans = [
    ...rows.map((row) => ({ name: `${row.check_id} ${row.region}`, rollup: rollupFromRow(row) })),
    ...open.rows.flatMap((row) => {
      const span = openSpanOf(row.open_span)
      const overMs = windows.find(({ checkId }) => checkId === row.check_id)?.overMs ?? 0
      if (span === null || span.startMs < spanStart('5m', nowMs - overMs)) return []
      return [{ name: `${row.check_id} ${row.region}`, rollup: span.rollup }]
    }),
  ]
  const byName = Map.groupBy(spans, ({ name }) => name)
  return byCheck(
    [...byName].flatMap(([name, own]) => {
      const [id, region = ''] = name.split(' ')
      const window = windows.find(({ checkId }) => checkId === Number(id))
      if (window === undefined) return []
      const histogram = mergeHistograms(
        own.flatMap(({ rollup }) => decodeRollup(rollup).latency.total?.histogram ?? []),
      )
      const counts = [...histogram]
      const sum = (part: readonly (readonly [number, number])[]) => part.reduce((all, [, count]) => all + count, 0)
      const slow = sum(counts.filter(([bucket]) => bucket > bucketOf(window.aboveMs)))
      const latency = { region, count: sum(counts), slow, valueMs: quantile(histogram, window.q) }
      return [{ checkId: window.checkId, latency }]
    }),
  )
}

function byCheck(all: readonly { checkId: number; latency: RegionLatency }[]): Map<number, RegionLatency[]> {
  const grouped = Map.groupBy(all, ({ checkId }) => checkId)
  return new Map([...grouped].map(([id, own]) => [id, own.map(({ latency }) => latency)]))
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
