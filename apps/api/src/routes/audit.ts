import { Readable } from 'node:stream'
import type { AuditEntry } from '@sonde/core'
import { DomainError } from '@sonde/core'
import { appendAudit, type Database, eraseAuditDetails, listAudit } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { Cursor, Instant, Limit, page, problems } from '../schemas.ts'

const Query = z.strictObject({
  action: z.string().max(64).optional().describe('`create`, `change`, `delete`, `run`, `test`, `denied`, `erase` …'),
  resource: z.string().max(64).optional().describe('`check`, `channel`, `token` …'),
  key: z.string().max(512).optional().describe('Of the resource'),
  token: z.string().max(64).optional().describe('The id of the token that acted'),
  from: Instant.optional(),
  to: Instant.optional(),
  cursor: Cursor,
  limit: Limit,
})
const ExportQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).describe('The id of the last entry that is at hand'),
  limit: z.coerce.number().int().min(1).max(1_000_000).default(1_000_000).describe('How many entries at most'),
})
const Erasure = z
  .strictObject({ token: z.string().min(1).max(64).optional(), before: Instant.optional() })
  .refine(({ token, before }) => token !== undefined || before !== undefined, 'expected token, before, or both')

const Entry = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  action: z.string(),
  resource: z.string(),
  key: z.string(),
  token: z.string().describe('The id of the token that acted, `admin`, or the process that acted by itself'),
  hash: z.string().describe('SHA-256 over the hash of the entry before and this one'),
  detail: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('Name, address, route, and the document before and after without its secrets; null once it was erased'),
})

const exportedAtOnce = 500

/** Who did what: to be read, exported, and relieved of what it says of persons. It cannot be written to. */
export function auditRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/audit',
    {
      schema: {
        summary: 'List the audit log, newest first',
        tags: ['audit'],
        querystring: Query,
        response: { 200: page(Entry), ...problems },
      },
    },
    async ({ query }) => {
      const before = decodeCursor(query.cursor, (value) => z.int().safeParse(value).data)
      const { limit, action, resource, key, token, from, to } = query
      const rows = await listAudit(db, {
        order: 'newest',
        before,
        action,
        resource,
        key,
        token,
        from,
        to,
        limit: limit + 1,
      })
      const items = rows.slice(0, limit).map(shown)
      return { items, nextCursor: rows.length > limit ? encodeCursor(items.at(-1)?.id) : null }
    },
  )

  app.get(
    '/audit/export',
    {
      config: { produces: ['application/x-ndjson'] },
      schema: {
        summary: 'The audit log as JSON lines, oldest first, with all that its hashes are over',
        description: 'What `sonde audit verify` reads. `detail` is the text that was hashed: JSON within JSON.',
        tags: ['audit'],
        querystring: ExportQuery,
        response: { 200: z.string().describe('application/x-ndjson: an entry a line'), ...problems },
      },
    },
    async ({ query }, reply) =>
      reply.type('application/x-ndjson').send(Readable.from(lines(db, query)) as unknown as string),
  )

  app.post(
    '/audit/erase',
    {
      schema: {
        summary: 'Erase what entries say of persons: their details. The entries and their chain stay',
        tags: ['audit'],
        body: Erasure,
        response: { 200: z.object({ erased: z.int() }), ...problems },
      },
    },
    async ({ body }) => {
      const erased = await db.transaction(async (tx) => {
        const count = await eraseAuditDetails(tx, body)
        const said = { token: body.token ?? null, before: body.before?.toISOString() ?? null, erased: count }
        await appendAudit(tx, { action: 'erase', resource: 'audit', key: 'details', detail: said })
        return count
      })
      return { erased }
    },
  )
}

function shown({ id, at, action, resource, key, token, hash, detail }: AuditEntry) {
  return { id, at, action, resource, key, token, hash, detail: detail === null ? null : readDetail(id, detail) }
}

function readDetail(id: number, detail: string): Record<string, unknown> {
  try {
    return JSON.parse(detail) as Record<string, unknown>
  } catch (error) {
    throw new DomainError(
      'unavailable',
      `entry ${id} of the audit log cannot be read: run sonde audit verify (${String(error)})`,
    )
  }
}

async function* lines(db: Database, { after, limit }: { after: number; limit: number }): AsyncGenerator<string> {
  let left = limit
  for (let last = after; left > 0; ) {
    const wanted = Math.min(left, exportedAtOnce)
    const entries = await listAudit(db, { order: 'oldest', after: last, limit: wanted })
    if (entries.length > 0) yield `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`
    if (entries.length < wanted) return
    last = entries.at(-1)?.id ?? last
    left -= entries.length
  }
}
