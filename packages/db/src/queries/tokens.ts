import type { Scope, TokenSettings } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** A token; `revision` names this state of its settings. */
export type StoredToken = TokenSettings & { id: string; createdAt: Date; lastUsedAt: Date | null; revision: number }

type Row = {
  id: string
  name: string
  scopes: Scope[]
  labels: Record<string, string>
  created_at: Date
  expires_at: Date | null
  last_used_at: Date | null
  revision: string
}

const columns = sql.raw('id, name, scopes, labels, created_at, expires_at, last_used_at, revision')

/** Tokens in the order of their ids, at most `limit`, after the id `after`. */
export async function listTokens(
  db: Queryable,
  page: { after?: string | undefined; limit: number },
): Promise<StoredToken[]> {
  const { rows } = await db.execute<Row>(
    sql`select ${columns} from tokens where ${page.after === undefined ? sql`true` : sql`id > ${page.after}`}
        order by id limit ${page.limit}`,
  )
  return rows.map(read)
}

export async function findToken(db: Queryable, id: string): Promise<StoredToken | undefined> {
  const { rows } = await db.execute<Row>(sql`select ${columns} from tokens where id = ${id}`)
  return rows[0] === undefined ? undefined : read(rows[0])
}

export type HeldToken = {
  token: StoredToken
  digest: Buffer
  expired: boolean
  /** Its last use is to be noted: it is a minute old, or there was none. */
  stale: boolean
}

/** The token of this id with its digest, for whoever says to hold it. */
export async function findHeldToken(db: Queryable, id: string): Promise<HeldToken | undefined> {
  const { rows } = await db.execute<Row & { digest: Buffer; expired: boolean; stale: boolean }>(
    sql`select ${columns}, digest, coalesce(expires_at <= now(), false) as expired,
          coalesce(last_used_at < now() - interval '1 minute', true) as stale
        from tokens where id = ${id}`,
  )
  const [row] = rows
  return row === undefined
    ? undefined
    : { token: read(row), digest: row.digest, expired: row.expired, stale: row.stale }
}

/** Notes that a token was used, at most once a minute: a row rewritten with every request would cost more than the request. */
export async function noteTokenUse(db: Queryable, id: string): Promise<void> {
  await db.execute(
    sql`update tokens set last_used_at = now()
        where id = ${id} and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
  )
}

/** Stores a new token; false when there is one of this id. */
export async function createToken(
  db: Queryable,
  token: TokenSettings & { id: string; digest: Buffer },
): Promise<boolean> {
  const { id, digest, name, scopes, labels, expiresAt } = token
  const { rows } = await db.execute(
    sql`insert into tokens (id, digest, name, scopes, labels, expires_at)
        values (${id}, ${digest}, ${name}, ${sql.param(scopes)}::text[], ${JSON.stringify(labels)}::jsonb, ${expiresAt}::timestamptz)
        on conflict do nothing returning id`,
  )
  return rows.length > 0
}

/** Gives a token other settings in place of those of that state of it; undefined when that state is past. */
export async function changeToken(
  db: Queryable,
  id: string,
  { name, scopes, labels, expiresAt }: TokenSettings,
  revision: number,
): Promise<StoredToken | undefined> {
  const { rows } = await db.execute<Row>(
    sql`update tokens set name = ${name}, scopes = ${sql.param(scopes)}::text[], labels = ${JSON.stringify(labels)}::jsonb,
          expires_at = ${expiresAt}::timestamptz where id = ${id} and revision = ${revision} returning ${columns}`,
  )
  return rows[0] === undefined ? undefined : read(rows[0])
}

/** Revokes that state of a token, at once and everywhere: every request looks its token up. Answers whether it was there. */
export async function deleteToken(db: Queryable, id: string, revision: number): Promise<boolean> {
  const { rows } = await db.execute(sql`delete from tokens where id = ${id} and revision = ${revision} returning id`)
  return rows.length > 0
}

function read(row: Row): StoredToken {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    labels: row.labels,
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
    createdAt: new Date(row.created_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
    revision: Number(row.revision),
  }
}
