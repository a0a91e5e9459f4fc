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
import { tableOf } from './columns.ts'

/** A result with the numbers that stand for its check and region. */
export type Row = { checkId: number; regionId: number; result: Result }

/** A (check, region) with its row locked, and those of a chunk's results that belong to it, in slot order. */
export type Group = {
  checkId: number
  regionId: number
  check: Check
  state: StateValues
  /** Of the newest result, where that was not good. */
  error: Result['error']
  results: Result[]
}

const rowTypes = {
  slot: 'timestamptz',
  check_id: 'int',
  duration_ms: 'real',
  dns_ms: 'real',
  connect_ms: 'real',
  tls_ms: 'real',
  ttfb_ms: 'real',
  transfer_ms: 'real',
  start_delay_ms: 'int',
  region_id: 'smallint',
  attempts: 'smallint',
  delayed: 'boolean',
  outcome: 'text',
  code: 'text',
  ip: 'inet',
} as const
const rowColumns = sql.raw(Object.keys(rowTypes).join(', '))

type StoredName = { check_id: number; region_id: number; slot: Date }

/**
 * Inserts the narrow rows, and answers for each group those that were new. A result takes the place of a `missed` row of its
 * slot; otherwise the first one stays.
 */
export async function insertRows(tx: Queryable, groups: readonly Group[]): Promise<Map<Group, NewResult[]>> {
  const values = groups.flatMap(narrowRows)
  if (values.length === 0) return new Map()
  const { rows } = await tx.execute<StoredName>(
    sql`insert into results (${rowColumns}) select ${rowColumns} from ${tableOf('r', rowTypes, values)}
        on conflict do nothing returning check_id, region_id, slot`,
  )
  const fresh = new Map<string, MissedReason | null>(rows.map((row) => [nameOf(row), null]))
  const there = values.filter(
    ({ check_id, region_id, slot }) => !fresh.has(slotName(check_id, region_id, Date.parse(slot))),
  )
  for (const [name, reason] of await replaceMissed(tx, there)) fresh.set(name, reason)
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

/** Of rows whose slots are taken, those that took the place of `missed`, with the reason that was told. */
async function replaceMissed(
  tx: Queryable,
  values: readonly ReturnType<typeof narrowRows>[number][],
): Promise<[string, MissedReason | null][]> {
  const ran = values.filter(({ outcome }) => outcome !== 'missed')
  if (ran.length === 0) return []
  const { rows } = await tx.execute<StoredName & { replaced: string | null }>(
    sql`with n as (select * from ${tableOf('n', rowTypes, ran)}),
        missed as (
          select r.check_id, r.region_id, r.slot, r.code from results r join n using (check_id, region_id, slot) where r.outcome = 'missed'
        )
        update results r set outcome = n.outcome, code = n.code, duration_ms = n.duration_ms, dns_ms = n.dns_ms,
          connect_ms = n.connect_ms, tls_ms = n.tls_ms, ttfb_ms = n.ttfb_ms, transfer_ms = n.transfer_ms,
          start_delay_ms = n.start_delay_ms, attempts = n.attempts, delayed = n.delayed, ip = n.ip
        from n join missed m using (check_id, region_id, slot)
        where r.check_id = n.check_id and r.region_id = n.region_id and r.slot = n.slot
        returning r.check_id, r.region_id, r.slot, m.code as replaced`,
  )
  return rows.map((row) => [nameOf(row), reasonOf(row.replaced)])
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

function nameOf({ check_id, region_id, slot }: StoredName): string {
  return slotName(check_id, region_id, new Date(slot).getTime())
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
