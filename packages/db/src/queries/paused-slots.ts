import { emptyRollup, spanStart } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { tableOf } from '../ingest/columns.ts'
import { addToRollups } from '../ingest/rollups.ts'

/** Slots of one region that maintenance paused, and from when on they are counted. Ms since the epoch. */
export type PausedSlots = { region: string; countedAtMs: number; checkIds: number[]; slotsMs: number[] }

// Each group is what one region paused in a second.
const groupsAtOnce = 30

/**
 * Counts paused slots as maintenance, once each, by any number of processes at once. Answers how many they were. A slot has no row of
 * its own: nothing was to be found.
 */
export async function countPausedSlots(db: Database, nowMs: number): Promise<number> {
  let counted = 0
  for (;;) {
    const { slots, groups } = await db.transaction((tx) => countSome(tx, nowMs))
    counted += slots
    if (groups < groupsAtOnce) return counted
  }
}

async function countSome(tx: Queryable, nowMs: number): Promise<{ slots: number; groups: number }> {
  const { rows: groups } = await tx.execute<{ region_id: number; check_ids: number[]; slots_ms: string[] }>(
    sql`with taken as (
          delete from paused_slots where id in (
            select id from paused_slots where counted_at <= ${new Date(nowMs).toISOString()}::timestamptz
            order by counted_at limit ${groupsAtOnce} for update skip locked)
          returning region, check_ids, slots_ms)
        select g.id as region_id, t.check_ids, t.slots_ms from taken t join regions g on g.name = t.region`,
  )
  const ids = [...new Set(groups.flatMap(({ check_ids }) => check_ids))]
  if (ids.length === 0) return { slots: 0, groups: groups.length }
  const { rows: checks } = await tx.execute<{ id: number }>(
    sql`select id from checks where id = any(${sql.param(ids)}::int[]) order by id for key share`,
  )
  const known = new Set(checks.map(({ id }) => id))
  const slots = groups.flatMap(({ region_id, check_ids, slots_ms }) =>
    check_ids.flatMap((checkId, index) =>
      known.has(checkId) ? [{ checkId, regionId: region_id, slotMs: Number(slots_ms[index]) }] : [],
    ),
  )
  await noteLastPaused(tx, slots)
  const spans = Map.groupBy(
    slots,
    ({ checkId, regionId, slotMs }) => `${checkId} ${regionId} ${spanStart('5m', slotMs)}`,
  )
  await addToRollups(
    tx,
    [...spans.values()].flatMap(([first, ...rest]) =>
      first === undefined
        ? []
        : [
            {
              checkId: first.checkId,
              regionId: first.regionId,
              startMs: spanStart('5m', first.slotMs),
              rollup: { ...emptyRollup, maintenance: 1 + rest.length },
            },
          ],
    ),
  )
  return { slots: slots.length, groups: groups.length }
}

/** Notes the last slot of each (check, region) that was paused, and thereby locks its state, as whoever changes its rollups must. */
async function noteLastPaused(
  tx: Queryable,
  slots: readonly { checkId: number; regionId: number; slotMs: number }[],
): Promise<void> {
  const last = [...Map.groupBy(slots, ({ checkId, regionId }) => `${checkId} ${regionId}`).values()].map((own) => ({
    check_id: own[0]?.checkId,
    region_id: own[0]?.regionId,
    last_paused: new Date(own.reduce((latest, { slotMs }) => Math.max(latest, slotMs), 0)).toISOString(),
  }))
  const paused = tableOf('p', { check_id: 'int', region_id: 'smallint', last_paused: 'timestamptz' }, last)
  await tx.execute(
    sql`insert into check_states (check_id, region_id) select check_id, region_id from ${paused} order by 1, 2 on conflict do nothing`,
  )
  // In one order for all, so that chunks of results and this wait for each other instead of deadlocking.
  await tx.execute(
    sql`select from check_states s join ${paused} using (check_id, region_id) order by s.check_id, s.region_id for update of s`,
  )
  await tx.execute(
    sql`update check_states s set last_paused = greatest(s.last_paused, p.last_paused) from ${paused}
        where s.check_id = p.check_id and s.region_id = p.region_id`,
  )
}
