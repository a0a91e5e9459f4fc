import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Check, DomainError, durationMs, missedResult, Result, regionsOf } from '@sonde/core'
import { aliveMs, findCheck, listRegions, readRunResults } from '@sonde/db'
import { probesQueue } from '@sonde/queue'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { KeyParams, problems } from '../schemas.ts'
import { notFound } from './checks.ts'

const pollMs = 50

// For the way to the workers and back, beyond the timeout of the probe itself: what is left of a second is the caller's way.
const wayMs = 800

/**
 * Runs a check at once, out of turn: the answers are the caller's and do not enter its history. One attempt in each region, so
 * that the answer is there within the timeout and a second. A region without a live worker is not waited for.
 */
export function runRoutes(app: ApiInstance, { db, queues }: ApiServices): void {
  const { clock } = queues
  app.post(
    '/checks/:key/run',
    {
      schema: {
        summary: 'Run a check now in all its regions',
        tags: ['checks'],
        params: KeyParams,
        response: { 200: z.object({ results: z.array(Result) }), ...problems },
      },
    },
    async ({ params }) => {
      const beganMs = performance.now()
      const stored = await findCheck(db, params.key)
      if (stored === undefined) throw notFound(params.key)
      const { id } = stored
      const check: Check = { ...stored.check, retries: 0 }
      const alive = new Map((await listRegions(db, aliveMs)).map(({ name, workers }) => [name, workers.length > 0]))
      const regions = regionsOf(check, [...alive.keys()])
      if (regions.length === 0)
        throw new DomainError('unavailable', `none of the check's regions exists yet: ${check.regions.join(', ')}`)
      const runId = randomUUID()
      const slotMs = Math.floor(clock.now())
      const asked = regions.filter((region) => alive.get(region) === true)
      const deadlineMs = beganMs + durationMs(check.timeout) + wayMs
      await Promise.all(
        asked.map((region) =>
          queues.send(probesQueue(region), [{ data: { region, runId, probes: [{ checkId: id, slotMs, check }] } }]),
        ),
      )
      const answers = await gather(runId, asked.length, deadlineMs)
      const byRegion = new Map(answers.map((answer) => [answer.region, answer]))
      return {
        results: regions.map(
          (region) =>
            byRegion.get(region) ??
            missedResult(check, region, slotMs, 'no_worker', whyNone(region, alive.get(region) === true)),
        ),
      }
    },
  )

  async function gather(runId: string, count: number, deadlineMs: number): Promise<Result[]> {
    for (;;) {
      const answers = count === 0 ? [] : await readRunResults(db, runId)
      if (answers.length === count || performance.now() > deadlineMs) return answers
      await delay(pollMs)
    }
  }
}

function whyNone(region: string, hasWorker: boolean): string {
  return hasWorker ? `the worker of region ${region} did not answer in time` : `region ${region} has no worker now`
}
