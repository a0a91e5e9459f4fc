import { setImmediate as othersFirst } from 'node:timers/promises'
import type { MaintenancePlan } from '@sonde/core'
import { readMaintenancePlan, type Standing, type StandingFilter, Standings } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { cursorOfKey } from '../cursor.ts'
import { instantText } from '../instant-text.ts'
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

// So many are read at a time, or as many as are asked for where that is fewer: to ask again costs more than to read on.
const batch = 10_000

// So many are written at a time, which takes some milliseconds.
const slice = 500

/** How all checks stand now. */
export function standingRoutes(app: ApiInstance, { db, queues }: ApiServices): void {
  const all = new Standings(db)
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
      const items = itemsOf(inBatches(all, wanted, batch), { verdict, plan, nowMs })
      return sendTexts(reply, listTexts(items, limit))
    },
  )
}

/** All that there is, in key order. The database is at the next batch while one is dealt with. */
async function* inBatches(all: Standings, filter: StandingFilter, size: number): AsyncGenerator<Standing[]> {
  let { after, limit: left } = filter
  const read = () => {
    const reading = all.list({ ...filter, after, limit: Math.min(left, size) })
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

type Listed = { key: string; text: string }

/** Those that are asked for as the JSON of an item, some at a time: between them the process does what else there is. */
async function* itemsOf(
  batches: AsyncIterable<Standing[]>,
  { verdict, plan, nowMs }: { verdict: z.output<typeof Verdict> | undefined; plan: MaintenancePlan; nowMs: number },
): AsyncGenerator<Listed[]> {
  for await (const standings of batches) {
    for (let from = 0; from < standings.length; from += slice) {
      if (from > 0) await othersFirst()
      yield standings.slice(from, from + slice).flatMap(({ check, regions }) => {
        const sinceMs = freshSince(check, nowMs)
        const judged = verdictOf(check, regions, sinceMs)
        if (verdict !== undefined && judged !== verdict) return []
        const maintenance = plan.windowsOf(check, nowMs).map((window) => window.key)
        return [{ key: check.key, text: itemText({ check, regions }, judged, maintenance, sinceMs) }]
      })
    }
  }
}

/** What `Item` says, as text: half of the time of a document that is then written as one. */
function itemText(
  { check, regions }: Standing,
  verdict: z.output<typeof Verdict>,
  maintenance: string[],
  freshSinceMs: number,
): string {
  let ofRegions = ''
  // A region's name has nothing that JSON would escape.
  for (const { region, verdict: own, sinceMs, failures, successes, lastSlotMs, code } of regions)
    ofRegions +=
      `${ofRegions === '' ? '' : ','}{"region":"${region}","verdict":"${own}","since":${instant(sinceMs)},"failures":${failures},` +
      `"successes":${successes},"stale":${(lastSlotMs ?? 0) < freshSinceMs},"lastSlot":${instant(lastSlotMs)},` +
      `"code":${code === null ? 'null' : JSON.stringify(code)}}`
  return `{${check.shown},"verdict":"${verdict}","maintenance":${JSON.stringify(maintenance)},"regions":[${ofRegions}]}`
}

function instant(ms: number | null): string {
  return ms === null ? 'null' : `"${instantText(ms)}"`
}
