import {
  type Check,
  durationMs,
  type IncidentFacts,
  type IncidentRegion,
  judgeDown,
  type RegionVote,
  type Result,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { type IncidentRow, incidentColumns } from './incident-row.ts'
import { type IncidentChange, written } from './tell.ts'

// Any two processes that judge the same check must agree on this number ("inc" in ASCII).
const incidentLock = 0x696e63

type OpenRow = { id: string; check_id: number; regions: IncidentRegion[] }
type StateRow = {
  check_id: number
  region: string
  verdict: RegionVote['verdict']
  last_slot: Date | null
  error: Result['error']
}

/**
 * Judges whether these checks are down as a whole, and writes what follows: the incident and its notifications, in the caller's
 * transaction. One process at a time judges a check, and sees what the one before it has committed, so that whoever comes last
 * knows of all regions.
 */
export async function judgeChecks(
  tx: Queryable,
  checks: ReadonlyMap<number, Check>,
  nowMs: number,
): Promise<IncidentChange[]> {
  const ids = [...checks.keys()].sort((a, b) => a - b)
  if (ids.length === 0) return []
  for (const id of ids) await tx.execute(sql`select pg_advisory_xact_lock(${incidentLock}, ${id})`)
  const { rows: open } = await tx.execute<OpenRow>(
    sql`select id, check_id, regions from incidents where state = 'open' and rule = 'down' and check_id = any(${sql.param(ids)}::int[])`,
  )
  const { rows: states } = await tx.execute<StateRow>(
    sql`select s.check_id, g.name as region, s.verdict, s.last_slot, s.recent->'error' as error
        from check_states s join regions g on g.id = s.region_id
        where s.check_id = any(${sql.param(ids)}::int[]) and g.retired_at is null`,
  )
  const votes = Map.groupBy(states, ({ check_id }) => check_id)
  const changes: IncidentChange[] = []
  for (const [id, check] of checks) {
    const incident = open.find(({ check_id }) => check_id === id) ?? null
    const change = await judgeOne(tx, { id, check }, (votes.get(id) ?? []).map(toVote), incident, nowMs)
    if (change !== undefined) changes.push(change)
  }
  return changes
}

async function judgeOne(
  tx: Queryable,
  { id, check }: { id: number; check: Check },
  votes: RegionVote[],
  open: OpenRow | null,
  nowMs: number,
): Promise<IncidentChange | undefined> {
  const timing = { intervalMs: durationMs(check.interval), timeoutMs: durationMs(check.timeout) }
  const decision = judgeDown(
    { key: check.key, enabled: check.enabled, alerts: check.alerts, ...timing },
    votes,
    open,
    nowMs,
  )
  if (decision.action === 'nothing') return undefined
  if (decision.action === 'open') {
    if (await isExplained(tx, check)) return undefined
    return written(tx, check, await openOne(tx, id, check, decision.facts, nowMs), 'incident.opened')
  }
  if (open === null) return undefined
  if (decision.action === 'update') {
    return written(tx, check, await updateOne(tx, open.id, decision.facts), 'incident.updated')
  }
  return written(tx, check, await resolveOne(tx, open.id, decision.regions, nowMs), 'incident.resolved')
}

/** Whether one of the checks that this one depends on is down: then the incident is that one's. */
async function isExplained(tx: Queryable, check: Check): Promise<boolean> {
  if (check.dependsOn.length === 0) return false
  const { rows } = await tx.execute(
    sql`select 1 from incidents i join checks c on c.id = i.check_id
        where i.state = 'open' and i.rule = 'down' and c.key in (select jsonb_array_elements_text(${JSON.stringify(check.dependsOn)}::jsonb)) limit 1`,
  )
  return rows.length > 0
}

async function openOne(tx: Queryable, checkId: number, check: Check, facts: IncidentFacts, nowMs: number) {
  const { code, summary, cause, remedy, regions } = facts
  const { rows } = await tx.execute<IncidentRow>(
    sql`insert into incidents (check_id, rule, state, opened_at, code, summary, cause, remedy, regions, labels)
        values (${checkId}, 'down', 'open', ${iso(nowMs)}, ${code}, ${summary}, ${cause}, ${remedy}, ${JSON.stringify(regions)}::jsonb,
          ${JSON.stringify(check.labels)}::jsonb)
        on conflict do nothing returning ${incidentColumns}`,
  )
  return rows[0]
}

async function updateOne(tx: Queryable, id: string, facts: IncidentFacts) {
  const { code, summary, cause, remedy, regions } = facts
  const { rows } = await tx.execute<IncidentRow>(
    sql`update incidents set code = ${code}, summary = ${summary}, cause = ${cause}, remedy = ${remedy},
          regions = ${JSON.stringify(regions)}::jsonb
        where id = ${id} and state = 'open' returning ${incidentColumns}`,
  )
  return rows[0]
}

async function resolveOne(tx: Queryable, id: string, regions: IncidentRegion[], nowMs: number) {
  const { rows } = await tx.execute<IncidentRow>(
    sql`update incidents set state = 'resolved', resolved_at = greatest(opened_at, ${iso(nowMs)}::timestamptz),
          regions = ${JSON.stringify(regions)}::jsonb
        where id = ${id} and state = 'open' returning ${incidentColumns}`,
  )
  return rows[0]
}

function toVote({ region, verdict, last_slot, error }: StateRow): RegionVote {
  return { region, verdict, lastSlotMs: last_slot === null ? null : new Date(last_slot).getTime(), error }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
