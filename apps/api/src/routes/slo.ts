import { burnRate, duration, durationMs, sloOf } from '@sonde/core'
import { countSince, listChecks } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { cursorOfKey, encodeCursor } from '../cursor.ts'
import { Cursor, LabelFilter, Limit, labelsOf, page, problems } from '../schemas.ts'

const Query = z.strictObject({
  window: duration('1h', '400d').default('30d'),
  objective: z.coerce
    .number()
    .min(1)
    .max(99.9999)
    .default(99.9)
    .describe('Per cent of the judged slots that are to be up'),
  check: z.string().max(64).optional(),
  label: LabelFilter.optional(),
  cursor: Cursor,
  limit: Limit,
})

// Google's "The Site Reliability Workbook", chapter 5, alerts on these windows.
const burnWindows = { '5m': 300_000, '1h': 3_600_000, '6h': 21_600_000 } as const
const emptyCounts = { up: 0, down: 0, missed: 0, maintenance: 0 }

const Level = z.object({
  checkKey: z.string(),
  window: z.string(),
  objective: z.number(),
  availability: z.number().nullable().describe('Per cent of the judged slots that were up; null when none was judged'),
  good: z.int().describe('Slots that were up'),
  bad: z.int().describe('Slots that were down'),
  unknown: z.int().describe('Slots whose probe never ran; neither good nor bad'),
  maintenance: z.int().describe('Slots in a maintenance window; neither good nor bad'),
  errorBudget: z
    .object({ allowed: z.number(), left: z.number(), leftPercent: z.number().nullable() })
    .describe('Slots that may be down, those that still may, and the part that is left: below zero it is overdrawn'),
  burnRates: z
    .object({ '5m': z.number().nullable(), '1h': z.number().nullable(), '6h': z.number().nullable() })
    .describe('How many times faster than allowed the budget was spent; windows are whole spans of five minutes'),
})

/** Service levels: how much of the error budget each check has left. */
export function sloRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/slo',
    {
      schema: {
        summary: 'Service levels of checks in key order',
        tags: ['slo'],
        querystring: Query,
        response: { 200: page(Level), ...problems },
      },
    },
    async ({ query, holder }) => {
      const after = cursorOfKey(query.cursor)
      const labels = query.label === undefined ? {} : { labels: labelsOf([query.label].flat()) }
      const rows = await listChecks(db, {
        after,
        limit: query.limit + 1,
        key: query.check,
        within: holder.labels,
        ...labels,
      })
      const shown = rows.slice(0, query.limit)
      const ids = shown.map(({ id }) => id)
      const now = Date.now()
      // The whole window is most of the work: two connections share it.
      const half = Math.ceil(ids.length / 2)
      const since = (ms: number, of = ids) => countSince(db, of, now - ms)
      const [first, second, ...burns] = await Promise.all([
        since(durationMs(query.window), ids.slice(0, half)),
        since(durationMs(query.window), ids.slice(half)),
        ...Object.values(burnWindows).map((ms) => since(ms)),
      ])
      const whole = new Map([...first, ...second])
      const objective = query.objective / 100
      const items = shown.map(({ id, check }) => {
        const { budget, availability, ...counts } = sloOf(whole.get(id) ?? emptyCounts, objective)
        const [fast, hour, slow] = burns.map((counts) => burnRate(counts.get(id) ?? emptyCounts, objective))
        return {
          checkKey: check.key,
          window: query.window,
          ...counts,
          objective: query.objective,
          availability: percent(availability),
          errorBudget: {
            allowed: figure(budget.allowed),
            left: figure(budget.left),
            leftPercent: percent(budget.leftRatio),
          },
          burnRates: { '5m': figure(fast ?? null), '1h': figure(hour ?? null), '6h': figure(slow ?? null) },
        }
      })
      return { items, nextCursor: rows.length > query.limit ? encodeCursor(shown.at(-1)?.check.key) : null }
    },
  )
}

/** To six decimals: what comes after them is the binary fraction of the objective. */
function figure<Value extends number | null>(value: Value): Value {
  return (value === null ? null : Math.round(value * 1e6) / 1e6) as Value
}

function percent(ratio: number | null): number | null {
  return figure(ratio === null ? null : ratio * 100)
}
