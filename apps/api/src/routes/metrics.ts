import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { type CheckSeries, expositionContentType, writeCheckSeries } from '@sonde/metrics'
import type { onRequestAsyncHookHandler } from 'fastify'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { readCheckSeries } from '../check-series.ts'
import { acceptsGzip } from '../encoding.ts'

const OneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat())
const Shard = z.object({ check: OneOrMore.optional(), probe: OneOrMore.optional() })

// The text repeats itself so much that the least effort makes a fortieth of it, and more effort would cost more than all the rest.
const gzip = { level: 1, memLevel: 9, chunkSize: 64 * 1024 }

/**
 * Every check's series, from the state rows, and this process's own. `?check=` and `?probe=`, each as often as one likes, name the
 * checks and regions whose series are wanted: then those alone, so that shards of a scrape do not tell the process's own twice.
 * An empty `?check=` names no check, and gives the process's own alone.
 */
export function metricsRoutes(
  app: ApiInstance,
  { db, queues, registry }: ApiServices,
  options: { guard: onRequestAsyncHookHandler | undefined; job: string | undefined },
): void {
  const hooks = options.guard === undefined ? {} : { onRequest: options.guard }
  app.get('/metrics', { ...hooks, schema: { hide: true, querystring: Shard } }, async ({ query, headers }, reply) => {
    const filter = { checks: query.check ?? [], regions: query.probe ?? [] }
    const wantsNone = filter.checks.length > 0 && filter.checks.every((key) => key === '')
    const isShard = !wantsNone && filter.checks.length + filter.regions.length > 0
    const series = wantsNone ? [] : await readCheckSeries(db, filter, queues.clock.now())
    const text = Readable.from(chunks(series, isShard ? '' : await registry.metrics()))
    void reply.type(expositionContentType).header('vary', 'accept-encoding')
    if (!acceptsGzip(headers['accept-encoding'])) return reply.send(text)
    // A fault of the text ends the answer before its end, which the scraper takes as a failed scrape.
    const zipped = pipeline(text, createGzip(gzip), () => undefined)
    return reply.header('content-encoding', 'gzip').send(zipped)
  })

  function* chunks(series: CheckSeries[], own: string): Generator<string> {
    yield* writeCheckSeries(series, { job: options.job })
    if (own !== '') yield own
  }
}
