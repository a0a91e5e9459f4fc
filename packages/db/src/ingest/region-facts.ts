import { handful, leastSilenceMs, type RegionSilentFacts } from '@sonde/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

// A check that has failed for longer than this many slots did not begin to fail just now.
const newlyFailing = 5
// As many as tell a handful of hosts from checks of one alone.
const lookedAt = 200

/**
 * The hosts of the checks of region `g` whose state is as said, as long as they are few. In the order of the index over such states: without
 * it the planner reads all states, as it expects to find these few soon.
 */
export function hostsWhere(which: SQL): SQL {
  return sql`(select count(distinct c.host) from (
      select check_id from check_states s where s.region_id = g.id and ${which} order by s.check_id limit ${lookedAt}) s
      join checks c on c.id = s.check_id)`
}

export const beganToFail = sql`s.failures > 0 and s.failures <= ${newlyFailing}`
export const isMissed = sql`s.missed > 0`

/** Of these regions, those in which checks of a handful of hosts began to fail, or to be missed, not long ago. */
export async function regionsInDoubt(tx: Queryable, names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set()
  const { rows } = await tx.execute<{ name: string }>(
    sql`select name from regions g where name = any(${sql.param(names)}::text[])
          and (${hostsWhere(beganToFail)} >= ${handful} or ${hostsWhere(isMissed)} >= ${handful})`,
  )
  return new Set(rows.map(({ name }) => name))
}

/** A region at a glance: what it costs to say that nothing is wrong with it. */
export type RegionGlance = {
  id: number
  name: string
  /** Hosts whose checks began to fail there not long ago; counted as far as matters. */
  failingHosts: number
  /** Checks of which the newest slot was missed, up to a handful. */
  silentChecks: number
  /** When a worker was last heard of; null when there never was one. */
  heardMs: number | null
  /** Since when it is there. */
  createdMs: number
}

/** Every region that is not retired. Ages are taken by the database's clock, which is the one that heartbeats are written by. */
export async function glanceAtRegions(tx: Queryable, nowMs: number): Promise<RegionGlance[]> {
  const { rows } = await tx.execute<{
    id: number
    name: string
    failing: string
    silent: string
    heard_ago: number | null
    created_ago: number
  }>(
    sql`select id, name, ${hostsWhere(beganToFail)} as failing,
          (select count(*) from (select from check_states s where s.region_id = g.id and ${isMissed}
            order by s.check_id limit ${handful}) as few) as silent,
          (select extract(epoch from now() - max(seen_at))::float8 * 1000 from workers w where w.region_id = g.id) as heard_ago,
          extract(epoch from now() - active_since)::float8 * 1000 as created_ago
        from regions g where retired_at is null order by name`,
  )
  return rows.map(({ id, name, failing, silent, heard_ago, created_ago }) => ({
    id,
    name,
    failingHosts: Number(failing),
    silentChecks: Number(silent),
    heardMs: heard_ago === null ? null : nowMs - heard_ago,
    createdMs: nowMs - created_ago,
  }))
}

const inRegion = (name: string) => sql`c.enabled and c.regions ?| array['*', ${name}::text]`

/** How many checks run in a region, and of how many it has brought no result for as many slots as they allow. */
export async function countSilent(
  tx: Queryable,
  { id, name }: Pick<RegionGlance, 'id' | 'name'>,
): Promise<Pick<RegionSilentFacts, 'checks' | 'withoutData'>> {
  const { rows } = await tx.execute<{ checks: string; silent: string }>(
    sql`select (select count(*) from checks c where ${inRegion(name)}) as checks,
          (select count(*) from check_states s join checks c on c.id = s.check_id
           where s.region_id = ${id} and ${isMissed} and ${inRegion(name)} and s.missed >=
             greatest(coalesce(c.no_data, 3), ${leastSilenceMs} / c.interval_ms)) as silent`,
  )
  return { checks: Number(rows[0]?.checks ?? 0), withoutData: Number(rows[0]?.silent ?? 0) }
}

/** The channels of the checks that run in a region: of all of them, or of those that fail there. */
export async function channelsOfRegion(tx: Queryable, { id, name }: RegionGlance, failing: boolean): Promise<string[]> {
  const fails = sql`exists (select from check_states s where s.check_id = c.id and s.region_id = ${id} and s.failures > 0)`
  const { rows } = await tx.execute<{ channel: string }>(
    sql`select distinct channel from checks c cross join jsonb_array_elements_text(c.doc->'alerts'->'channels') as a(channel)
        where ${inRegion(name)} and ${failing ? fails : sql`true`} order by channel`,
  )
  return rows.map(({ channel }) => channel)
}
