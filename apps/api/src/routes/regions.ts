import { listRegions } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { aliveMs } from '../fleet.ts'
import { page, problems } from '../schemas.ts'

const Region = z.object({
  name: z.string(),
  workers: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      startedAt: z.iso.datetime(),
      seenAt: z.iso.datetime(),
      capabilities: z.array(z.string()),
    }),
  ),
})

/** Where probes run from. */
export function regionRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/regions',
    {
      schema: {
        summary: 'List regions with their live workers',
        tags: ['regions'],
        response: { 200: page(Region), ...problems },
      },
    },
    async () => {
      const regions = await listRegions(db, aliveMs)
      const items = regions.map(({ name, workers }) => ({
        name,
        workers: workers.map((worker) => ({
          ...worker,
          startedAt: worker.startedAt.toISOString(),
          seenAt: worker.seenAt.toISOString(),
        })),
      }))
      return { items, nextCursor: null }
    },
  )
}
