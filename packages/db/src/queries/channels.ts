import { type Channel, DomainError } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** A channel with why its receiver does not want to hear from us any more, if it said so. */
export type StoredChannel = { channel: Channel; refused: string | null }

type Row = { doc: Channel; refused: string | null }

export async function listChannels(
  db: Queryable,
  page: { after?: string | undefined; limit: number },
): Promise<StoredChannel[]> {
  const { rows } = await db.execute<Row>(
    sql`select doc, refused from channels where ${page.after === undefined ? sql`true` : sql`key > ${page.after}`}
        order by key limit ${page.limit}`,
  )
  return rows.map(({ doc, refused }) => ({ channel: doc, refused }))
}

export async function findChannel(db: Queryable, key: string): Promise<StoredChannel | undefined> {
  const { rows } = await db.execute<Row>(sql`select doc, refused from channels where key = ${key}`)
  return rows[0] === undefined ? undefined : { channel: rows[0].doc, refused: rows[0].refused }
}

/** Stores a new channel; a DomainError `conflict` when its key is taken. */
export async function createChannel(db: Queryable, channel: Channel): Promise<void> {
  const { rows } = await db.execute(
    sql`insert into channels (key, doc) values (${channel.key}, ${JSON.stringify(channel)}::jsonb) on conflict do nothing returning key`,
  )
  if (rows.length === 0) throw new DomainError('conflict', `a channel "${channel.key}" exists already`)
}

/** Stores the channel under its key, whether there was one or not; it is used again if its receiver had refused. */
export async function putChannel(db: Queryable, channel: Channel): Promise<'created' | 'changed'> {
  const { rows } = await db.execute<{ created: boolean }>(
    sql`insert into channels (key, doc) values (${channel.key}, ${JSON.stringify(channel)}::jsonb)
        on conflict (key) do update set doc = excluded.doc, updated_at = now(), refused = null returning xmax = 0 as created`,
  )
  return rows[0]?.created === true ? 'created' : 'changed'
}

export async function deleteChannel(db: Queryable, key: string): Promise<boolean> {
  const { rows } = await db.execute(sql`delete from channels where key = ${key} returning key`)
  return rows.length > 0
}

/** The receiver is gone for good, as it says: nothing more is sent there until the channel is written anew. */
export async function refuseChannel(db: Queryable, key: string, reason: string): Promise<void> {
  await db.execute(sql`update channels set refused = ${reason} where key = ${key}`)
}
