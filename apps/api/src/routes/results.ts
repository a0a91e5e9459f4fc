import { RegionName, Result } from '@sonde/core'
import { findCheck, listResults } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { Cursor, Instant, KeyParams, Limit, page, problems } from '../schemas.ts'
import { notFound } from './checks.ts'

const Query = z.strictObject({
  from: Instant.optional(),
  to: Instant.optional(),
  region: RegionName.optional(),
  outcome: z.enum(['up', 'down', 'missed']).optional(),
  cursor: Cursor,
  limit: Limit,
})

const Position = z.tuple([z.iso.datetime(), z.int()])

/** What the probes of a check found. */
export function resultRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/checks/:key/results',
    {
      schema: {
        summary: 'List the results of a check, newest first',
        tags: ['results'],
        params: KeyParams,
        querystring: Query,
        response: { 200: page(Result), ...problems },
      },
    },
    async ({ params, query }) => {
      const stored = await findCheck(db, params.key)
      if (stored === undefined) throw notFound(params.key)
      const position = decodeCursor(query.cursor, (value) => Position.safeParse(value).data)
      const after = position === undefined ? undefined : { slot: new Date(position[0]), regionId: position[1] }
      const { limit, from, to, region, outcome } = query
      const rows = await listResults(db, { checkId: stored.id, from, to, region, outcome, after, limit: limit + 1 })
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: shown.map(({ result }) => result),
        nextCursor:
          rows.length > limit && last !== undefined ? encodeCursor([last.slot.toISOString(), last.regionId]) : null,
      }
    },
  )
}
