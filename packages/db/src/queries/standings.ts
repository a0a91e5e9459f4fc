import type { AlertPolicy, LabelSelector, RegionState } from '@sonde/core'
import { and, gt, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { KeptByRevision } from '../kept-by-revision.ts'
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

/** What of a check changes with its document alone. */
export type StandingCheck = {
  id: number
  key: string
  enabled: boolean
  intervalMs: number
  labels: Record<string, string>
  alerts: Pick<AlertPolicy, 'regions'>
  /** The fields `checkKey`, `name`, `kind`, `target`, `labels` and `enabled` of a JSON object, as text. */
  shown: string
}

/** A check with how it stands in its regions, in the order of their names. */
export type Standing = { check: StandingCheck; regions: RegionStanding[] }

export type StandingFilter = {
  /** The key of the last of the page before. */
  after?: string | undefined
  limit: number
  kind?: string | undefined
  labels?: Record<string, string> | undefined
  /** Those that have all of these labels: what the asker may see. */
  within?: LabelSelector | undefined
}

type CheckAbout = [
  key: string,
  name: string | null,
  kind: string,
  target: string,
  intervalMs: number,
  labels: Record<string, string>,
  enabled: boolean,
  quorum: AlertPolicy['regions'],
]
type CheckValue = [id: number, revision: number, ...about: CheckAbout]

// Some 500 bytes each.
const mostKept = 50_000

/** Reads how checks stand: of a fleet that stays as it is the states alone, which change with every result. */
export class Standings {
  readonly #db: Queryable
  readonly #checks: KeptByRevision<StandingCheck>

  constructor(db: Queryable) {
    this.#db = db
    this.#checks = new KeptByRevision(mostKept, (ids) => readChecks(db, ids))
  }

  /**
   * A page of checks in key order, each with its standing. Checks and states each come as one value, side by side: the driver would take
   * several times as long for tens of thousands of rows, and the database for a look at each check's states by itself.
   */
  async list(filter: StandingFilter): Promise<Standing[]> {
    const page = sql`select id, key, revision from checks where ${conditions(filter)} order by key limit ${filter.limit}`
    const { found, values } = await this.#checks.of(async () => {
      const [{ rows }, states] = await Promise.all([
        this.#db.execute<{ ids: number[] | null; revisions: number[] }>(
          sql`select json_agg(id order by key) as ids, json_agg(revision order by key) as revisions from (${page}) page`,
        ),
        statesOf(this.#db, page),
      ])
      const { ids, revisions } = rows[0] ?? { ids: null, revisions: [] }
      return { rows: (ids ?? []).map((id, index) => ({ id, revision: revisions[index] ?? 0 })), states }
    })
    return values.map((check) => ({ check, regions: found.states.get(check.id) ?? [] }))
  }
}

async function readChecks(db: Queryable, ids: readonly number[]) {
  const { rows } = await db.execute<{ checks: CheckValue[] | null }>(
    sql`select json_agg(json_build_array(id, revision, key, doc->'name', doc->'kind', doc->'target', interval_ms,
          coalesce(doc->'labels', '{}'), enabled, coalesce(doc->'alerts'->'regions', '"majority"'))) as checks
        from checks where id = any(${sql.param(ids)}::integer[])`,
  )
  return (rows[0]?.checks ?? []).map(([id, revision, ...about]) => ({ id, revision, value: checkOf(id, about) }))
}

function checkOf(id: number, about: CheckAbout): StandingCheck {
  const [key, name, kind, target, intervalMs, labels, enabled, regions] = about
  const shown = JSON.stringify({ checkKey: key, name, kind, target, labels, enabled }).slice(1, -1)
  return { id, key, enabled, intervalMs, labels, alerts: { regions }, shown }
}

type StateValues = {
  ids: number[] | null
  regions: string[]
  verdicts: RegionState['verdict'][]
  since: (number | null)[]
  failures: number[]
  successes: number[]
  slots: (number | null)[]
  codes: (string | null)[]
}

async function statesOf(db: Queryable, page: SQL): Promise<Map<number, RegionStanding[]>> {
  // A list a column is read in half of the time that a list a row takes.
  const { rows } = await db.execute<StateValues>(
    sql`select json_agg(s.check_id) as ids, json_agg(g.name) as regions, json_agg(s.verdict) as verdicts,
          json_agg(${epochMs('s.since')}) as since, json_agg(s.failures) as failures, json_agg(s.successes) as successes,
          json_agg(${epochMs('s.last_slot')}) as slots,
          json_agg(case when s.failures > 0 or s.missed > 0 then s.recent->'error'->'code' end) as codes
        from check_states s join regions g on g.id = s.region_id where s.check_id in (select id from (${page}) page)`,
  )
  const byCheck = new Map<number, RegionStanding[]>()
  const [values] = rows
  for (const [index, id] of values?.ids?.entries() ?? []) {
    const standing = {
      region: values?.regions[index] ?? '',
      verdict: values?.verdicts[index] ?? 'unknown',
      sinceMs: values?.since[index] ?? null,
      failures: values?.failures[index] ?? 0,
      successes: values?.successes[index] ?? 0,
      lastSlotMs: values?.slots[index] ?? null,
      code: values?.codes[index] ?? null,
    } satisfies RegionStanding
    const others = byCheck.get(id)
    if (others === undefined) byCheck.set(id, [standing])
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
