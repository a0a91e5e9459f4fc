import { Channel, DomainError } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** A channel with why its receiver does not want to hear from us any more, if it said so. `revision` names this state of it. */
export type StoredChannel = { channel: Channel; refused: string | null; revision: number }

type Row = { doc: Channel; refused: string | null; revision: string }

export async function listChannels(
  db: Queryable,
  page: { after?: string | undefined; limit: number },
): Promise<StoredChannel[]> {
  const { rows } = await db.execute<Row>(
    sql`select doc, refused, revision from channels where ${page.after === undefined ? sql`true` : sql`key > ${page.after}`}
        order by key limit ${page.limit}`,
  )
  return rows.map(readRow)
}

export async function findChannel(db: Queryable, key: string): Promise<StoredChannel | undefined> {
  const { rows } = await db.execute<Row>(sql`select doc, refused, revision from channels where key = ${key}`)
  return rows[0] === undefined ? undefined : readRow(rows[0])
}

function readRow({ doc, refused, revision }: Row): StoredChannel {
  return { channel: readChannel(doc), refused, revision: Number(revision) }
}

/** Stores a new channel and answers its revision; a DomainError `conflict` when its key is taken. */
export async function createChannel(db: Queryable, channel: Channel): Promise<number> {
  const revision = await insertChannel(db, channel)
  if (revision === undefined) throw new DomainError('conflict', `a channel "${channel.key}" exists already`)
  return revision
}

/** Stores a new channel and answers its revision; undefined when its key is taken. */
export async function insertChannel(db: Queryable, channel: Channel): Promise<number | undefined> {
  const { rows } = await db.execute<{ revision: string }>(
    sql`insert into channels (key, doc) values (${channel.key}, ${JSON.stringify(channel)}::jsonb)
        on conflict do nothing returning revision`,
  )
  return rows[0] === undefined ? undefined : Number(rows[0].revision)
}

/**
 * Stores the channel in place of that state of it and answers the new revision; undefined when that state is past. It is used again
 * if its receiver had refused.
 */
export async function replaceChannel(db: Queryable, channel: Channel, revision: number): Promise<number | undefined> {
  const { rows } = await db.execute<{ revision: string }>(
    sql`update channels set doc = ${JSON.stringify(channel)}::jsonb, updated_at = now(), refused = null
        where key = ${channel.key} and revision = ${revision} returning revision`,
  )
  return rows[0] === undefined ? undefined : Number(rows[0].revision)
}

/** Stores the channel under its key, whether there was one or not; it is used again if its receiver had refused. */
export async function putChannel(db: Queryable, channel: Channel): Promise<'created' | 'changed'> {
  const { rows } = await db.execute<{ created: boolean }>(
    sql`insert into channels (key, doc) values (${channel.key}, ${JSON.stringify(channel)}::jsonb)
        on conflict (key) do update set doc = excluded.doc, updated_at = now(), refused = null returning xmax = 0 as created`,
  )
  return rows[0]?.created === true ? 'created' : 'changed'
}

/** Deletes the channel, or that state of it alone; answers whether it was there. */
export async function deleteChannel(db: Queryable, key: string, revision?: number): Promise<boolean> {
  const { rows } = await db.execute(
    sql`delete from channels where key = ${key} and ${revision === undefined ? sql`true` : sql`revision = ${revision}`}
        returning key`,
  )
  return rows.length > 0
}

/** The receiver is gone for good, as it says: nothing more is sent there until the channel is written anew. */
export async function refuseChannel(db: Queryable, key: string, reason: string): Promise<void> {
  await db.execute(sql`update channels set refused = ${reason} where key = ${key}`)
}

/** Fields that came to be after a channel was stored get their defaults here, and all of them their usual order. */
export function readChannel(stored: Channel): Channel {
  return Channel.safeParse(stored).data ?? stored
}
