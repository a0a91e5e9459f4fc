import type { AuditEntry } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

export type AuditFilter = {
  action?: string | undefined
  resource?: string | undefined
  key?: string | undefined
  token?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  limit: number
} & (
  | { order: 'newest' /** The last of the page before. */; before?: number | undefined }
  | { order: 'oldest'; after: number }
)

type Row = {
  id: string
  at: Date
  action: string
  resource: string
  key: string
  token: string
  detail_hash: string
  hash: string
  salt: string | null
  detail: string | null
}

/** A page of the audit log, with the details that were not erased. */
export async function listAudit(db: Queryable, filter: AuditFilter): Promise<AuditEntry[]> {
  const { action, resource, key, token, from, to, limit } = filter
  const conditions = [
    sql`true`,
    ...(action === undefined ? [] : [sql`a.action = ${action}`]),
    ...(resource === undefined ? [] : [sql`a.resource = ${resource}`]),
    ...(key === undefined ? [] : [sql`a.key = ${key}`]),
    ...(token === undefined ? [] : [sql`a.token = ${token}`]),
    ...(from === undefined ? [] : [sql`a.at >= ${from.toISOString()}::timestamptz`]),
    ...(to === undefined ? [] : [sql`a.at < ${to.toISOString()}::timestamptz`]),
    ...(filter.order === 'newest' && filter.before !== undefined ? [sql`a.id < ${filter.before}`] : []),
    ...(filter.order === 'oldest' ? [sql`a.id > ${filter.after}`] : []),
  ]
  const { rows } = await db.execute<Row>(
    sql`select a.id, a.at, a.action, a.resource, a.key, a.token, encode(a.detail_hash, 'hex') as detail_hash,
          encode(a.hash, 'hex') as hash, encode(d.salt, 'hex') as salt, d.detail
        from audit a left join audit_details d using (id) where ${sql.join(conditions, sql` and `)}
        order by a.id ${filter.order === 'newest' ? sql`desc` : sql`asc`} limit ${limit}`,
  )
  return rows.map(({ id, at, detail_hash, ...same }) => ({
    id: Number(id),
    at: new Date(at).toISOString(),
    detailHash: detail_hash,
    ...same,
  }))
}

/** The last entry as `ID:HASH`; undefined while there is none. */
export async function auditHead(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.execute<{ head: string }>(
    sql`select id || ':' || encode(hash, 'hex') as head from audit order by id desc limit 1`,
  )
  return rows[0]?.head
}

/** Adds an entry for what changes no row of ours: an attempt that was denied, a probe that was run. */
export async function appendAudit(
  db: Queryable,
  entry: { action: string; resource: string; key: string; detail: Record<string, unknown> },
): Promise<void> {
  const { action, resource, key, detail } = entry
  await db.execute(sql`select audit_append(${action}, ${resource}, ${key}, ${JSON.stringify(detail)}::jsonb)`)
}

/** Erases the details of entries: of one token, of before an instant, or both. The entries and their chain stay. Answers how many. */
export async function eraseAuditDetails(
  db: Queryable,
  which: { token?: string | undefined; before?: Date | undefined },
): Promise<number> {
  const { token, before } = which
  const { rowCount } = await db.execute(
    sql`delete from audit_details d using audit a where a.id = d.id
          and ${token === undefined ? sql`true` : sql`a.token = ${token}`}
          and ${before === undefined ? sql`true` : sql`a.at < ${before.toISOString()}::timestamptz`}`,
  )
  return rowCount ?? 0
}
