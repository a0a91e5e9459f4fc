import type { IncidentRule } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { aliveMs } from '../queries/regions.ts'
import type { IncidentRow } from './incident-row.ts'

/** The rules whose incidents the workers of their regions look closer at: what they are about is a target. */
export const lookedAtRules: readonly IncidentRule[] = ['down', 'latency', 'dnsChange']

// Of the two seconds from the slot to the receiver. What can be seen at once is there after a tenth of it.
const heldMs = 1000
// A result that was late is told at once: whoever is to hear of it has waited long enough.
const freshMs = 5000

/**
 * How long the first message of an incident is held, in ms, so that it can say what the workers of its regions see when they look closer;
 * 0 where none of them lives to look, and for what is not fresh.
 */
export async function heldForEvidenceMs(tx: Queryable, { rule, opened_at, regions }: IncidentRow): Promise<number> {
  const down = regions.filter(({ state }) => state === 'down').map(({ region }) => region)
  if (!lookedAtRules.some((one) => one === rule) || down.length === 0) return 0
  const { rows } = await tx.execute(
    sql`select from workers w join regions g on g.id = w.region_id
        where g.name = any(${sql.param(down)}::text[]) and w.seen_at > now() - ${aliveMs} * interval '1 millisecond'
          and ${new Date(opened_at).toISOString()}::timestamptz > now() - ${freshMs} * interval '1 millisecond' limit 1`,
  )
  return rows.length > 0 ? heldMs : 0
}

/** Lets the first messages of these incidents go that are still held: what they wait for is there, or does not come. */
export async function letGo(tx: Queryable, incidentIds: readonly string[]): Promise<void> {
  if (incidentIds.length === 0) return
  const { rows } = await tx.execute(
    sql`update outbox set next_at = now() where incident_id = any(${sql.param(incidentIds)}::uuid[]) and state = 'pending'
          and type = 'incident.opened' and attempts = 0 and next_at > now() returning id`,
  )
  if (rows.length > 0) await tx.execute(sql`select pg_notify('sonde_outbox', '')`)
}
