import type { MaintenancePlan } from '@sonde/core'
import { type Database, listStandings, readMaintenancePlan, type Standing, type StandingFilter } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { cursorOfKey } from '../cursor.ts'
import { listTexts, sendTexts } from '../parts.ts'
import { Cursor, Kind, LabelFilter, labelsOf, limitTo, page, problems } from '../schemas.ts'
import { freshSince, verdictOf } from '../standing.ts'
import { RegionStanding, Verdict } from './status.ts'

// A page of status shows all of a fleet; without documents and results ten times as many are as soon sent as elsewhere.
const most = 10_000

const Query = z.strictObject({
  verdict: Verdict.optional().describe('Of the check as a whole'),
  label: LabelFilter.optional(),
  kind: Kind.optional(),
  cursor: Cursor,
  limit: limitTo(most),
})

const Item = z.object({
  checkKey: z.string(),
  name: z.string().nullable(),
  kind: Kind,
  target: z.string(),
  labels: z.record(z.string(), z.string()),
  enabled: z.boolean(),
  verdict: Verdict.describe('Of the check as a whole, by its thresholds and the quorum of its regions'),
  maintenance: z.array(z.string()).describe('The keys of the maintenance windows that it is in now'),
  regions: z.array(
    RegionStanding.extend({
      code: z.string().nullable().describe('The error of the newest result, where that was not up'),
    }),
  ),
})

// So many are read at a time, or as many as are asked for where that is fewer.
const batch = 1000

/** How all checks stand now. */
export function standingRoutes(app: ApiInstance, { db, queues }: ApiServices): void {
  app.get(
    '/status',
    {
      schema: {
        summary: 'The verdicts on all checks, as a whole and by region, in key order',
        tags: ['checks'],
        querystring: Query,
        response: { 200: page(Item), ...problems },
      },
    },
    async ({ query: { verdict, label, kind, cursor, limit }, holder }, reply) => {
      const filter = { kind, within: holder.labels, labels: label === undefined ? undefined : labelsOf([label].flat()) }
      const nowMs = queues.clock.now()
      const plan = await readMaintenancePlan(db)
      // One more tells whether there is another page; a verdict is not known before it is looked at.
      const most = verdict === undefined ? limit + 1 : Infinity
      const wanted = { ...filter, after: cursorOfKey(cursor), limit: most }
      const items = itemsOf(inBatches(db, wanted, batch), { verdict, plan, nowMs })
      return sendTexts(reply, listTexts(items, { limit, placeOf: ({ checkKey }) => checkKey }))
    },
  )
}

/** All that there is, in key order. The database is at the next batch while one is dealt with. */
async function* inBatches(db: Database, filter: StandingFilter, size: number): AsyncGenerator<Standing[]> {
  let { after, limit: left } = filter
  const read = () => {
    const reading = listStandings(db, { ...filter, after, limit: Math.min(left, size) })
    // Nobody may come back for it.
    reading.catch(() => undefined)
    return reading
  }
  for (let reading = read(); ; ) {
    const standings = await reading
    after = standings.at(-1)?.check.key
    left -= standings.length
    const isLast = standings.length < size || left === 0
    if (!isLast) reading = read()
    yield standings
    if (isLast) return
  }
}

async function* itemsOf(
  batches: AsyncIterable<Standing[]>,
  { verdict, plan, nowMs }: { verdict: z.output<typeof Verdict> | undefined; plan: MaintenancePlan; nowMs: number },
): AsyncGenerator<z.output<typeof Item>[]> {
  for await (const standings of batches) {
    yield standings.flatMap((standing) => {
      const sinceMs = freshSince(standing.check, nowMs)
      const judged = verdictOf(standing.check, standing.regions, sinceMs)
      if (verdict !== undefined && judged !== verdict) return []
      const maintenance = plan.windowsOf(standing.check, nowMs).map((window) => window.key)
      return [itemOf(standing, judged, maintenance, sinceMs)]
    })
  }
}

function itemOf(
  { check, regions }: Standing,
  verdict: z.output<typeof Verdict>,
  maintenance: string[],
  freshSinceMs: number,
): z.output<typeof Item> {
  const { key, name, kind, target, labels, enabled } = check
  return {
    checkKey: key,
    name: name ?? null,
    kind,
    target,
    labels,
    enabled,
    verdict,
    maintenance,
    regions: regions.map((state) => ({
      region: state.region,
      verdict: state.verdict,
      since: iso(state.sinceMs),
      failures: state.failures,
      successes: state.successes,
      stale: (state.lastSlotMs ?? 0) < freshSinceMs,
      lastSlot: iso(state.lastSlotMs),
      code: state.code,
    })),
  }
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
