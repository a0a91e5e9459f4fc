import type { IncidentDocument, NotificationType } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { type IncidentAbout, type IncidentRow, incidentDocument } from './incident-row.ts'

/** What became of an incident. */
export type IncidentChange = { type: NotificationType; incident: IncidentDocument }

/** Writes the notifications of a change, one for each of the check's channels; undefined when another process got there first. */
export async function written(
  tx: Queryable,
  check: IncidentAbout,
  row: IncidentRow | undefined,
  type: NotificationType,
): Promise<IncidentChange | undefined> {
  if (row === undefined) return undefined
  const incident = incidentDocument(row, check)
  const decidedAt = type === 'incident.resolved' ? incident.resolvedAt : incident.openedAt
  await tx.execute(
    sql`insert into outbox (incident_id, channel_key, type, doc, decided_at)
        select ${row.id}::uuid, key, ${type}, ${JSON.stringify(incident)}::jsonb, ${decidedAt}::timestamptz from channels
        where key in (select jsonb_array_elements_text(${JSON.stringify(check.alerts.channels)}::jsonb))
          and coalesce((doc->>'enabled')::boolean, true) order by key`,
  )
  return { type, incident }
}
