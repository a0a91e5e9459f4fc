import type { IncidentDocument, NotificationType } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** What may become of a message: it waits for its turn or its next attempt, was taken, or was given up. */
export const notificationStates = ['pending', 'sent', 'dead'] as const
export type NotificationState = (typeof notificationStates)[number]

/** A message to a channel and what became of it, as the API shows it. */
export type NotificationRecord = {
  id: string
  channel: string
  type: NotificationType
  state: NotificationState
  incidentId: string | null
  checkKey: string
  rule: string
  summary: string
  createdAt: string
  /** When it is tried next; null once it is not pending. */
  nextAt: string | null
  sentAt: string | null
  attempts: number
  /** Why the last attempt failed. */
  error: string | null
}

type Row = {
  id: string
  channel_key: string
  type: NotificationType
  state: NotificationState
  incident_id: string | null
  doc: IncidentDocument
  created_at: Date
  next_at: Date
  sent_at: Date | null
  attempts: number
  last_error: string | null
}

const columns = sql.raw(
  'id, channel_key, type, state, incident_id, doc, created_at, next_at, sent_at, attempts, last_error',
)

export type NotificationFilter = {
  state?: NotificationState | undefined
  channel?: string | undefined
  incidentId?: string | undefined
  /** The last of the page before. */
  after?: { createdAt: Date; id: string } | undefined
  limit: number
}

/** A page of messages, newest first. */
export async function listNotifications(db: Queryable, filter: NotificationFilter): Promise<NotificationRecord[]> {
  const { state, channel, incidentId, after, limit } = filter
  const conditions = [
    sql`true`,
    ...(state === undefined ? [] : [sql`state = ${state}`]),
    ...(channel === undefined ? [] : [sql`channel_key = ${channel}`]),
    ...(incidentId === undefined ? [] : [sql`incident_id = ${incidentId}::uuid`]),
    ...(after === undefined
      ? []
      : [sql`(created_at, id) < (${after.createdAt.toISOString()}::timestamptz, ${after.id}::uuid)`]),
  ]
  const { rows } = await db.execute<Row>(
    sql`select ${columns} from outbox where ${sql.join(conditions, sql` and `)} order by created_at desc, id desc limit ${limit}`,
  )
  return rows.map(shown)
}

export async function findNotification(db: Queryable, id: string): Promise<NotificationRecord | undefined> {
  const { rows } = await db.execute<Row>(sql`select ${columns} from outbox where id = ${id}::uuid`)
  return rows[0] === undefined ? undefined : shown(rows[0])
}

/** Has a dead letter sent again, with its id and for a day; answers whether it was one. */
export async function replayNotification(db: Queryable, id: string): Promise<boolean> {
  const { rows } = await db.execute(sql`${revived} where id = ${id}::uuid and state = 'dead' returning id`)
  if (rows.length > 0) await wakeNotifier(db)
  return rows.length > 0
}

/** The same for all dead letters of a channel; answers how many there were. */
export async function replayChannel(db: Queryable, channelKey: string): Promise<number> {
  const { rows } = await db.execute(sql`${revived} where channel_key = ${channelKey} and state = 'dead' returning id`)
  if (rows.length > 0) await wakeNotifier(db)
  return rows.length
}

const revived = sql`update outbox set state = 'pending', attempts = 0, next_at = now(), dead_at = null, tried_since = now(), leased_until = null`

async function wakeNotifier(db: Queryable): Promise<void> {
  await db.execute(sql`select pg_notify('sonde_outbox', '')`)
}

/** How a channel fares: why its receiver refuses, what waits for it and what it has not taken. */
export type ChannelHealth = {
  refused: string | null
  pending: number
  dead: number
  /** Since when the oldest message that is not delivered has waited. */
  waitingSince: string | null
  lastSentAt: string | null
  /** Of the newest message that was not taken. */
  lastError: string | null
}

/** Undefined when there is no such channel. */
export async function channelHealth(db: Queryable, key: string): Promise<ChannelHealth | undefined> {
  const { rows } = await db.execute<{
    refused: string | null
    pending: number
    dead: number
    waiting_since: Date | null
    last_sent_at: Date | null
    last_error: string | null
  }>(
    sql`select c.refused, o.pending, o.dead, o.waiting_since, o.last_sent_at,
          (select e.last_error from outbox e where e.channel_key = c.key and e.last_error is not null
           order by e.created_at desc, e.id desc limit 1) as last_error
        from channels c cross join lateral (
          select count(*) filter (where state = 'pending')::int as pending, count(*) filter (where state = 'dead')::int as dead,
            min(created_at) filter (where state = 'pending') as waiting_since, max(sent_at) as last_sent_at
          from outbox where channel_key = c.key) as o
        where c.key = ${key}`,
  )
  const [row] = rows
  if (row === undefined) return undefined
  return {
    refused: row.refused,
    pending: row.pending,
    dead: row.dead,
    waitingSince: instant(row.waiting_since),
    lastSentAt: instant(row.last_sent_at),
    lastError: row.last_error,
  }
}

/** Uses a channel again whose receiver had refused; answers whether there is such a channel. */
export async function acceptChannel(db: Queryable, key: string): Promise<boolean> {
  const { rows } = await db.execute(sql`update channels set refused = null where key = ${key} returning key`)
  return rows.length > 0
}

function shown(row: Row): NotificationRecord {
  return {
    id: row.id,
    channel: row.channel_key,
    type: row.type,
    state: row.state,
    incidentId: row.incident_id,
    checkKey: row.doc.checkKey,
    rule: row.doc.rule,
    summary: row.doc.summary,
    createdAt: new Date(row.created_at).toISOString(),
    nextAt: row.state === 'pending' ? instant(row.next_at) : null,
    sentAt: instant(row.sent_at),
    attempts: row.attempts,
    error: row.last_error,
  }
}

function instant(at: Date | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
