import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Check, DomainError, durationMs, missedResult, Result, regionsOf } from '@sonde/core'
import { findCheck, readRunResults, regionNames } from '@sonde/db'
import { probesQueue } from '@sonde/queue'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { KeyParams, problems } from '../schemas.ts'
import { notFound } from './checks.ts'

const pollMs = 50

/** Runs a check at once, out of turn: the answers are the caller's and do not enter its history. */
export function runRoutes(app: ApiInstance, { db, queues }: ApiServices): void {
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
      const stored = await findCheck(db, params.key)
      if (stored === undefined) throw notFound(params.key)
      const { id, check } = stored
      const regions = regionsOf(check, await regionNames(db))
      if (regions.length === 0)
        throw new DomainError('unavailable', `none of the check's regions exists yet: ${check.regions.join(', ')}`)
      const runId = randomUUID()
      const slotMs = Date.now()
      for (const region of regions) {
        await queues.send(probesQueue(region), [{ data: { region, runId, probes: [{ checkId: id, slotMs, check }] } }])
      }
      const answers = await gather(runId, regions.length, slotMs + longestMs(check))
      const answered = new Set(answers.map(({ region }) => region))
      const silent = regions.filter((region) => !answered.has(region))
      return {
        results: [
          ...answers,
          ...silent.map((region) =>
            missedResult(check, region, slotMs, 'no_worker', `no worker of region ${region} answered in time`),
          ),
        ].sort((a, b) => (a.region < b.region ? -1 : 1)),
      }
    },
  )

  async function gather(runId: string, count: number, deadline: number): Promise<Result[]> {
    for (;;) {
      const answers = await readRunResults(db, runId)
      if (answers.length === count || Date.now() > deadline) return answers
      await delay(pollMs)
    }
  }
}

/** All attempts and a second for the way there and back. */
function longestMs(check: Check): number {
  return durationMs(check.timeout) * (check.retries + 1) + 1000
}
