import { DomainError, RegionFacts, RegionName } from '@sonde/core'
import { listRegions, putRegion, retireRegion } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { aliveMs } from '../fleet.ts'
import { page, problems } from '../schemas.ts'

const Region = RegionFacts.extend({
  name: z.string(),
  workers: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      startedAt: z.iso.datetime(),
      seenAt: z.iso.datetime(),
      capabilities: z.array(z.string()).describe('The kinds of checks that it can run, and ipv6 where it has that'),
      load: z
        .object({
          running: z.int().describe('Probes that have begun and not ended'),
          waiting: z.int().describe('Probes that are due and wait to be let in'),
          limit: z.int().describe('How many it lets begin at once; fewer while its event loop is held up'),
        })
        .nullable(),
      clockOffsetMs: z.number().nullable().describe("How far its own clock is ahead of the queue server's"),
    }),
  ),
})

const NameParams = z.object({ name: RegionName })
const Named = RegionFacts.extend({ name: z.string() })

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
      const items = regions.map(({ workers, ...facts }) => ({
        ...facts,
        workers: workers.map((worker) => ({
          ...worker,
          startedAt: worker.startedAt.toISOString(),
          seenAt: worker.seenAt.toISOString(),
        })),
      }))
      return { items, nextCursor: null }
    },
  )

  app.put(
    '/regions/:name',
    {
      schema: {
        summary: 'Make a region, or say where it is; one that was retired is there again',
        tags: ['regions'],
        params: NameParams,
        body: RegionFacts,
        response: { 200: Named, 201: Named, ...problems },
      },
    },
    async ({ params, body }, reply) => {
      const action = await putRegion(db, params.name, body)
      return reply.code(action === 'created' ? 201 : 200).send({ name: params.name, ...body })
    },
  )

  app.delete(
    '/regions/:name',
    {
      schema: {
        summary: 'Retire a region: no more slots, its history stays',
        tags: ['regions'],
        params: NameParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async ({ params }, reply) => {
      if (!(await retireRegion(db, params.name))) {
        throw new DomainError('not_found', `there is no region "${params.name}"`)
      }
      return reply.code(204).send(null)
    },
  )
}
