import { DomainError, notificationTypes } from '@sonde/core'
import { findNotification, listNotifications, notificationStates, replayNotification } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { Cursor, Limit, page, problems } from '../schemas.ts'

const Query = z.strictObject({
  state: z.enum(notificationStates).optional(),
  channel: z.string().max(64).optional(),
  incident: z.uuid().optional(),
  cursor: Cursor,
  limit: Limit,
})

const Position = z.tuple([z.iso.datetime(), z.uuid()])
const IdParams = z.object({ id: z.uuid() })
const instant = z.iso.datetime()

const NotificationRecord = z.object({
  id: z.uuid(),
  channel: z.string(),
  type: z.enum(notificationTypes),
  state: z.enum(notificationStates),
  incidentId: z.uuid().nullable(),
  checkKey: z.string(),
  rule: z.string(),
  summary: z.string(),
  createdAt: instant,
  nextAt: instant.nullable(),
  sentAt: instant.nullable(),
  attempts: z.int(),
  error: z.string().nullable(),
})

/** Every message to a channel and what became of it; dead letters are sent again from here. */
export function notificationRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/notifications',
    {
      schema: {
        summary: 'List notifications, newest first; `?state=dead` are those that were given up',
        tags: ['notifications'],
        querystring: Query,
        response: { 200: page(NotificationRecord), ...problems },
      },
    },
    async ({ query }) => {
      const position = decodeCursor(query.cursor, (value) => Position.safeParse(value).data)
      const after = position === undefined ? undefined : { createdAt: new Date(position[0]), id: position[1] }
      const { limit, state, channel, incident } = query
      const rows = await listNotifications(db, { state, channel, incidentId: incident, after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items,
        nextCursor: rows.length > limit && last !== undefined ? encodeCursor([last.createdAt, last.id]) : null,
      }
    },
  )

  app.get(
    '/notifications/:id',
    {
      schema: {
        summary: 'Read a notification',
        tags: ['notifications'],
        params: IdParams,
        response: { 200: NotificationRecord, ...problems },
      },
    },
    async ({ params }) => existing(params.id),
  )

  app.post(
    '/notifications/:id/replay',
    {
      schema: {
        summary: 'Send a dead letter again, with its id, for another day',
        tags: ['notifications'],
        params: IdParams,
        response: { 200: NotificationRecord, ...problems },
      },
    },
    async ({ params }) => {
      const replayed = await replayNotification(db, params.id)
      const found = await existing(params.id)
      if (!replayed) throw new DomainError('conflict', `it is ${found.state}: only a dead letter is sent again`)
      return found
    },
  )

  async function existing(id: string) {
    const found = await findNotification(db, id)
    if (found === undefined) throw new DomainError('not_found', `there is no notification "${id}"`)
    return found
  }
}
