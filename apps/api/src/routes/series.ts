import {
  DomainError,
  defaultStepMs,
  duration,
  durationMs,
  formatDuration,
  maxPoints,
  measures,
  RegionName,
  rollupTiers,
  SeriesMerger,
  type SeriesPoint,
  tierFor,
} from '@sonde/core'
import { findCheck, readSteps } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { Instant, KeyParams, problems } from '../schemas.ts'
import { SeriesText } from '../series-text.ts'
import { notFound } from './checks.ts'

const Query = z.strictObject({
  from: Instant.optional().describe('A day before `to` unless told otherwise'),
  to: Instant.optional().describe('Now unless told otherwise'),
  step: duration('5m', '31d').optional().describe('A multiple of 5m; of a day 5m, of three weeks 1h, else 1d'),
  region: RegionName.optional().describe('Of this region alone; of all unless told otherwise'),
})

const Figures = z.object({
  count: z.int(),
  meanMs: z.number(),
  minMs: z.number(),
  maxMs: z.number(),
  p50Ms: z.number(),
  p90Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
})

const Point = z.object({
  from: z.iso.datetime().describe('Where the step begins'),
  availability: z.number().nullable().describe('0 … 1 of the slots that were judged; null when none was'),
  up: z.int(),
  down: z.int(),
  missed: z.int().describe('Slots whose probe never ran: unknown time'),
  maintenance: z.int().describe('Slots in a maintenance window, which count nowhere else'),
  codes: z.record(z.string(), z.int()).describe('What was down or missed, by error code'),
  latency: z
    .partialRecord(z.enum(measures), Figures)
    .describe(
      'Of probes that were answered, by measure: `total` is the whole probe. Percentiles are of merged histograms, within 1 %',
    ),
})

const Series = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  step: z.string(),
  items: z.array(Point).describe('Oldest first; steps without any result are left out'),
  nextCursor: z.null(),
})

/** Availability and latency of a check over time. */
export function seriesRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/checks/:key/series',
    {
      schema: {
        summary: 'Availability and latency percentiles of a check by step, oldest first',
        tags: ['results'],
        params: KeyParams,
        querystring: Query,
        response: { 200: Series, ...problems },
      },
    },
    async ({ params, query }, reply) => {
      const stored = await findCheck(db, params.key)
      if (stored === undefined) throw notFound(params.key)
      const { fromMs, toMs, stepMs, tier } = stepsOf(query, Date.now())
      const about = { from: iso(fromMs), to: iso(toMs), step: formatDuration(stepMs) }
      const text = new SeriesText(about, (toMs - fromMs) / stepMs)
      const merger = new SeriesMerger(stepMs)
      const write = (point: SeriesPoint | undefined) => {
        if (point !== undefined) text.add(point)
      }
      await readSteps(db, { checkId: stored.id, tier, stepMs, fromMs, toMs, region: query.region }, (spans) =>
        write(merger.add(spans)),
      )
      write(merger.end())
      // Not before: until then the socket may have parts of it yet to send.
      reply.raw.once('close', () => text.release())
      // Fastify's types know a document by its shape alone, and not by its bytes.
      return reply.type('application/json; charset=utf-8').send(text.end() as unknown as z.output<typeof Series>)
    },
  )
}

/** What is asked for in whole steps: `from` down and `to` up to the next; the last day unless told otherwise. */
function stepsOf(query: z.output<typeof Query>, nowMs: number) {
  const to = query.to?.getTime() ?? nowMs
  const from = query.from?.getTime() ?? to - 86_400_000
  if (from >= to) throw wrong('from', `expected an instant before to, ${iso(to)}, found ${iso(from)}`)
  const stepMs = query.step === undefined ? defaultStepMs(to - from) : durationMs(query.step)
  const tier = tierFor(stepMs)
  if (tier === undefined) throw wrong('step', `expected a multiple of 5m, found ${query.step}`)
  if ((to - from) / stepMs > maxPoints) {
    const least = Object.values(rollupTiers).find((ms) => (to - from) / ms <= maxPoints)
    const taken = least === undefined ? 'a shorter time' : `${formatDuration(least)} or more`
    throw wrong('step', `expected at most ${maxPoints} steps between from and to: take ${taken}`)
  }
  return { fromMs: Math.floor(from / stepMs) * stepMs, toMs: Math.ceil(to / stepMs) * stepMs, stepMs, tier }
}

function wrong(path: string, message: string): DomainError {
  return new DomainError('invalid', `${path}: ${message}`, [{ path, message }])
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
