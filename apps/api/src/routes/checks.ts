import { Check, DomainError } from '@sonde/core'
import { createCheck, deleteCheck, findCheck, listChecks, putCheck } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { KeyParams, LabelFilter, Limit, labelsOf, page, problems } from '../schemas.ts'

const ListQuery = z.strictObject({
  label: LabelFilter.optional(),
  kind: z.string().max(16).optional(),
  cursor: z.string().max(512).optional(),
  limit: Limit,
})

/** Checks by key: list, make, read, replace, delete. */
export function checkRoutes(app: ApiInstance, { db, seal }: ApiServices): void {
  app.get(
    '/checks',
    {
      schema: {
        summary: 'List checks in key order',
        tags: ['checks'],
        querystring: ListQuery,
        response: { 200: page(Check), ...problems },
      },
    },
    async ({ query }) => {
      const after = decodeCursor(query.cursor, (value) => (typeof value === 'string' ? value : undefined))
      const wanted = query.label === undefined ? undefined : labelsOf([query.label].flat())
      const rows = await listChecks(db, {
        after,
        limit: query.limit + 1,
        kind: query.kind,
        ...(wanted === undefined ? {} : { labels: wanted }),
      })
      const items = rows.slice(0, query.limit).map(({ check }) => check)
      return { items, nextCursor: rows.length > query.limit ? encodeCursor(items.at(-1)?.key) : null }
    },
  )

  app.post(
    '/checks',
    { schema: { summary: 'Make a check', tags: ['checks'], body: Check, response: { 201: Check, ...problems } } },
    async ({ body }, reply) => {
      const check = seal(body)
      await createCheck(db, check)
      return reply.code(201).header('location', `/api/v1/checks/${check.key}`).send(check)
    },
  )

  app.get(
    '/checks/:key',
    { schema: { summary: 'Read a check', tags: ['checks'], params: KeyParams, response: { 200: Check, ...problems } } },
    async ({ params }) => (await existing(params.key)).check,
  )

  app.put(
    '/checks/:key',
    {
      schema: {
        summary: 'Make a check, or replace it whole',
        tags: ['checks'],
        params: KeyParams,
        body: Check,
        response: { 200: Check, 201: Check, ...problems },
      },
      // The key stands in the path; a body that leaves it out means the same one.
      preValidation: async (request) => {
        const { body, params } = request as { body: unknown; params: { key: string } }
        if (typeof body === 'object' && body !== null && !('key' in body)) Object.assign(body, { key: params.key })
      },
    },
    async ({ params, body }, reply) => {
      if (body.key !== params.key) {
        const message = `expected "${params.key}" as in the path, found "${body.key}"`
        throw new DomainError('invalid', `key: ${message}`, [{ path: 'key', message }])
      }
      const check = seal(body)
      const action = await putCheck(db, check)
      return reply.code(action === 'created' ? 201 : 200).send(check)
    },
  )

  app.delete(
    '/checks/:key',
    {
      schema: {
        summary: 'Delete a check',
        tags: ['checks'],
        params: KeyParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async ({ params }, reply) => {
      if (!(await deleteCheck(db, params.key))) throw notFound(params.key)
      return reply.code(204).send(null)
    },
  )

  async function existing(key: string) {
    const found = await findCheck(db, key)
    if (found === undefined) throw notFound(key)
    return found
  }
}

export function notFound(key: string): DomainError {
  return new DomainError('not_found', `there is no check "${key}"`)
}
