import type { Check, LabelSelector, RegionState } from '@sonde/core'
import { and, gt, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { checks } from '../schema.ts'
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

type Row = {
  key: string
  name: string | null
  kind: Check['kind']
  target: string
  interval: string
  labels: Check['labels']
  enabled: boolean
  quorum: Check['alerts']['regions']
  regions: [string, RegionState['verdict'], number | null, number, number, number | null, string | null][] | null
}

/**
 * A page of checks in key order, each with its standing. The database puts a check's regions into one value: tens of thousands of rows
 * of their own would cost several times as much to read.
 */
export async function listStandings(db: Queryable, filter: StandingFilter): Promise<Standing[]> {
  const { rows } = await db.execute<Row>(
    sql`select c.key, c.doc->>'name' as name, c.doc->>'kind' as kind, c.doc->>'target' as target, c.doc->>'interval' as interval,
          coalesce(c.doc->'labels', '{}') as labels, c.doc->'enabled' as enabled, c.doc->'alerts'->'regions' as quorum, s.regions
        from (select id, key, doc from checks where ${conditions(filter)} order by key limit ${filter.limit}) c
        left join lateral (
          select json_agg(json_build_array(g.name, s.verdict, ${epochMs('s.since')}, s.failures, s.successes, ${epochMs('s.last_slot')},
            case when s.failures > 0 or s.missed > 0 then s.recent->'error'->>'code' end) order by g.name) as regions
          from check_states s join regions g on g.id = s.region_id where s.check_id = c.id
        ) s on true
        order by c.key`,
  )
  return rows.map(({ quorum, name, regions, ...check }) => ({
    check: { ...check, name: name ?? undefined, alerts: { regions: quorum } },
    regions: (regions ?? []).map(([region, verdict, sinceMs, failures, successes, lastSlotMs, code]) => ({
      region,
      verdict,
      sinceMs,
      failures,
      successes,
      lastSlotMs,
      code,
    })),
  }))
}

function conditions({ after, kind, labels, within }: StandingFilter): SQL {
  const all = and(
    after === undefined ? undefined : gt(checks.key, after),
    kind === undefined ? undefined : sql`doc->>'kind' = ${kind}`,
    labels === undefined ? undefined : sql`doc->'labels' @> ${JSON.stringify(labels)}::jsonb`,
    withinLabels(sql`doc`, within),
  )
  return all ?? sql`true`
}

function epochMs(column: string): SQL {
  return sql.raw(`(extract(epoch from ${column}) * 1000)::bigint`)
}
