import {
  type Check,
  type MissedReason,
  missedReasons,
  type NewResult,
  type Result,
  type StateValues,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** A result with the numbers that stand for its check and region. */
export type Row = { checkId: number; regionId: number; result: Result }

/** A (check, region) with its row locked, and those of a chunk's results that belong to it, in slot order. */
export type Group = { checkId: number; regionId: number; check: Check; state: StateValues; results: Result[] }

/**
 * Inserts the narrow rows, and answers for each group those that were new. A result takes the place of a `missed` row of its
 * slot; otherwise the first one stays.
 */
export async function insertRows(tx: Queryable, groups: readonly Group[]): Promise<Map<Group, NewResult[]>> {
  const values = groups.flatMap(narrowRows)
  if (values.length === 0) return new Map()
  const { rows } = await tx.execute<{ check_id: number; region_id: number; slot: Date; replaced: string | null }>(
    sql`with r as (
          select * from json_to_recordset(${JSON.stringify(values)}::json) as r(slot timestamptz, check_id int, duration_ms real,
            dns_ms real, connect_ms real, tls_ms real, ttfb_ms real, transfer_ms real, start_delay_ms int, region_id smallint,
            attempts smallint, delayed boolean, outcome text, code text, ip inet)
        ), missed as (
          select check_id, slot, region_id, results.code from results join r using (check_id, slot, region_id)
          where results.outcome = 'missed' and r.outcome <> 'missed'
        ), stored as (
          insert into results select * from r
          on conflict (check_id, slot, region_id) do update set outcome = excluded.outcome, code = excluded.code,
            duration_ms = excluded.duration_ms, dns_ms = excluded.dns_ms, connect_ms = excluded.connect_ms,
            tls_ms = excluded.tls_ms, ttfb_ms = excluded.ttfb_ms, transfer_ms = excluded.transfer_ms,
            start_delay_ms = excluded.start_delay_ms, attempts = excluded.attempts, delayed = excluded.delayed, ip = excluded.ip
            where results.outcome = 'missed' and excluded.outcome <> 'missed'
          returning check_id, region_id, slot
        )
        select stored.*, missed.code as replaced from stored left join missed using (check_id, slot, region_id)`,
  )
  const fresh = new Map(
    rows.map((row) => [slotName(row.check_id, row.region_id, new Date(row.slot).getTime()), reasonOf(row.replaced)]),
  )
  return new Map(
    groups.map((group) => [
      group,
      group.results.flatMap((result) => {
        const replaced = fresh.get(slotName(group.checkId, group.regionId, Date.parse(result.slot)))
        return replaced === undefined ? [] : [{ result, replaced }]
      }),
    ]),
  )
}

/** One result a slot, for a chunk that names one twice; what a probe found goes before `missed`. */
export function distinct(rows: readonly Row[]): Row[] {
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

function narrowRows({ checkId, regionId, state, results }: Group) {
  const last = state.detail?.ip ?? null
  let same = true
  return results.map((result) => {
    // From the first that has another address on each row has its own: one of them becomes the detail that others lean on.
    same &&= result.ip === last && (state.lastSlotMs === null || Date.parse(result.slot) > state.lastSlotMs)
    return {
      slot: result.slot,
      check_id: checkId,
      duration_ms: result.durationMs,
      dns_ms: result.phases.dnsMs,
      connect_ms: result.phases.connectMs,
      tls_ms: result.phases.tlsMs,
      ttfb_ms: result.phases.ttfbMs,
      transfer_ms: result.phases.transferMs,
      start_delay_ms:
        result.startedAt === null ? null : Math.round(Date.parse(result.startedAt) - Date.parse(result.slot)),
      region_id: regionId,
      attempts: result.attempts,
      delayed: result.timing === 'delayed',
      outcome: result.outcome,
      code: result.error?.code ?? null,
      ip: same ? null : result.ip,
    }
  })
}

function reasonOf(code: string | null): MissedReason | null {
  return missedReasons.find((one) => one === code) ?? null
}

function slotName(checkId: number, regionId: number, slotMs: number): string {
  return `${checkId} ${regionId} ${slotMs}`
}

/** Keeps whole documents. The first of a slot stays, unless a result takes the place of `missed`. */
export async function insertDetails(tx: Queryable, details: readonly (Row & { late: boolean })[]): Promise<void> {
  if (details.length === 0) return
  const values = details.map(({ checkId, regionId, late, result }) => ({
    slot: result.slot,
    check_id: checkId,
    region_id: regionId,
    late,
    doc: result,
  }))
  await tx.execute(
    sql`insert into result_details (slot, check_id, region_id, late, doc)
        select slot, check_id, region_id, late, doc from json_to_recordset(${JSON.stringify(values)}::json)
          as r(slot timestamptz, check_id int, region_id smallint, late boolean, doc json)
        on conflict (check_id, region_id, slot) do update set late = excluded.late, doc = excluded.doc`,
  )
}
