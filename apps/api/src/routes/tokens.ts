import { DomainError, TokenSettings } from '@sonde/core'
import { changeToken, createToken, deleteToken, findToken, listTokens, type StoredToken } from '@sonde/db'
import { makeToken, tokenDigest } from '@sonde/secrets'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { cursorOfKey, encodeCursor } from '../cursor.ts'
import { MergePatch, patched } from '../documents.ts'
import { compareAndSet, etagOf, isKnown } from '../preconditions.ts'
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
      const token = await existing(id)
      return reply
        .code(201)
        .header('location', `/api/v1/tokens/${id}`)
        .header('etag', etagOf(token))
        .header('cache-control', 'no-store')
        .send({ ...shown(token), token: text })
    },
  )

  app.get(
    '/tokens/:id',
    {
      schema: {
        summary: 'Read what is known of a token',
        tags: ['tokens'],
        params: IdParams,
        response: { 200: ShownToken, 304: z.null(), ...problems },
      },
    },
    async ({ params, headers }, reply) => {
      const token = await existing(params.id)
      if (isKnown(headers, token)) return reply.code(304).header('etag', etagOf(token)).send(null)
      return answer(reply, token)
    },
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
    async ({ params, body, headers }, reply) => {
      const write = ({ revision }: StoredToken) => changeToken(db, params.id, body, revision)
      return answer(reply, await compareAndSet(headers, () => existing(params.id), write))
    },
  )

  app.patch(
    '/tokens/:id',
    {
      schema: {
        summary: 'Change some settings of a token',
        tags: ['tokens'],
        params: IdParams,
        body: MergePatch,
        response: { 200: ShownToken, ...problems },
      },
    },
    async ({ params, body, headers }, reply) => {
      const write = ({ name, scopes, labels, expiresAt, revision }: StoredToken) =>
        changeToken(db, params.id, patched(TokenSettings, { name, scopes, labels, expiresAt }, body), revision)
      return answer(reply, await compareAndSet(headers, () => existing(params.id), write))
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
    async ({ params, headers }, reply) => {
      const write = async ({ revision }: StoredToken) => (await deleteToken(db, params.id, revision)) || undefined
      await compareAndSet(headers, () => existing(params.id), write)
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
}

function answer(reply: FastifyReply, token: StoredToken): FastifyReply {
  return reply.header('etag', etagOf(token)).send(shown(token))
}

function shown({ createdAt, lastUsedAt, revision: _revision, ...token }: StoredToken) {
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
