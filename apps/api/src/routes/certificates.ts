import { listCertificates } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { Cursor, Instant, Limit, page, problems } from '../schemas.ts'

const Query = z.strictObject({
  check: z.string().max(64).optional(),
  current: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .optional()
    .describe('`true` leaves out what is not part of any chain that was seen last'),
  expiresBefore: Instant.optional(),
  cursor: Cursor,
  limit: Limit,
})

const Position = z.tuple([z.iso.datetime(), z.string().max(64)])

const Certificate = z.object({
  sha256: z.string(),
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  daysLeft: z.number(),
  san: z.array(z.string()),
  keyType: z.string(),
  keyBits: z.int().nullable(),
  signature: z.string(),
  firstSeen: z.iso.datetime(),
  lastSeen: z.iso.datetime(),
  seenByCount: z.int().describe('How many checks and regions saw it; with `check`, those of that check'),
  seenBy: z.array(
    z.object({
      checkKey: z.string(),
      region: z.string(),
      position: z.int().describe('In the chain as it was sent: 0 is the leaf'),
      current: z.boolean().describe('Whether it is part of the chain that was seen last'),
      firstSeen: z.iso.datetime(),
      lastSeen: z.iso.datetime(),
    }),
  ),
})

/** Every certificate that was seen, and where. */
export function certificateRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/certificates',
    {
      schema: {
        summary: 'List the certificates that were seen, soonest to expire first',
        tags: ['certificates'],
        querystring: Query,
        response: { 200: page(Certificate), ...problems },
      },
    },
    async ({ query, holder }) => {
      const position = decodeCursor(query.cursor, (value) => Position.safeParse(value).data)
      const after = position === undefined ? undefined : { notAfter: new Date(position[0]), sha256: position[1] }
      const { limit, check, current, expiresBefore } = query
      const rows = await listCertificates(db, {
        within: holder.labels,
        checkKey: check,
        current,
        expiresBefore,
        after,
        limit: limit + 1,
      })
      const shown = rows.slice(0, limit)
      const now = Date.now()
      const items = shown.map((row) => ({
        ...row,
        notBefore: row.notBefore.toISOString(),
        notAfter: row.notAfter.toISOString(),
        daysLeft: Math.round(((row.notAfter.getTime() - now) / 86_400_000) * 100) / 100,
        firstSeen: row.firstSeen.toISOString(),
        lastSeen: row.lastSeen.toISOString(),
        seenBy: row.seenBy.map(({ firstSeen, lastSeen, ...same }) => ({
          ...same,
          firstSeen: firstSeen.toISOString(),
          lastSeen: lastSeen.toISOString(),
        })),
      }))
      const last = items.at(-1)
      return {
        items,
        nextCursor: rows.length > limit && last !== undefined ? encodeCursor([last.notAfter, last.sha256]) : null,
      }
    },
  )
}
