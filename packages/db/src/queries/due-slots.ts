import { type Check, type Fold, type MissedReason, missedResult, type Result } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { readCheck } from './checks.ts'
import { ingest } from './ingest.ts'
import type { PausedSlots } from './paused-slots.ts'
import type { ScheduleMarks } from './schedule.ts'

/** Slots of one region that were due, and from when on no result of theirs is to be expected any more. Ms since the epoch. */
export type DueSlots = { region: string; matureAtMs: number; checkIds: number[]; slotsMs: number[] }

/**
 * Notes what is due, before it is handed out, and that this was done up to `marks.recordedMs`, both or neither: from here on each of
 * these slots will have a row. With it what maintenance paused, and is to be counted as such. On the leader's own connection, so
 * that one that was put out can note nothing any more.
 */
export async function recordDueSlots(
  db: Queryable,
  groups: readonly DueSlots[],
  marks: ScheduleMarks,
  paused: readonly PausedSlots[] = [],
): Promise<void> {
  const [recorded, horizon] = [marks.recordedMs, marks.queuedMs].map((at) => new Date(at).toISOString())
  const rows = groups.map(({ region, matureAtMs, checkIds, slotsMs }) => ({
    region,
    mature_at: new Date(matureAtMs).toISOString(),
    check_ids: checkIds,
    slots_ms: slotsMs,
  }))
  const pausedRows = paused.map(({ region, countedAtMs, checkIds, slotsMs }) => ({
    region,
    counted_at: new Date(countedAtMs).toISOString(),
    check_ids: checkIds,
    slots_ms: slotsMs,
  }))
  await db.execute(
    sql`with mark as (
          insert into schedule (horizon, recorded) values (${horizon}, ${recorded})
          on conflict (one) do update set recorded = excluded.recorded, seen_at = now()),
        pause as (
          insert into paused_slots (region, counted_at, check_ids, slots_ms)
          select region, counted_at, check_ids, slots_ms from json_to_recordset(${JSON.stringify(pausedRows)}::json)
            as p(region text, counted_at timestamptz, check_ids int[], slots_ms bigint[]))
        insert into due_slots (region, mature_at, check_ids, slots_ms)
        select region, mature_at, check_ids, slots_ms from json_to_recordset(${JSON.stringify(rows)}::json)
          as d(region text, mature_at timestamptz, check_ids int[], slots_ms bigint[])`,
  )
}

export type NotedSlot = { region: string; checkId: number; slotMs: number; check: Check }

/** What was noted as due in [fromMs, toMs) and is not accounted for yet, with the checks as they are now. */
export async function notedSlots(db: Queryable, fromMs: number, toMs: number): Promise<NotedSlot[]> {
  const { rows } = await db.execute<SilentSlot>(
    sql`select d.region, u.check_id, u.slot_ms, c.doc
        from due_slots d cross join unnest(d.check_ids, d.slots_ms) as u(check_id, slot_ms)
          join checks c on c.id = u.check_id
        where d.mature_at > ${new Date(fromMs).toISOString()} and u.slot_ms >= ${fromMs} and u.slot_ms < ${toMs}`,
  )
  return rows.map(({ region, check_id, slot_ms, doc }) => ({
    region,
    checkId: check_id,
    slotMs: Number(slot_ms),
    check: readCheck(doc),
  }))
}

// A sweep of a long gap is done in steps of about this many slots, so that no transaction grows without bound.
const groupsAtOnce = 200

/** When the first of the slots that are not accounted for matures, ms since the epoch; null when there are none. */
export async function firstMatureMs(db: Queryable): Promise<number | null> {
  const { rows } = await db.execute<{ first: Date | null }>(sql`select min(mature_at) as first from due_slots`)
  const first = rows[0]?.first ?? null
  return first === null ? null : new Date(first).getTime()
}

/**
 * Takes groups that are mature, and writes `missed` for each of their slots that has no row: in one transaction, so that no
 * slot is forgotten by a crash in between, and by any number of sweepers at once. Answers the new rows, and whether it took as
 * many groups as it may, so that more may be there.
 */
export function sweepDueSlots(
  db: Database,
  nowMs: number,
  reasonFor: (region: string, slotMs: number) => { code: MissedReason; message: string },
  fold: Fold,
): Promise<{ missed: Result[]; more: boolean }> {
  return db.transaction(async (tx) => {
    const { silent, groups } = await takeMature(tx, nowMs)
    const items = silent.map(({ region, check_id, slot_ms, doc }) => {
      const slotMs = Number(slot_ms)
      const { code, message } = reasonFor(region, slotMs)
      return { checkId: check_id, result: missedResult(doc, region, slotMs, code, message) }
    })
    // A transaction within this one: the groups are gone only if their rows are there.
    const missed = await ingest(tx, items, fold)
    return { missed, more: groups === groupsAtOnce }
  })
}

type SilentSlot = { region: string; check_id: number; slot_ms: string; doc: Check }

/**
 * Deletes groups that are mature. Answers how many they were, and of their slots the ones that have no row; those of checks that
 * have been deleted meanwhile are forgotten.
 */
async function takeMature(tx: Queryable, nowMs: number): Promise<{ silent: SilentSlot[]; groups: number }> {
  const { rows } = await tx.execute<{ groups: string } & (SilentSlot | { check_id: null })>(
    sql`with taken as (
          delete from due_slots where id in (
            select id from due_slots where mature_at <= ${new Date(nowMs).toISOString()}
            order by mature_at limit ${groupsAtOnce} for update skip locked)
          returning region, check_ids, slots_ms),
        silent as (
          select d.region, u.check_id, u.slot_ms, c.doc
          from taken d cross join unnest(d.check_ids, d.slots_ms) as u(check_id, slot_ms)
            join checks c on c.id = u.check_id
            join regions g on g.name = d.region
          where not exists (select from results r where r.check_id = u.check_id and r.region_id = g.id
            and r.slot = to_timestamp(u.slot_ms / 1000.0)))
        select n.groups, s.* from (select count(*) as groups from taken) n left join silent s on true`,
  )
  return {
    silent: rows.flatMap((row) => (row.check_id === null ? [] : [row])),
    groups: Number(rows[0]?.groups ?? 0),
  }
}

/** When the workers of each region were last heard of, ms since the epoch; a region that never had one is left out. */
export async function lastSeenWorkers(db: Queryable): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ name: string; seen: Date }>(
    sql`select r.name, max(w.seen_at) as seen from regions r join workers w on w.region_id = r.id group by r.name`,
  )
  return new Map(rows.map(({ name, seen }) => [name, new Date(seen).getTime()]))
}
