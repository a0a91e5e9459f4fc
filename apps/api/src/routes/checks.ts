import { Check, DomainError } from '@sonde/core'
import { CheckTexts, createCheck, deleteCheck, findCheck, insertCheck, replaceCheck, type StoredCheck } from '@sonde/db'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { cursorOfKey, encodeCursor } from '../cursor.ts'
import { assertKeyOfPath, keyFromPath, MergePatch, patched } from '../documents.ts'
import { sendJson } from '../parts.ts'
import { compareAndSet, etagOf, isKnown } from '../preconditions.ts'
import { Cursor, KeyParams, Kind, LabelFilter, Limit, labelsOf, page, problems } from '../schemas.ts'

const ListQuery = z.strictObject({
  label: LabelFilter.optional(),
  kind: Kind.optional(),
  cursor: Cursor,
  limit: Limit,
})

/** Checks by key: list, make, read, replace, change, delete. */
export function checkRoutes(app: ApiInstance, { db, seal }: ApiServices): void {
  const all = new CheckTexts(db)

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
    async ({ query: { cursor, limit, label, kind }, holder }, reply) => {
      const items = await all.list({
        after: cursorOfKey(cursor),
        limit: limit + 1,
        kind,
        within: holder.labels,
        ...(label === undefined ? {} : { labels: labelsOf([label].flat()) }),
      })
      const shown = items.slice(0, limit)
      const nextCursor = items.length > limit ? encodeCursor(shown.at(-1)?.key) : null
      const text = `{"items":[${shown.map((item) => item.text).join()}],"nextCursor":${JSON.stringify(nextCursor)}}`
      return sendJson(reply, text)
    },
  )

  app.post(
    '/checks',
    { schema: { summary: 'Make a check', tags: ['checks'], body: Check, response: { 201: Check, ...problems } } },
    async ({ body }, reply) => {
      const check = seal(body)
      const revision = await createCheck(db, check)
      return reply
        .code(201)
        .header('location', `/api/v1/checks/${check.key}`)
        .header('etag', etagOf({ revision }))
        .send(check)
    },
  )

  app.get(
    '/checks/:key',
    {
      schema: {
        summary: 'Read a check',
        tags: ['checks'],
        params: KeyParams,
        response: { 200: Check, 304: z.null(), ...problems },
      },
    },
    async ({ params, headers }, reply) => {
      const stored = await existing(params.key)
      void reply.header('etag', etagOf(stored))
      return isKnown(headers, stored) ? reply.code(304).send(null) : reply.send(stored.check)
    },
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
      preValidation: keyFromPath,
    },
    async ({ params, body, headers }, reply) => {
      assertKeyOfPath(params, body)
      const write = async (current: StoredCheck | undefined) => {
        const check = seal(body, current?.check)
        const revision =
          current === undefined ? await insertCheck(db, check) : await replaceCheck(db, check, current.revision)
        return revision === undefined ? undefined : { check, revision, status: current === undefined ? 201 : 200 }
      }
      return answer(reply, await compareAndSet(headers, () => findCheck(db, params.key), write))
    },
  )

  app.patch(
    '/checks/:key',
    {
      schema: {
        summary: 'Change fields of a check',
        tags: ['checks'],
        params: KeyParams,
        body: MergePatch,
        response: { 200: Check, ...problems },
      },
    },
    async ({ params, body, headers }, reply) => {
      const write = async (current: StoredCheck) => {
        const wanted = patched(Check, current.check, body)
        assertKeyOfPath(params, wanted)
        const check = seal(wanted, current.check)
        const revision = await replaceCheck(db, check, current.revision)
        return revision === undefined ? undefined : { check, revision, status: 200 }
      }
      return answer(reply, await compareAndSet(headers, () => existing(params.key), write))
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
    async ({ params, headers }, reply) => {
      const write = async ({ revision }: StoredCheck) => (await deleteCheck(db, params.key, revision)) || undefined
      await compareAndSet(headers, () => existing(params.key), write)
      return reply.code(204).send(null)
    },
  )

  async function existing(key: string): Promise<StoredCheck> {
    const found = await findCheck(db, key)
    if (found === undefined) throw notFound(key)
    return found
  }
}

function answer(reply: FastifyReply, written: { check: Check; revision: number; status: number }): FastifyReply {
  return reply.code(written.status).header('etag', etagOf(written)).send(written.check)
}

export function notFound(key: string): DomainError {
  return new DomainError('not_found', `there is no check "${key}"`)
}
