import {
  doubtOf,
  type FineHosts,
  freshness,
  type RegionSuspectFacts,
  type RegionWitness,
  type Run,
  runOf,
  seenElsewhere,
} from '@sonde/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** What is asked of a region: those of `suspects` are not asked what they see of its checks. */
export type RegionAsked = {
  id: number
  suspects: readonly string[]
  /** Since when it is at fault, where that has been told. */
  atFaultSinceMs: number | null
  nowMs: number
}

type Seen = Required<Omit<RegionSuspectFacts, 'region'>>

const nothingSeen: Seen = { witnesses: [], fine: [] }

/**
 * How the checks of a region stand there, and what of those that fail the other regions see: those that fail, and the checks of their hosts,
 * one by one, and all other hosts by number. Where so many are fine that the rest can weigh nothing, which a few of them show, nothing is
 * told: of 20,000 checks there are always some that begin to fail.
 */
export async function loadWitnesses(tx: Queryable, asked: RegionAsked): Promise<Seen> {
  const { id, suspects, atFaultSinceMs, nowMs } = asked
  const { rows: failing } = await tx.execute<StateRow>(
    sql`${ofStates} where s.region_id = ${id} and ${isFailing} and s.last_slot is not null and c.enabled`,
  )
  const elsewhere = await loadElsewhere(
    tx,
    failing.filter(({ failures }) => failures > 0),
    id,
    suspects,
  )
  const told = failing.flatMap((row) => witnessOf(row, elsewhere.get(row.check_id) ?? [], nowMs))
  const hosts = [...new Set(told.map(({ host }) => host))]
  if (atFaultSinceMs === null) {
    const doubt = doubtOf(told)
    if (doubt === null || (await areMoreFine(tx, id, { ...doubt, notOf: hosts }, nowMs))) return nothingSeen
  }
  const { rows: beside } = await tx.execute<StateRow>(
    sql`${ofStates} join unnest(${sql.param(hosts)}::text[]) as h(host) on h.host = c.host
        where s.region_id = ${id} and not ${isFailing} and s.last_slot is not null and c.enabled`,
  )
  const witnesses = [...told, ...beside.flatMap((row) => witnessOf(row, [], nowMs))]
  const instants =
    atFaultSinceMs === null ? witnesses.flatMap(({ failingSinceMs }) => failingSinceMs ?? []) : [atFaultSinceMs]
  return { witnesses, fine: await countFine(tx, id, { instants, notOf: hosts }, nowMs) }
}

type StateRow = {
  check_id: number
  host: string | null
  interval_ms: number
  last_ms: number
  failures: number
  successes: number
  missed: number
  verdict: string
  code: string | null
}

// As the index over these states has it, word for word.
const isFailing = sql.raw(`(s.failures > 0 or s.verdict = 'down')`)

const ofStates = sql`select s.check_id, c.host, c.interval_ms, extract(epoch from s.last_slot)::float8 * 1000 as last_ms, s.failures, s.successes,
    s.missed, s.verdict, case when s.failures > 0 then s.recent->'error'->>'code' end as code
  from check_states s join checks c on c.id = s.check_id`

function witnessOf(row: StateRow, seenBy: readonly OtherRow[], nowMs: number): RegionWitness[] {
  const intervalMs = row.interval_ms
  const own = runOfRow(row, intervalMs, nowMs)
  if (own === null) return []
  const others = seenBy.flatMap((other) => runOfRow(other, intervalMs, nowMs) ?? [])
  return [
    {
      host: row.host ?? '',
      intervalMs,
      lastSlotMs: own.lastMs,
      failingSinceMs: own.good ? null : own.sinceMs,
      isDown: row.verdict === 'down',
      code: row.code,
      elsewhere: own.good ? 'nobody' : seenElsewhere(own, others),
    },
  ]
}

function runOfRow(row: OtherRow, intervalMs: number, nowMs: number): Run | null {
  return runOf({ ...row, lastSlotMs: row.last_ms }, intervalMs, nowMs)
}

type OtherRow = Pick<StateRow, 'check_id' | 'last_ms' | 'failures' | 'successes' | 'missed'>

async function loadElsewhere(
  tx: Queryable,
  failing: readonly StateRow[],
  regionId: number,
  suspects: readonly string[],
): Promise<Map<number, OtherRow[]>> {
  if (failing.length === 0) return new Map()
  const { rows } = await tx.execute<OtherRow>(
    sql`select s.check_id, extract(epoch from s.last_slot)::float8 * 1000 as last_ms, s.failures, s.successes, s.missed
        from check_states s join regions g on g.id = s.region_id
        where s.check_id = any(${sql.param(failing.map(({ check_id }) => check_id))}::int[]) and s.region_id <> ${regionId}
          and s.last_slot is not null and g.retired_at is null and g.name <> all(${sql.param(suspects)}::text[])`,
  )
  return Map.groupBy(rows, ({ check_id }) => check_id)
}

/** When a state that is fine was last probed, and that this is not too long ago, as `runOf` has it. */
const probedAt = sql.raw(`(s.last_slot - s.missed * c.interval_ms * interval '1 millisecond')`)
function isFine(regionId: number, nowMs: number): SQL {
  const { intervals, besidesMs } = freshness
  return sql`s.region_id = ${regionId} and not ${isFailing} and c.enabled and s.missed < ${intervals}
    and ${probedAt} >= ${iso(nowMs)}::timestamptz - (${intervals} * c.interval_ms + ${besidesMs}) * interval '1 millisecond'`
}

// Checks of one host count once: so many more are looked at.
const looksAHost = 4

/** Whether more than so many hosts were probed since and are fine. A few are looked at, and not all. */
async function areMoreFine(
  tx: Queryable,
  regionId: number,
  { sinceMs, hosts, notOf }: { sinceMs: number; hosts: number; notOf: readonly string[] },
  nowMs: number,
): Promise<boolean> {
  const { rows } = await tx.execute<{ count: number }>(
    sql`select count(distinct host)::int as count from (
          select c.host from check_states s join checks c on c.id = s.check_id
            left join unnest(${sql.param(notOf)}::text[]) as h(host) on h.host = c.host
          where ${isFine(regionId, nowMs)} and s.last_slot >= ${iso(sinceMs)}::timestamptz and ${probedAt} >= ${iso(sinceMs)}::timestamptz and h.host is null
          limit ${looksAHost * (hosts + 1)}) as few`,
  )
  return (rows[0]?.count ?? 0) > hosts
}

/** How many hosts are fine by the newest of these instants since which they were probed; what was probed before all of them is left out. */
async function countFine(
  tx: Queryable,
  regionId: number,
  { instants, notOf }: { instants: readonly number[]; notOf: readonly string[] },
  nowMs: number,
): Promise<FineHosts> {
  const bounds = [...new Set(instants)].sort((a, b) => a - b)
  if (bounds.length === 0) return []
  const { rows } = await tx.execute<{ bucket: number; hosts: number }>(
    sql`select width_bucket(at, ${sql.param(bounds.map(iso))}::timestamptz[]) as bucket, count(*)::int as hosts from (
          select c.host, max(${probedAt}) as at from check_states s join checks c on c.id = s.check_id
          where ${isFine(regionId, nowMs)} group by c.host) as fine
          left join unnest(${sql.param(notOf)}::text[]) as h(host) on h.host = fine.host
        where h.host is null group by bucket`,
  )
  return rows.flatMap(({ bucket, hosts }) => {
    const lastSlotMs = bounds[bucket - 1]
    return lastSlotMs === undefined ? [] : [{ lastSlotMs, hosts }]
  })
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
