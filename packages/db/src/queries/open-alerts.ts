import type { Channel, IncidentDocument, NotificationType } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import type { LeasedMessage } from './outbox.ts'

/** What a channel was told last of an incident. */
export type ToldAlert = Pick<LeasedMessage, 'id' | 'type' | 'incident' | 'createdAt' | 'evidence'>

/**
 * For each channel of kind `alertmanager`: the last that it was told of every incident that is open, or was resolved within five
 * minutes. Where a message is still on its way, that one says what is so.
 */
export async function toldAlerts(db: Queryable): Promise<{ channel: Channel; alerts: ToldAlert[] }[]> {
  const { rows } = await db.execute<{
    channel: Channel
    id: string
    type: NotificationType
    doc: IncidentDocument
    created_at: Date
    evidence: unknown
  }>(
    sql`select c.doc as channel, last.id, last.type, last.doc, last.created_at,
          jsonb_build_object('opening', i.evidence->'opening') as evidence
        from channels c cross join incidents i cross join lateral (
          select o.id, o.type, o.doc, o.created_at, o.state from outbox o
          where o.incident_id = i.id and o.channel_key = c.key order by o.number desc limit 1) as last
        where c.doc->>'kind' = 'alertmanager' and coalesce((c.doc->>'enabled')::boolean, true) and c.refused is null
          and (i.state = 'open' or i.resolved_at > now() - interval '5 minutes') and last.state = 'sent'
        order by c.key, i.opened_at`,
  )
  return [...Map.groupBy(rows, ({ channel }) => channel.key).values()].flatMap((ofChannel) => {
    const [first] = ofChannel
    if (first === undefined) return []
    const alerts = ofChannel.map(({ id, type, doc, created_at, evidence }) => ({
      id,
      type,
      incident: doc,
      createdAt: new Date(created_at),
      evidence,
    }))
    return [{ channel: first.channel, alerts }]
  })
}
