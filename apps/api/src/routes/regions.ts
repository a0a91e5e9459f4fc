import { DomainError, RegionFacts, RegionName } from '@sonde/core'
import {
  aliveMs,
  findRegion,
  insertRegion,
  listRegions,
  type RegionRow,
  replaceRegion,
  retireRegion,
  type StoredRegion,
} from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { cursorOfKey, encodeCursor } from '../cursor.ts'
import { MergePatch, patched } from '../documents.ts'
import { compareAndSet, etagOf, isKnown } from '../preconditions.ts'
import { Cursor, Limit, page, problems } from '../schemas.ts'

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

const tags = ['regions']
const NameParams = z.object({ name: RegionName })
const Named = RegionFacts.extend({ name: z.string() })

/** Where probes run from. */
export function regionRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/regions',
    {
      schema: {
        summary: 'List regions with their live workers',
        tags,
        querystring: z.strictObject({ cursor: Cursor, limit: Limit }),
        response: { 200: page(Region), ...problems },
      },
    },
    async ({ query: { cursor, limit } }) => {
      const regions = await listRegions(db, aliveMs, { after: cursorOfKey(cursor), limit: limit + 1 })
      const items = regions.slice(0, limit).map(withWorkers)
      return { items, nextCursor: regions.length > limit ? encodeCursor(items.at(-1)?.name) : null }
    },
  )

  app.get(
    '/regions/:name',
    {
      schema: {
        summary: 'Read a region with its live workers',
        tags,
        params: NameParams,
        response: { 200: Region, 304: z.null(), ...problems },
      },
    },
    async ({ params, headers }, reply) => {
      const [region] = await listRegions(db, aliveMs, { name: params.name })
      if (region === undefined) throw noSuchRegion(params.name)
      void reply.header('etag', etagOf(region))
      return isKnown(headers, region) ? reply.code(304).send(null) : reply.send(withWorkers(region))
    },
  )

  app.put(
    '/regions/:name',
    {
      schema: {
        summary: 'Make a region, or say where it is; one that was retired is there again',
        tags,
        params: NameParams,
        body: RegionFacts,
        response: { 200: Named, 201: Named, ...problems },
      },
    },
    async ({ params: { name }, body, headers }, reply) => {
      const write = async (current: StoredRegion | undefined) => {
        if (current === undefined) return insertRegion(db, name, body)
        const revision = await replaceRegion(db, name, body, current.revision)
        return revision === undefined ? undefined : { revision, created: false }
      }
      const written = await compareAndSet(headers, () => findRegion(db, name), write)
      return reply
        .code(written.created ? 201 : 200)
        .header('etag', etagOf(written))
        .send({ name, ...body })
    },
  )

  app.patch(
    '/regions/:name',
    {
      schema: {
        summary: 'Change what is said of a region',
        tags,
        params: NameParams,
        body: MergePatch,
        response: { 200: Named, ...problems },
      },
    },
    async ({ params: { name }, body, headers }, reply) => {
      const write = async ({ name: _name, revision: current, ...facts }: StoredRegion) => {
        const wanted = patched(RegionFacts, facts, body)
        const revision = await replaceRegion(db, name, wanted, current)
        return revision === undefined ? undefined : { revision, region: { name, ...wanted } }
      }
      const { region, ...written } = await compareAndSet(headers, () => existing(name), write)
      return reply.header('etag', etagOf(written)).send(region)
    },
  )

  app.delete(
    '/regions/:name',
    {
      schema: {
        summary: 'Retire a region: no more slots, its history stays',
        tags,
        params: NameParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async ({ params: { name }, headers }, reply) => {
      const write = async ({ revision }: StoredRegion) => (await retireRegion(db, name, revision)) || undefined
      await compareAndSet(headers, () => existing(name), write)
      return reply.code(204).send(null)
    },
  )

  async function existing(name: string): Promise<StoredRegion> {
    const found = await findRegion(db, name)
    if (found === undefined) throw noSuchRegion(name)
    return found
  }
}

function noSuchRegion(name: string): DomainError {
  return new DomainError('not_found', `there is no region "${name}"`)
}

function withWorkers({ revision: _revision, workers, ...facts }: RegionRow) {
  return {
    ...facts,
    workers: workers.map((worker) => ({
      ...worker,
      startedAt: worker.startedAt.toISOString(),
      seenAt: worker.seenAt.toISOString(),
    })),
  }
}
