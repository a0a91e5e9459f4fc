import type { Channel, IncidentDocument, NotificationType } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** A message that this process has taken to deliver, until its lease ends. */
export type LeasedMessage = {
  id: string
  channelKey: string
  /** Null when the channel is gone, turned off, or refused by its receiver, by now. */
  channel: Channel | null
  type: NotificationType
  incident: IncidentDocument
  /** Incidents that are told with it. */
  others: IncidentDocument[]
  createdAt: Date
  decidedAt: Date
  /** How long it has been tried for, by the database's clock, in ms. */
  ageMs: number
  /** Attempts before this one. */
  attempts: number
  /** What regions saw when its incident opened, under `opening`, as far as anything is there. */
  evidence: unknown
}

// Longer than an attempt may take, so that no two processes are at the same message.
const leaseMs = 30_000

/**
 * Takes messages that are due, by the database's clock, and not those that an earlier one of the same incident to the same channel
 * goes before. Channels take turns: of each at most what `limits` says, or `perChannel`, less what `inHand` says that this process has of
 * it already, so that one with a thousand messages that hang holds up none with one.
 */
export async function leaseMessages(
  db: Queryable,
  inHand: ReadonlyMap<string, number>,
  perChannel: number,
  limits: ReadonlyMap<string, number> = new Map(),
): Promise<LeasedMessage[]> {
  const { rows } = await db.execute<{
    id: string
    channel_key: string
    channel: Channel | null
    refused: string | null
    type: NotificationType
    doc: IncidentDocument
    others: IncidentDocument[] | null
    created_at: Date
    decided_at: Date
    age_ms: string
    attempts: number
    evidence: unknown
  }>(
    // The channels with something pending are found by jumping from one to the next in the index.
    // Instants are kept to the millisecond, rounded: what is due this moment may stand half of one ahead of it.
    sql`with recursive waiting(key) as (
          select min(channel_key) from outbox where state = 'pending'
          union all
          select (select min(channel_key) from outbox where state = 'pending' and channel_key > key) from waiting
          where key is not null
        ), due as (
          select turn.id from waiting cross join lateral (
            select o.id from outbox o
            where o.state = 'pending' and o.channel_key = waiting.key and o.next_at <= now() + interval '1 millisecond'
              and (o.leased_until is null or o.leased_until < now())
              and not exists (select from outbox k where k.id = o.carried_by and k.state = 'pending')
              and not exists (select from outbox e where e.state = 'pending' and e.incident_id = o.incident_id
                and e.channel_key = o.channel_key and e.number < o.number)
            order by o.next_at
            limit greatest(0, coalesce((${JSON.stringify(Object.fromEntries(limits))}::jsonb->>waiting.key)::int, ${perChannel}::int)
              - coalesce((${JSON.stringify(Object.fromEntries(inHand))}::jsonb->>waiting.key)::int, 0))
            for update of o skip locked
          ) as turn
        ), taken as (
          update outbox o set leased_until = now() + ${leaseMs} * interval '1 millisecond' from due where o.id = due.id
          returning o.*
        )
        select t.id, t.channel_key, t.type, t.doc, t.others, t.created_at, t.decided_at, t.attempts, c.doc as channel, c.refused,
          jsonb_build_object('opening', i.evidence->'opening') as evidence,
          extract(epoch from now() - coalesce(t.tried_since, t.created_at)) * 1000 as age_ms
        from taken t left join channels c on c.key = t.channel_key and coalesce((c.doc->>'enabled')::boolean, true)
          left join incidents i on i.id = t.incident_id
        order by t.number`,
  )
  return rows.map((row) => ({
    id: row.id,
    channelKey: row.channel_key,
    channel: row.refused === null ? row.channel : null,
    type: row.type,
    incident: row.doc,
    others: row.others ?? [],
    createdAt: new Date(row.created_at),
    decidedAt: new Date(row.decided_at),
    ageMs: Number(row.age_ms),
    attempts: row.attempts,
    evidence: row.evidence,
  }))
}

/** Notes that a message was taken, and with it those that it carries; answers whether its channel is told of as not taking any. */
export async function markSent(db: Queryable, id: string): Promise<boolean> {
  const { rows } = await db.execute<{ is_faulty: boolean }>(
    sql`update outbox o set state = 'sent', sent_at = now(), attempts = attempts + 1, leased_until = null, last_error = null
        where id = ${id} or (carried_by = ${id} and state <> 'sent')
        returning exists (select from incidents i where i.state = 'open' and i.rule = 'channelDead' and i.subject = o.channel_key) as is_faulty`,
  )
  return rows[0]?.is_faulty === true
}

/**
 * Another attempt after `delayMs`; without, the message is dead: it is listed, and sent again when somebody asks for it. One that
 * another process has delivered meanwhile stays delivered. What it carries is given up with it.
 */
export async function markFailed(db: Queryable, id: string, error: string, delayMs: number | undefined): Promise<void> {
  await db.execute(
    delayMs === undefined
      ? sql`update outbox set state = 'dead', dead_at = now(), attempts = attempts + 1, leased_until = null, last_error = ${error}
            where (id = ${id} or carried_by = ${id}) and state = 'pending'`
      : sql`update outbox set next_at = now() + ${delayMs} * interval '1 millisecond', attempts = attempts + 1, leased_until = null,
              last_error = ${error} where id = ${id} and state = 'pending'`,
  )
}

/** Gives back what was taken and not tried. */
export async function releaseMessage(db: Queryable, id: string): Promise<void> {
  await db.execute(sql`update outbox set leased_until = null where id = ${id} and state = 'pending'`)
}

/**
 * In how many ms the next message is due that has not been tried, as one that waits for evidence; undefined when there is none. What has
 * been tried can wait for the next look.
 */
export async function nextUntriedMs(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.execute<{ ms: number | null }>(
    sql`select extract(epoch from min(next_at) - now())::float8 * 1000 as ms from outbox
        where state = 'pending' and attempts = 0 and next_at > now()`,
  )
  return rows[0]?.ms ?? undefined
}

/** How long the oldest message that is not delivered has waited, in seconds; 0 when there is none. */
export async function oldestPendingSeconds(db: Queryable): Promise<number> {
  const { rows } = await db.execute<{ age: string | null }>(
    sql`select extract(epoch from now() - min(created_at)) as age from outbox where state = 'pending'`,
  )
  return Number(rows[0]?.age ?? 0)
}

/** How many messages were given up within a day, by channel. */
export async function deadByChannel(db: Queryable): Promise<Record<string, number>> {
  const { rows } = await db.execute<{ channel_key: string; count: number }>(
    sql`select channel_key, count(*)::int as count from outbox
        where state = 'dead' and dead_at > now() - interval '1 day' group by channel_key`,
  )
  return Object.fromEntries(rows.map(({ channel_key, count }) => [channel_key, count]))
}

/** Forgets messages that were delivered, or given up, so long ago; those of an incident not before it has been over for so long. */
export async function forgetMessages(db: Queryable, olderMs: number): Promise<void> {
  const past = sql`now() - ${olderMs} * interval '1 millisecond'`
  await db.execute(
    sql`delete from outbox o where o.state <> 'pending' and o.created_at < ${past} and not exists (
          select from incidents i where i.id = o.incident_id and (i.state = 'open' or i.resolved_at >= ${past}))`,
  )
}
