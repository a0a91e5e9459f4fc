import type { Check, LabelSelector, RegionState } from '@sonde/core'
import { and, gt, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { checks as checksTable } from '../schema.ts'
import { withinLabels } from './within-labels.ts'

/** How a check stands in a region, without the result that it stands by. */
export type RegionStanding = {
  region: string
  verdict: RegionState['verdict']
  sinceMs: number | null
  failures: number
  successes: number
  lastSlotMs: number | null
  /** The error of the newest result, where that was not up. */
  code: string | null
}

/** A check with how it stands in its regions, in the order of their names. */
export type Standing = {
  check: Pick<Check, 'key' | 'name' | 'kind' | 'target' | 'interval' | 'labels' | 'enabled'> & {
    alerts: Pick<Check['alerts'], 'regions'>
  }
  regions: RegionStanding[]
}

export type StandingFilter = {
  /** The key of the last of the page before. */
  after?: string | undefined
  limit: number
  kind?: string | undefined
  labels?: Record<string, string> | undefined
  /** Those that have all of these labels: what the asker may see. */
  within?: LabelSelector | undefined
}

type CheckValue = [
  id: number,
  key: string,
  name: string | null,
  kind: Check['kind'],
  target: string,
  interval: string,
  labels: Check['labels'],
  enabled: boolean,
  quorum: Check['alerts']['regions'],
]

type StateValue = [
  checkId: number,
  region: string,
  verdict: RegionState['verdict'],
  sinceMs: number | null,
  failures: number,
  successes: number,
  lastSlotMs: number | null,
  code: string | null,
]

/**
 * A page of checks in key order, each with its standing. Checks and states each come as one value, side by side: the driver would take
 * several times as long for tens of thousands of rows, and the database for a look at each check's states by itself.
 */
export async function listStandings(db: Queryable, filter: StandingFilter): Promise<Standing[]> {
  const page = sql`select id, key, doc from checks where ${conditions(filter)} order by key limit ${filter.limit}`
  const [{ rows }, states] = await Promise.all([
    db.execute<{ checks: CheckValue[] | null }>(
      sql`select json_agg(json_build_array(id, key, doc->'name', doc->'kind', doc->'target', doc->'interval',
            coalesce(doc->'labels', '{}'), doc->'enabled', doc->'alerts'->'regions') order by key) as checks from (${page}) page`,
    ),
    statesOf(db, page),
  ])
  return (rows[0]?.checks ?? []).map(([id, key, name, kind, target, interval, labels, enabled, regions]) => ({
    check: { key, name: name ?? undefined, kind, target, interval, labels, enabled, alerts: { regions } },
    regions: states.get(id) ?? [],
  }))
}

async function statesOf(db: Queryable, page: SQL): Promise<Map<number, RegionStanding[]>> {
  const { rows } = await db.execute<{ states: StateValue[] | null }>(
    sql`select json_agg(json_build_array(s.check_id, g.name, s.verdict, ${epochMs('s.since')}, s.failures, s.successes,
          ${epochMs('s.last_slot')}, case when s.failures > 0 or s.missed > 0 then s.recent->'error'->>'code' end)) as states
        from check_states s join regions g on g.id = s.region_id where s.check_id in (select id from (${page}) page)`,
  )
  const byCheck = new Map<number, RegionStanding[]>()
  for (const [checkId, region, verdict, sinceMs, failures, successes, lastSlotMs, code] of rows[0]?.states ?? []) {
    const standing = { region, verdict, sinceMs, failures, successes, lastSlotMs, code }
    const others = byCheck.get(checkId)
    if (others === undefined) byCheck.set(checkId, [standing])
    else others.push(standing)
  }
  for (const regions of byCheck.values()) if (regions.length > 1) regions.sort((a, b) => (a.region < b.region ? -1 : 1))
  return byCheck
}

function conditions({ after, kind, labels, within }: StandingFilter): SQL {
  const all = and(
    after === undefined ? undefined : gt(checksTable.key, after),
    kind === undefined ? undefined : sql`doc->>'kind' = ${kind}`,
    labels === undefined ? undefined : sql`doc->'labels' @> ${JSON.stringify(labels)}::jsonb`,
    withinLabels(sql`doc`, within),
  )
  return all ?? sql`true`
}

function epochMs(column: string): SQL {
  return sql.raw(`(extract(epoch from ${column}) * 1000)::bigint`)
}
