import {
  checkRuleNames,
  type Decision,
  type IncidentFacts,
  type IncidentRegion,
  type IncidentRule,
  type OpenIncident,
  summaryWhenOver,
  withdrawn,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { Audience } from './audience.ts'
import { type IncidentAbout, type IncidentRow, incidentColumns } from './incident-row.ts'
import { isMaintained } from './mutes.ts'
import { type IncidentChange, written } from './tell.ts'

/** An open incident as a rule takes it, with the names of its row. */
export type OpenRow = OpenIncident & { id: string; checkId: number | null; rule: IncidentRule; about: IncidentAbout }

type StoredOpen = {
  id: string
  check_id: number | null
  rule: IncidentRule
  subject: string
  opened_at: Date
  acknowledged_at: Date | null
  code: string | null
  summary: string
  cause: string | null
  remedy: string | null
  regions: IncidentRegion[]
  memory: Record<string, unknown>
  about: IncidentAbout
}

/** The open incidents of some rules: of these checks, of checks that are gone, or all of them. */
export async function openIncidents(
  tx: Queryable,
  rules: readonly IncidentRule[],
  of?: readonly number[] | 'gone',
): Promise<OpenRow[]> {
  const ofGone = of === 'gone' ? sql`check_id is null` : sql`true`
  const ofChecks = Array.isArray(of) ? sql`check_id = any(${sql.param(of)}::int[])` : ofGone
  const { rows } = await tx.execute<StoredOpen>(
    sql`select id, check_id, rule, subject, opened_at, acknowledged_at, code, summary, cause, remedy, regions, memory, about
        from incidents where state = 'open' and rule = any(${sql.param(rules)}::text[]) and ${ofChecks}`,
  )
  return rows.map(({ check_id, opened_at, acknowledged_at, ...same }) => ({
    ...same,
    checkId: check_id,
    openedMs: new Date(opened_at).getTime(),
    acknowledged: acknowledged_at !== null,
  }))
}

/** What a rule was asked about: whose incident it is, and the one that was open. */
export type Judged = { rule: IncidentRule; checkId: number | null; about: IncidentAbout; open: OpenRow | null }

/**
 * Writes what a rule decided: the incident, and its notifications when people are to be told. A row is only changed while it is
 * open, and only opened while none is; undefined when another process got there first, and for what tells nobody.
 */
export async function writeDecision(
  tx: Queryable,
  { rule, checkId, about, open }: Judged,
  decision: Decision,
  nowMs: number,
  audience = new Audience(tx, nowMs),
): Promise<{ id: string; change: IncidentChange | undefined } | undefined> {
  if (decision.action === 'nothing') return undefined
  if (decision.action === 'open') {
    if (await isMaintained(tx, about, await audience.plan(), nowMs)) return undefined
    const heard = withChannels(about, decision.channels)
    const row = await insertOpen(tx, { rule, checkId, about: heard }, decision.subject, decision.facts, nowMs)
    return row && { id: row.id, change: await written(tx, heard, row, { type: 'incident.opened', nowMs, audience }) }
  }
  if (open === null) return undefined
  if (decision.action === 'update') {
    const { facts, tell, channels = [] } = decision
    const news = channels.filter((channel) => !open.about.alerts.channels.includes(channel))
    const row = await update(tx, open.id, facts)
    if (row !== undefined && news.length > 0) await addChannels(tx, open, news)
    const to = tell === true ? 'all' : tell
    const change =
      to === false || to.length === 0
        ? undefined
        : await written(tx, about, row, { type: 'incident.updated', nowMs, audience, to })
    return row && { id: row.id, change }
  }
  const summary = summaryWhenOver(rule, open, decision.why, nowMs)
  const row = await resolve(tx, open.id, { summary, regions: decision.regions }, nowMs)
  return row && { id: row.id, change: await written(tx, about, row, { type: 'incident.resolved', nowMs, audience }) }
}

async function insertOpen(
  tx: Queryable,
  { rule, checkId, about }: Omit<Judged, 'open'>,
  subject: string,
  { code, summary, cause, remedy, regions, memory }: IncidentFacts,
  nowMs: number,
): Promise<IncidentRow | undefined> {
  const { key, name, target, kind, labels, alerts } = about
  const { rows } = await tx.execute<IncidentRow>(
    sql`insert into incidents (check_id, rule, subject, state, opened_at, code, summary, cause, remedy, regions, memory, labels, about)
        values (${checkId}, ${rule}, ${subject}, 'open', ${iso(nowMs)}, ${code}, ${summary}, ${cause}, ${remedy},
          ${JSON.stringify(regions)}::jsonb, ${JSON.stringify(memory)}::jsonb, ${JSON.stringify(labels)}::jsonb,
          ${JSON.stringify({ key, name, target, kind, labels, alerts })}::jsonb)
        on conflict do nothing returning ${incidentColumns}`,
  )
  return rows[0]
}

async function update(tx: Queryable, id: string, facts: IncidentFacts): Promise<IncidentRow | undefined> {
  const { code, summary, cause, remedy, regions, memory } = facts
  const { rows } = await tx.execute<IncidentRow>(
    sql`update incidents set code = ${code}, summary = ${summary}, cause = ${cause}, remedy = ${remedy},
          regions = ${JSON.stringify(regions)}::jsonb, memory = ${JSON.stringify(memory)}::jsonb
        where id = ${id} and state = 'open' returning ${incidentColumns}`,
  )
  return rows[0]
}

/** What an incident is about, with the channels that its rule has found in place of those of the policy. */
function withChannels(about: IncidentAbout, channels: readonly string[] | undefined): IncidentAbout {
  return channels === undefined ? about : { ...about, alerts: { ...about.alerts, channels: [...channels] } }
}

/** Has these channels hear of an open incident too, in a moment (`tellDue`). */
async function addChannels(tx: Queryable, { id, about }: OpenRow, news: readonly string[]): Promise<void> {
  const channels = JSON.stringify([...about.alerts.channels, ...news])
  await tx.execute(
    sql`update incidents set about = jsonb_set(about, '{alerts,channels}', ${channels}::jsonb), tell_at = '-infinity'
        where id = ${id} and state = 'open'`,
  )
}

async function resolve(
  tx: Queryable,
  id: string,
  { summary, regions }: { summary: string; regions: readonly IncidentRegion[] },
  nowMs: number,
): Promise<IncidentRow | undefined> {
  const { rows } = await tx.execute<IncidentRow>(
    sql`update incidents set state = 'resolved', resolved_at = greatest(opened_at, ${iso(nowMs)}::timestamptz),
          summary = ${summary}, regions = ${JSON.stringify(regions)}::jsonb
        where id = ${id} and state = 'open' returning ${incidentColumns}`,
  )
  return rows[0]
}

// Certificates are seen by many, and regions and channels are of no check.
const ofOneCheck: readonly IncidentRule[] = [...checkRuleNames, 'latency']

/** Whether anything is open of checks that have been deleted. */
export async function hasOrphans(db: Queryable): Promise<boolean> {
  return (await openIncidents(db, ofOneCheck, 'gone')).length > 0
}

/** Resolves what was open of checks that have been deleted, so that whoever was told of it hears that it is over. */
export async function resolveOrphans(tx: Queryable, nowMs: number): Promise<IncidentChange[]> {
  const changes: IncidentChange[] = []
  for (const open of await openIncidents(tx, ofOneCheck, 'gone')) {
    const decision = withdrawn(open, 'the check was deleted')
    const change = (await writeDecision(tx, { ...open, open }, decision, nowMs))?.change
    if (change !== undefined) changes.push(change)
  }
  return changes
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
