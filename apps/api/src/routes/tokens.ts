import { DomainError, problemsOf, TokenChanges, TokenSettings } from '@sonde/core'
import { changeToken, createToken, deleteToken, findToken, listTokens, type StoredToken } from '@sonde/db'
import { makeToken, tokenDigest } from '@sonde/secrets'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { cursorOfKey, encodeCursor } from '../cursor.ts'
import { Cursor, Limit, page, problems } from '../schemas.ts'

const ListQuery = z.strictObject({ cursor: Cursor, limit: Limit })
const IdParams = z.object({
  id: z.string().max(64).describe('The part between the first and the second _ of the token'),
})

const ShownToken = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  labels: z.record(z.string(), z.string()).describe('It reaches checks that have all of these, and nothing else'),
  expiresAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable().describe('To the minute'),
})
const NewToken = ShownToken.extend({ token: z.string().describe('Shown this once: its digest alone is kept') })

/** Who may ask, and what: made, read, changed and revoked by whoever holds the scope admin. */
export function tokenRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/tokens',
    {
      schema: {
        summary: 'List tokens in the order of their ids',
        tags: ['tokens'],
        querystring: ListQuery,
        response: { 200: page(ShownToken), ...problems },
      },
    },
    async ({ query }) => {
      const after = cursorOfKey(query.cursor)
      const rows = await listTokens(db, { after, limit: query.limit + 1 })
      const items = rows.slice(0, query.limit).map(shown)
      return { items, nextCursor: rows.length > query.limit ? encodeCursor(items.at(-1)?.id) : null }
    },
  )

  app.post(
    '/tokens',
    {
      schema: {
        summary: 'Make a token, and show it once',
        tags: ['tokens'],
        body: TokenSettings,
        response: { 201: NewToken, ...problems },
      },
    },
    async ({ body }, reply) => {
      assertToCome(body.expiresAt)
      const { id, text } = await made(body)
      return reply
        .code(201)
        .header('location', `/api/v1/tokens/${id}`)
        .header('cache-control', 'no-store')
        .send({ ...shown(await existing(id)), token: text })
    },
  )

  app.get(
    '/tokens/:id',
    {
      schema: {
        summary: 'Read what is known of a token',
        tags: ['tokens'],
        params: IdParams,
        response: { 200: ShownToken, ...problems },
      },
    },
    async ({ params }) => shown(await existing(params.id)),
  )

  app.put(
    '/tokens/:id',
    {
      schema: {
        summary: 'Give a token another name, other scopes, labels or another end',
        tags: ['tokens'],
        params: IdParams,
        body: TokenSettings,
        response: { 200: ShownToken, ...problems },
      },
    },
    async ({ params, body }) => changed(params.id, body),
  )

  app.patch(
    '/tokens/:id',
    {
      schema: {
        summary: 'Change some settings of a token',
        tags: ['tokens'],
        params: IdParams,
        body: TokenChanges,
        response: { 200: ShownToken, ...problems },
      },
    },
    async ({ params, body }) => {
      const { name, scopes, labels, expiresAt } = await existing(params.id)
      const merged = TokenSettings.safeParse({ name, scopes, labels, expiresAt, ...body })
      if (merged.success) return changed(params.id, merged.data)
      const wrong = problemsOf(merged.error)
      throw new DomainError('invalid', wrong.map(({ path, message }) => `${path}: ${message}`).join('; '), wrong)
    },
  )

  app.delete(
    '/tokens/:id',
    {
      schema: {
        summary: 'Revoke a token, at once and on every API process',
        tags: ['tokens'],
        params: IdParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async ({ params }, reply) => {
      if (!(await deleteToken(db, params.id))) throw notFound(params.id)
      return reply.code(204).send(null)
    },
  )

  async function made(settings: TokenSettings): Promise<{ id: string; text: string }> {
    // Of 2^40 ids the same comes up twice some day.
    for (;;) {
      const token = makeToken()
      if (await createToken(db, { ...settings, id: token.id, digest: tokenDigest(token.text) })) return token
    }
  }

  async function existing(id: string): Promise<StoredToken> {
    const found = await findToken(db, id)
    if (found === undefined) throw notFound(id)
    return found
  }

  async function changed(id: string, settings: TokenSettings) {
    const token = await changeToken(db, id, settings)
    if (token === undefined) throw notFound(id)
    return shown(token)
  }
}

function shown({ createdAt, lastUsedAt, ...token }: StoredToken) {
  return { ...token, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null }
}

function notFound(id: string): DomainError {
  return new DomainError('not_found', `there is no token with the id "${id}"`)
}

/** A token that is made expired is a slip of the pen; one that is changed so is ended. */
function assertToCome(expiresAt: string | null): void {
  if (expiresAt === null || new Date(expiresAt) > new Date()) return
  const message = `expected an instant to come, found ${expiresAt}`
  throw new DomainError('invalid', `expiresAt: ${message}`, [{ path: 'expiresAt', message }])
}
