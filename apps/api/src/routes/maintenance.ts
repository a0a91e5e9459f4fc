import { DomainError, MaintenanceWindow } from '@sonde/core'
import {
  createMaintenance,
  deleteMaintenance,
  findMaintenance,
  insertMaintenance,
  listMaintenance,
  replaceMaintenance,
  type StoredMaintenance,
} from '@sonde/db'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { cursorOfKey, encodeCursor } from '../cursor.ts'
import { assertKeyOfPath, keyFromPath, MergePatch, patched } from '../documents.ts'
import { compareAndSet, etagOf, isKnown } from '../preconditions.ts'
import { Cursor, KeyParams, Limit, page, problems } from '../schemas.ts'

const ListQuery = z.strictObject({ cursor: Cursor, limit: Limit })
const tags = ['maintenance']

/** Maintenance windows by key: list, make, read, replace, change, delete. They take effect at once. */
export function maintenanceRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/maintenance',
    {
      schema: {
        summary: 'List maintenance windows in key order',
        tags,
        querystring: ListQuery,
        response: { 200: page(MaintenanceWindow), ...problems },
      },
    },
    async ({ query, holder }) => {
      const after = cursorOfKey(query.cursor)
      const rows = await listMaintenance(db, { after, limit: query.limit + 1, within: holder.labels })
      const items = rows.slice(0, query.limit).map(({ window }) => window)
      return { items, nextCursor: rows.length > query.limit ? encodeCursor(items.at(-1)?.key) : null }
    },
  )

  app.post(
    '/maintenance',
    {
      schema: {
        summary: 'Make a maintenance window',
        tags,
        body: MaintenanceWindow,
        response: { 201: MaintenanceWindow, ...problems },
      },
    },
    async ({ body }, reply) => {
      const revision = await createMaintenance(db, body)
      return answer(reply.header('location', `/api/v1/maintenance/${body.key}`), {
        window: body,
        revision,
        status: 201,
      })
    },
  )

  app.get(
    '/maintenance/:key',
    {
      schema: {
        summary: 'Read a maintenance window',
        tags,
        params: KeyParams,
        response: { 200: MaintenanceWindow, 304: z.null(), ...problems },
      },
    },
    async ({ params, headers }, reply) => {
      const stored = await existing(params.key)
      void reply.header('etag', etagOf(stored))
      return isKnown(headers, stored) ? reply.code(304).send(null) : reply.send(stored.window)
    },
  )

  app.put(
    '/maintenance/:key',
    {
      schema: {
        summary: 'Make a maintenance window, or replace it whole',
        tags,
        params: KeyParams,
        body: MaintenanceWindow,
        response: { 200: MaintenanceWindow, 201: MaintenanceWindow, ...problems },
      },
      preValidation: keyFromPath,
    },
    async ({ params, body, headers }, reply) => {
      assertKeyOfPath(params, body)
      const write = async (current: StoredMaintenance | undefined) => {
        const revision =
          current === undefined
            ? await insertMaintenance(db, body)
            : await replaceMaintenance(db, body, current.revision)
        return revision === undefined
          ? undefined
          : { window: body, revision, status: current === undefined ? 201 : 200 }
      }
      return answer(reply, await compareAndSet(headers, () => findMaintenance(db, params.key), write))
    },
  )

  app.patch(
    '/maintenance/:key',
    {
      schema: {
        summary: 'Change fields of a maintenance window',
        tags,
        params: KeyParams,
        body: MergePatch,
        response: { 200: MaintenanceWindow, ...problems },
      },
    },
    async ({ params, body, headers }, reply) => {
      const write = async (current: StoredMaintenance) => {
        const window = patched(MaintenanceWindow, current.window, body)
        assertKeyOfPath(params, window)
        const revision = await replaceMaintenance(db, window, current.revision)
        return revision === undefined ? undefined : { window, revision, status: 200 }
      }
      return answer(reply, await compareAndSet(headers, () => existing(params.key), write))
    },
  )

  app.delete(
    '/maintenance/:key',
    {
      schema: {
        summary: 'Delete a maintenance window',
        tags,
        params: KeyParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async ({ params, headers }, reply) => {
      const write = async ({ revision }: StoredMaintenance) =>
        (await deleteMaintenance(db, params.key, revision)) || undefined
      await compareAndSet(headers, () => existing(params.key), write)
      return reply.code(204).send(null)
    },
  )

  async function existing(key: string): Promise<StoredMaintenance> {
    const found = await findMaintenance(db, key)
    if (found === undefined) throw new DomainError('not_found', `there is no maintenance window "${key}"`)
    return found
  }
}

function answer(
  reply: FastifyReply,
  written: { window: MaintenanceWindow; revision: number; status: number },
): FastifyReply {
  return reply.code(written.status).header('etag', etagOf(written)).send(written.window)
}
