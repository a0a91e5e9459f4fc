import { durationMs, Result } from '@sonde/core'
import { findCheck, listEvents, listStatesOf, readMaintenancePlan } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { KeyParams, problems } from '../schemas.ts'
import { freshSince, verdictOf } from '../standing.ts'
import { notFound } from './checks.ts'

export const Verdict = z.enum(['up', 'down', 'unknown'])

/** How a check stands in one region. */
export const RegionStanding = z.object({
  region: z.string(),
  verdict: Verdict,
  since: z.iso.datetime().nullable().describe('The slot that decided the verdict'),
  failures: z.int().describe('Slots in a row that were down'),
  successes: z.int().describe('Slots in a row that were up'),
  stale: z.boolean().describe('No result within three intervals: its verdict does not count'),
  lastSlot: z.iso.datetime().nullable(),
})

const Status = z.object({
  checkKey: z.string(),
  enabled: z.boolean(),
  verdict: Verdict.describe('Of the check as a whole, by its thresholds and the quorum of its regions'),
  maintenance: z.array(z.string()).describe('The keys of the maintenance windows that it is in now'),
  regions: z.array(RegionStanding.extend({ lastResult: Result.nullable() })),
  /** What changed at the target lately, newest first. */
  events: z.array(
    z.object({ at: z.iso.datetime(), region: z.string(), type: z.string(), data: z.record(z.string(), z.unknown()) }),
  ),
})

/** How a check stands now. */
export function statusRoutes(app: ApiInstance, { db, queues }: ApiServices): void {
  app.get(
    '/checks/:key/status',
    {
      schema: {
        summary: 'The verdict on a check, as a whole and by region',
        tags: ['checks'],
        params: KeyParams,
        response: { 200: Status, ...problems },
      },
    },
    async ({ params }) => {
      const stored = await findCheck(db, params.key)
      if (stored === undefined) throw notFound(params.key)
      const { id, check } = stored
      const [states, events, plan] = await Promise.all([
        listStatesOf(db, id),
        listEvents(db, id, 20),
        readMaintenancePlan(db),
      ])
      const nowMs = queues.clock.now()
      const sinceMs = freshSince({ enabled: check.enabled, intervalMs: durationMs(check.interval) }, nowMs)
      const timed = states.map(({ region, state }) => ({
        region,
        ...state,
        lastSlotMs: state.lastSlot?.getTime() ?? null,
      }))
      const regions = timed.map((state) => ({
        region: state.region,
        verdict: state.verdict,
        since: state.since?.toISOString() ?? null,
        failures: state.failures,
        successes: state.successes,
        stale: (state.lastSlotMs ?? 0) < sinceMs,
        lastSlot: state.lastSlot?.toISOString() ?? null,
        lastResult: state.lastResult,
      }))
      return {
        checkKey: check.key,
        enabled: check.enabled,
        verdict: verdictOf(check, timed, sinceMs),
        maintenance: plan.windowsOf(check, nowMs).map(({ key }) => key),
        regions,
        events: events.map(({ at, ...same }) => ({ at: at.toISOString(), ...same })),
      }
    },
  )
}
