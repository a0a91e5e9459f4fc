import { Channel, DomainError } from '@sonde/core'
import {
  createChannel,
  deleteChannel,
  findChannel,
  insertChannel,
  listChannels,
  replaceChannel,
  type StoredChannel,
} from '@sonde/db'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { cursorOfKey, encodeCursor } from '../cursor.ts'
import { assertKeyOfPath, keyFromPath, MergePatch, patched } from '../documents.ts'
import { compareAndSet, etagOf, isKnown } from '../preconditions.ts'
import { Cursor, KeyParams, Limit, page, problems } from '../schemas.ts'

const ListQuery = z.strictObject({ cursor: Cursor, limit: Limit })
/** Where notifications go. Credentials are shown sealed. */
export function channelRoutes(app: ApiInstance, services: ApiServices): void {
  const { db, sealChannel } = services

  app.get(
    '/channels',
    {
      schema: {
        summary: 'List channels in key order',
        tags: ['channels'],
        querystring: ListQuery,
        response: { 200: page(Channel), ...problems },
      },
    },
    async ({ query }) => {
      const after = cursorOfKey(query.cursor)
      const rows = await listChannels(db, { after, limit: query.limit + 1 })
      const items = rows.slice(0, query.limit).map(({ channel }) => channel)
      return { items, nextCursor: rows.length > query.limit ? encodeCursor(items.at(-1)?.key) : null }
    },
  )

  app.post(
    '/channels',
    {
      schema: { summary: 'Make a channel', tags: ['channels'], body: Channel, response: { 201: Channel, ...problems } },
    },
    async ({ body }, reply) => {
      const channel = sealChannel(body)
      const revision = await createChannel(db, channel)
      return reply
        .code(201)
        .header('location', `/api/v1/channels/${channel.key}`)
        .header('etag', etagOf({ revision }))
        .send(channel)
    },
  )

  app.get(
    '/channels/:key',
    {
      schema: {
        summary: 'Read a channel',
        tags: ['channels'],
        params: KeyParams,
        response: { 200: Channel, 304: z.null(), ...problems },
      },
    },
    async ({ params, headers }, reply) => {
      const stored = await existing(params.key)
      void reply.header('etag', etagOf(stored))
      return isKnown(headers, stored) ? reply.code(304).send(null) : reply.send(stored.channel)
    },
  )

  app.put(
    '/channels/:key',
    {
      schema: {
        summary: 'Make a channel, or replace it whole',
        tags: ['channels'],
        params: KeyParams,
        body: Channel,
        response: { 200: Channel, 201: Channel, ...problems },
      },
      preValidation: keyFromPath,
    },
    async ({ params, body, headers }, reply) => {
      assertKeyOfPath(params, body)
      const write = async (current: StoredChannel | undefined) => {
        const channel = sealChannel(body, current?.channel)
        const revision =
          current === undefined ? await insertChannel(db, channel) : await replaceChannel(db, channel, current.revision)
        return revision === undefined ? undefined : { channel, revision, status: current === undefined ? 201 : 200 }
      }
      return answer(reply, await compareAndSet(headers, () => findChannel(db, params.key), write))
    },
  )

  app.patch(
    '/channels/:key',
    {
      schema: {
        summary: 'Change fields of a channel',
        tags: ['channels'],
        params: KeyParams,
        body: MergePatch,
        response: { 200: Channel, ...problems },
      },
    },
    async ({ params, body, headers }, reply) => {
      const write = async (current: StoredChannel) => {
        const wanted = patched(Channel, current.channel, body)
        assertKeyOfPath(params, wanted)
        const channel = sealChannel(wanted, current.channel)
        const revision = await replaceChannel(db, channel, current.revision)
        return revision === undefined ? undefined : { channel, revision, status: 200 }
      }
      return answer(reply, await compareAndSet(headers, () => existing(params.key), write))
    },
  )

  app.delete(
    '/channels/:key',
    {
      schema: {
        summary: 'Delete a channel',
        tags: ['channels'],
        params: KeyParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async ({ params, headers }, reply) => {
      const write = async ({ revision }: StoredChannel) => (await deleteChannel(db, params.key, revision)) || undefined
      await compareAndSet(headers, () => existing(params.key), write)
      return reply.code(204).send(null)
    },
  )

  async function existing(key: string): Promise<StoredChannel> {
    const found = await findChannel(db, key)
    if (found === undefined) throw noSuchChannel(key)
    return found
  }
}

function answer(reply: FastifyReply, written: { channel: Channel; revision: number; status: number }): FastifyReply {
  return reply.code(written.status).header('etag', etagOf(written)).send(written.channel)
}

export function noSuchChannel(key: string): DomainError {
  return new DomainError('not_found', `there is no channel "${key}"`)
}
