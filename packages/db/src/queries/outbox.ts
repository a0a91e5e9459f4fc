import type { Channel, IncidentDocument, NotificationType } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** A message that this process has taken to deliver, until its lease ends. */
export type LeasedMessage = {
  id: string
  channelKey: string
  /** Null when the channel is gone, or turned off, by now. */
  channel: Channel | null
  type: NotificationType
  incident: IncidentDocument
  createdAt: Date
  decidedAt: Date
  /** Attempts before this one. */
  attempts: number
}

// Longer than an attempt may take, so that no two processes are at the same message.
const leaseMs = 30_000

/**
 * Takes messages that are due, by the database's clock, and not those that an earlier one of the same incident to the same channel
 * goes before. `skip` are channels that have enough in hand.
 */
export async function leaseMessages(db: Queryable, skip: readonly string[], limit: number): Promise<LeasedMessage[]> {
  const { rows } = await db.execute<{
    id: string
    channel_key: string
    channel: Channel | null
    refused: string | null
    type: NotificationType
    doc: IncidentDocument
    created_at: Date
    decided_at: Date
    attempts: number
  }>(
    sql`with due as (
          select o.id from outbox o
          where o.state = 'pending' and o.next_at <= now() and (o.leased_until is null or o.leased_until < now())
            and o.channel_key <> all(${sql.param(skip)}::text[])
            and not exists (select from outbox e where e.state = 'pending' and e.incident_id = o.incident_id
              and e.channel_key = o.channel_key and e.number < o.number)
          order by o.next_at limit ${limit} for update of o skip locked
        ), taken as (
          update outbox o set leased_until = now() + ${leaseMs} * interval '1 millisecond' from due where o.id = due.id
          returning o.*
        )
        select t.id, t.channel_key, t.type, t.doc, t.created_at, t.decided_at, t.attempts, c.doc as channel, c.refused
        from taken t left join channels c on c.key = t.channel_key and coalesce((c.doc->>'enabled')::boolean, true)
        order by t.number`,
  )
  return rows.map((row) => ({
    id: row.id,
    channelKey: row.channel_key,
    channel: row.refused === null ? row.channel : null,
    type: row.type,
    incident: row.doc,
    createdAt: new Date(row.created_at),
    decidedAt: new Date(row.decided_at),
    attempts: row.attempts,
  }))
}

export async function markSent(db: Queryable, id: string): Promise<void> {
  await db.execute(
    sql`update outbox set state = 'sent', sent_at = now(), attempts = attempts + 1, leased_until = null, last_error = null where id = ${id}`,
  )
}

/** Another attempt after `delayMs`; without, the message is dead: it is listed, and sent again when somebody asks for it. */
export async function markFailed(db: Queryable, id: string, error: string, delayMs: number | undefined): Promise<void> {
  await db.execute(
    delayMs === undefined
      ? sql`update outbox set state = 'dead', attempts = attempts + 1, leased_until = null, last_error = ${error} where id = ${id}`
      : sql`update outbox set next_at = now() + ${delayMs} * interval '1 millisecond', attempts = attempts + 1, leased_until = null,
              last_error = ${error} where id = ${id}`,
  )
}

/** Gives back what was taken and not tried. */
export async function releaseMessage(db: Queryable, id: string): Promise<void> {
  await db.execute(sql`update outbox set leased_until = null where id = ${id} and state = 'pending'`)
}

/** How long the oldest message that is not delivered has waited, in seconds; 0 when there is none. */
export async function oldestPendingSeconds(db: Queryable): Promise<number> {
  const { rows } = await db.execute<{ age: string | null }>(
    sql`select extract(epoch from now() - min(created_at)) as age from outbox where state = 'pending'`,
  )
  return Number(rows[0]?.age ?? 0)
}

/** Forgets messages that were delivered, or given up, so long ago. */
export async function forgetMessages(db: Queryable, olderMs: number): Promise<void> {
  await db.execute(
    sql`delete from outbox where state <> 'pending' and created_at < now() - ${olderMs} * interval '1 millisecond'`,
  )
}
