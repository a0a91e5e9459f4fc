import { DomainError, Silence, SilenceInput, spanOfSilence } from '@sonde/core'
import {
  createSilence,
  deleteSilence,
  findSilence,
  listSilences,
  replaceSilence,
  type SilenceFields,
  type StoredSilence,
  silenceStates,
} from '@sonde/db'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { MergePatch, patched } from '../documents.ts'
import { compareAndSet, etagOf, isKnown } from '../preconditions.ts'
import { Cursor, Limit, page, problems } from '../schemas.ts'

const ListQuery = z.strictObject({
  state: z.enum(silenceStates).optional(),
  cursor: Cursor,
  limit: Limit,
})
const Position = z.tuple([z.iso.datetime(), z.uuid()])
const IdParams = z.object({ id: z.uuid() })
const tags = ['silences']

/** Silences by id: list, make, read, replace, change, delete. They take effect at once. */
export function silenceRoutes(app: ApiInstance, { db, queues }: ApiServices): void {
  const fieldsOf = (input: SilenceInput) => fieldsAt(input, queues.clock.now())

  app.get(
    '/silences',
    {
      schema: {
        summary: 'List silences, newest first',
        tags,
        querystring: ListQuery,
        response: { 200: page(Silence), ...problems },
      },
    },
    async ({ query: { state, cursor, limit }, holder }) => {
      const position = decodeCursor(cursor, (value) => Position.safeParse(value).data)
      const after = position === undefined ? undefined : { createdAt: new Date(position[0]), id: position[1] }
      const rows = await listSilences(db, { state, after, limit: limit + 1, within: holder.labels })
      const items = rows.slice(0, limit).map(({ silence }) => silence)
      const last = items.at(-1)
      return {
        items,
        nextCursor: rows.length > limit && last !== undefined ? encodeCursor([last.createdAt, last.id]) : null,
      }
    },
  )

  app.post(
    '/silences',
    {
      schema: {
        summary: 'Stop notifications of what matches for a while',
        tags,
        body: SilenceInput,
        response: { 201: Silence, ...problems },
      },
    },
    async ({ body }, reply) => {
      const stored = await createSilence(db, fieldsOf(body))
      return answer(reply.code(201).header('location', `/api/v1/silences/${stored.silence.id}`), stored)
    },
  )

  app.get(
    '/silences/:id',
    {
      schema: {
        summary: 'Read a silence',
        tags,
        params: IdParams,
        response: { 200: Silence, 304: z.null(), ...problems },
      },
    },
    async ({ params, headers }, reply) => {
      const stored = await existing(params.id)
      if (isKnown(headers, stored)) return reply.code(304).header('etag', etagOf(stored)).send(null)
      return answer(reply, stored)
    },
  )

  app.put(
    '/silences/:id',
    {
      schema: {
        summary: 'Replace a silence',
        tags,
        params: IdParams,
        body: SilenceInput,
        response: { 200: Silence, ...problems },
      },
    },
    async ({ params, body, headers }, reply) => {
      const write = ({ revision }: StoredSilence) => replaceSilence(db, params.id, fieldsOf(body), revision)
      return answer(reply, await compareAndSet(headers, () => existing(params.id), write))
    },
  )

  app.patch(
    '/silences/:id',
    {
      schema: {
        summary: 'Change fields of a silence, such as when it ends',
        tags,
        params: IdParams,
        body: MergePatch,
        response: { 200: Silence, ...problems },
      },
    },
    async ({ params, body, headers }, reply) => {
      const write = ({ silence, revision }: StoredSilence) => {
        const { id: _id, createdAt: _createdAt, ...current } = silence
        // Who says how long it lasts does not mean the end that it has.
        const under = 'duration' in body ? { ...current, endsAt: undefined } : current
        return replaceSilence(db, params.id, fieldsOf(patched(SilenceInput, under, body)), revision)
      }
      return answer(reply, await compareAndSet(headers, () => existing(params.id), write))
    },
  )

  app.delete(
    '/silences/:id',
    {
      schema: {
        summary: 'Delete a silence: what it kept quiet is told now',
        tags,
        params: IdParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async ({ params, headers }, reply) => {
      const write = async ({ revision }: StoredSilence) => (await deleteSilence(db, params.id, revision)) || undefined
      await compareAndSet(headers, () => existing(params.id), write)
      return reply.code(204).send(null)
    },
  )

  async function existing(id: string): Promise<StoredSilence> {
    const found = await findSilence(db, id)
    if (found === undefined) throw new DomainError('not_found', `there is no silence "${id}"`)
    return found
  }
}

function fieldsAt(input: SilenceInput, nowMs: number): SilenceFields {
  const { labels, checks, rules, comment, createdBy } = input
  return { labels, checks, rules, comment, createdBy, ...spanOfSilence(input, nowMs) }
}

function answer(reply: FastifyReply, stored: StoredSilence): FastifyReply {
  return reply.header('etag', etagOf(stored)).send(stored.silence)
}
