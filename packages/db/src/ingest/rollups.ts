import {
  decodeRollup,
  type EncodedRollup,
  encodeLatency,
  mergeRollups,
  type RollupTier,
  rollupTiers,
  type SpanRollup,
  spanStart,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

export type SpanRow = SpanRollup & { checkId: number; regionId: number }

/** What a row of a rollup holds beside its name. */
export type StoredRollup = {
  up: number
  down: number
  missed: number
  maintenance: number
  codes: Record<string, number> | null
  latency: Buffer
}

/**
 * Adds spans of five minutes to the rollups of every tier. What is there is read, merged and written back: the rows of a (check,
 * region) are changed only by whoever holds the lock of its state row.
 */
export async function addToRollups(tx: Queryable, spans: readonly SpanRow[]): Promise<void> {
  if (spans.length === 0) return
  for (const tier of Object.keys(rollupTiers) as RollupTier[]) await addToTier(tx, tier, spans)
}

async function addToTier(tx: Queryable, tier: RollupTier, spans: readonly SpanRow[]): Promise<void> {
  const table = sql.identifier(`rollups_${tier}`)
  const added = Map.groupBy(
    spans,
    ({ checkId, regionId, startMs }) => `${checkId} ${regionId} ${spanStart(tier, startMs)}`,
  )
  const keys = [...added.values()].map(([span]) => ({
    check_id: span?.checkId,
    region_id: span?.regionId,
    start: new Date(spanStart(tier, span?.startMs ?? 0)).toISOString(),
  }))
  const { rows } = await tx.execute<StoredRollup & { check_id: number; region_id: number; start: Date }>(
    sql`select t.* from ${table} t
        join json_to_recordset(${JSON.stringify(keys)}::json) as k(check_id int, region_id smallint, start timestamptz)
          using (check_id, start, region_id)`,
  )
  const stored = new Map(rows.map((row) => [nameOf(row), decodeRollup(rollupFromRow(row))]))
  const values = keys.map((key) => {
    const name = nameOf(key)
    const parts = (added.get(name) ?? []).map(({ rollup }) => rollup)
    const before = stored.get(name)
    const { up, down, missed, maintenance, codes, latency } = mergeRollups(
      before === undefined ? parts : [before, ...parts],
    )
    return {
      ...key,
      up,
      down,
      missed,
      maintenance,
      codes: Object.keys(codes).length === 0 ? null : codes,
      latency: Buffer.from(encodeLatency(latency)).toString('base64'),
    }
  })
  await tx.execute(
    sql`insert into ${table} (start, check_id, up, down, missed, maintenance, region_id, codes, latency)
        select start, check_id, up, down, missed, maintenance, region_id, codes, decode(latency, 'base64')
        from json_to_recordset(${JSON.stringify(values)}::json) as v(start timestamptz, check_id int, up int, down int, missed int,
          maintenance int, region_id smallint, codes jsonb, latency text)
        on conflict (check_id, region_id, start) do update set up = excluded.up, down = excluded.down, missed = excluded.missed,
          maintenance = excluded.maintenance, codes = excluded.codes, latency = excluded.latency`,
  )
}

function nameOf({
  check_id,
  region_id,
  start,
}: {
  check_id: number | undefined
  region_id: number | undefined
  start: Date | string
}): string {
  return `${check_id} ${region_id} ${new Date(start).getTime()}`
}

/** A stored row as a rollup. */
export function rollupFromRow(row: StoredRollup): EncodedRollup {
  const { up, down, missed, maintenance, codes, latency } = row
  return { up, down, missed, maintenance, codes: codes ?? {}, latency }
}
