import type { IncidentRule } from '@sonde/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { aliveMs } from '../queries/regions.ts'
import type { IncidentRow } from './incident-row.ts'

/** The rules whose incidents the workers of their regions look closer at: what they are about is a target. */
export const lookedAtRules: readonly IncidentRule[] = ['down', 'latency', 'dnsChange']

// Of the two seconds from the slot to the receiver. What can be seen at once is there after a tenth of it.
const heldMs = 1000
/**
 * Until when the first message of an incident is held, so that it can say what the workers of its regions see when they look closer: for a
 * second from the answer of the probe that decided it, whatever of that has gone by until it is written; not at all where none of them
 * lives to look.
 */
export function heldForEvidence({ rule, opened_at, regions }: IncidentRow): SQL {
  const down = regions.filter(({ state }) => state === 'down').map(({ region }) => region)
  if (!lookedAtRules.some((one) => one === rule) || down.length === 0) return sql`now()`
  const held = sql`${heldMs} * interval '1 millisecond'`
  return sql`case when exists (select from workers w join regions g on g.id = w.region_id
        where g.name = any(${sql.param(down)}::text[]) and w.seen_at > now() - ${aliveMs} * interval '1 millisecond')
      then greatest(now(), least(now(), ${new Date(opened_at).toISOString()}::timestamptz) + ${held}) else now() end`
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
