import {
  checkRuleNames,
  type Decision,
  type IncidentFacts,
  type IncidentRegion,
  type IncidentRule,
  type OpenIncident,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
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

/** The open incidents of some rules: of these checks, or all of them. */
export async function openIncidents(
  tx: Queryable,
  rules: readonly IncidentRule[],
  checkIds?: readonly number[],
): Promise<OpenRow[]> {
  const ofChecks = checkIds === undefined ? sql`true` : sql`check_id = any(${sql.param(checkIds)}::int[])`
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
): Promise<{ id: string; change: IncidentChange | undefined } | undefined> {
  if (decision.action === 'nothing') return undefined
  if (decision.action === 'open') {
    if (await isMaintained(tx, about, nowMs)) return undefined
    const row = await insertOpen(tx, { rule, checkId, about }, decision.subject, decision.facts, nowMs)
    return row && { id: row.id, change: await written(tx, about, row, 'incident.opened', nowMs) }
  }
  if (open === null) return undefined
  if (decision.action === 'update') {
    const row = await update(tx, open.id, decision.facts)
    const change = decision.tell ? await written(tx, about, row, 'incident.updated', nowMs) : undefined
    return row && { id: row.id, change }
  }
  const row = await resolve(tx, open.id, decision.regions, nowMs)
  return row && { id: row.id, change: await written(tx, about, row, 'incident.resolved', nowMs) }
}

async function insertOpen(
  tx: Queryable,
  { rule, checkId, about }: Omit<Judged, 'open'>,
  subject: string,
  { code, summary, cause, remedy, regions, memory }: IncidentFacts,
  nowMs: number,
): Promise<IncidentRow | undefined> {
  const { key, target, kind, labels, alerts } = about
  const { rows } = await tx.execute<IncidentRow>(
    sql`insert into incidents (check_id, rule, subject, state, opened_at, code, summary, cause, remedy, regions, memory, labels, about)
        values (${checkId}, ${rule}, ${subject}, 'open', ${iso(nowMs)}, ${code}, ${summary}, ${cause}, ${remedy},
          ${JSON.stringify(regions)}::jsonb, ${JSON.stringify(memory)}::jsonb, ${JSON.stringify(labels)}::jsonb,
          ${JSON.stringify({ key, target, kind, labels, alerts })}::jsonb)
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

async function resolve(
  tx: Queryable,
  id: string,
  regions: readonly IncidentRegion[],
  nowMs: number,
): Promise<IncidentRow | undefined> {
  const { rows } = await tx.execute<IncidentRow>(
    sql`update incidents set state = 'resolved', resolved_at = greatest(opened_at, ${iso(nowMs)}::timestamptz),
          regions = ${JSON.stringify(regions)}::jsonb
        where id = ${id} and state = 'open' returning ${incidentColumns}`,
  )
  return rows[0]
}

// Certificates are seen by many, and regions and channels are of no check.
const ofOneCheck: readonly IncidentRule[] = [...checkRuleNames, 'latency']

/** Resolves what was open of checks that have been deleted, so that whoever was told of it hears that it is over. */
export async function resolveOrphans(tx: Queryable, nowMs: number): Promise<IncidentChange[]> {
  const { rows } = await tx.execute<{ id: string; regions: IncidentRegion[]; about: IncidentAbout }>(
    sql`select id, regions, about from incidents
        where state = 'open' and check_id is null and rule = any(${sql.param(ofOneCheck)}::text[])`,
  )
  const changes: IncidentChange[] = []
  for (const { id, regions, about } of rows) {
    const change = await written(tx, about, await resolve(tx, id, regions, nowMs), 'incident.resolved', nowMs)
    if (change !== undefined) changes.push(change)
  }
  return changes
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
