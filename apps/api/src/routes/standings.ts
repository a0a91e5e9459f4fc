import type { MaintenancePlan } from '@sonde/core'
import { type Database, listStandings, readMaintenancePlan, type Standing, type StandingFilter } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { cursorOfKey, encodeCursor } from '../cursor.ts'
import { Cursor, Kind, LabelFilter, labelsOf, limitTo, page, problems } from '../schemas.ts'
import { isStale, verdictOf } from '../standing.ts'
import { Verdict } from './status.ts'

const Query = z.strictObject({
  verdict: Verdict.optional().describe('Of the check as a whole'),
  label: LabelFilter.optional(),
  kind: Kind.optional(),
  cursor: Cursor,
  // A page of status shows all of a fleet; without documents and results ten times as many are as soon sent.
  limit: limitTo(10_000),
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
    z.object({
      region: z.string(),
      verdict: Verdict,
      since: z.iso.datetime().nullable().describe('The slot that decided the verdict'),
      failures: z.int().describe('Slots in a row that were down'),
      successes: z.int().describe('Slots in a row that were up'),
      stale: z.boolean().describe('No result within three intervals: its verdict does not count'),
      lastSlot: z.iso.datetime().nullable(),
      code: z.string().nullable().describe('The error of the newest result, where that was not up'),
    }),
  ),
})

// So many are read at a time: what else the process does goes on between them.
const batch = 500

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
    async ({ query: { verdict, label, kind, cursor, limit }, holder }) => {
      const filter = { kind, within: holder.labels, labels: label === undefined ? undefined : labelsOf([label].flat()) }
      const nowMs = queues.clock.now()
      const plan = await readMaintenancePlan(db)
      // One more tells whether there is another page; a verdict is not known before it is looked at.
      const enough = limit + 1
      const found: z.output<typeof Item>[] = []
      for await (const standings of inBatches(
        db,
        { ...filter, after: cursorOfKey(cursor) },
        verdict === undefined ? enough : Infinity,
      )) {
        const items = standings.map((standing) => itemOf(standing, plan, nowMs))
        found.push(...(verdict === undefined ? items : items.filter((item) => item.verdict === verdict)))
        if (found.length >= enough) break
      }
      const items = found.slice(0, limit)
      return { items, nextCursor: found.length > limit ? encodeCursor(items.at(-1)?.checkKey) : null }
    },
  )
}

async function* inBatches(
  db: Database,
  filter: Omit<StandingFilter, 'limit'>,
  most: number,
): AsyncGenerator<Standing[]> {
  let { after } = filter
  for (let left = most; left > 0; ) {
    const limit = Math.min(left, batch)
    const standings = await listStandings(db, { ...filter, after, limit })
    yield standings
    if (standings.length < limit) return
    after = standings.at(-1)?.check.key
    left -= standings.length
  }
}

function itemOf({ check, regions: states }: Standing, plan: MaintenancePlan, nowMs: number) {
  const regions = states.map(({ sinceMs, lastSlotMs, ...state }) => ({
    region: state.region,
    verdict: state.verdict,
    since: iso(sinceMs),
    failures: state.failures,
    successes: state.successes,
    stale: isStale(check, lastSlotMs, nowMs),
    lastSlot: iso(lastSlotMs),
    code: state.code,
  }))
  const { key, name, kind, target, labels, enabled } = check
  return {
    checkKey: key,
    name: name ?? null,
    kind,
    target,
    labels,
    enabled,
    verdict: verdictOf(check, regions),
    maintenance: plan.windowsOf(check, nowMs).map((window) => window.key),
    regions,
  }
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
