import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import { type Evidence, explain, foldResults } from '@sonde/core'
import {
  createCheck,
  ensureRegions,
  findCheck,
  ingest,
  listIncidents,
  makePartitions,
  openDatabase,
  readEvidence,
} from '@sonde/db'
import { startIngester } from '@sonde/ingester'
import { createRegistry } from '@sonde/metrics'
import { aCheck, aResult, freshDatabase } from '@sonde/testkit'
import { startTcpServer } from '@sonde/testkit/targets'
import { startWorker } from '@sonde/worker'
import { expect, test } from 'vitest'

const log = createLogger('test', 'silent')
const dayMs = 86_400_000

test('when a check goes down, the worker of its region looks closer, and what it saw is kept with the incident', async () => {
  await using stack = new AsyncDisposableStack()
  const fresh = stack.use(await freshDatabase())
  const database = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  stack.defer(database.close)
  const { db } = database
  await ensureRegions(db, ['local'])
  await makePartitions(db, Date.now())
  const server = stack.use(await startTcpServer())
  const target = `http://127.0.0.1:${server.port}/`
  const check = aCheck({ key: 'shop', target, interval: '10s', timeout: '1s', alerts: { failureThreshold: 1 } })
  await createCheck(db, check)
  const { id } = (await findCheck(db, 'shop')) ?? { id: 0 }
  const retention = { rawMs: dayMs, fiveMinutesMs: dayMs, hoursMs: dayMs, daysMs: undefined, incidentsMs: dayMs }
  const ingester = await startIngester(
    { databaseUrl: fresh.url, redisUrl: undefined, retention },
    log,
    createRegistry(),
  )
  stack.defer(ingester.close)
  const worker = await startWorker(
    {
      region: 'local',
      queue: { kind: 'postgres', url: fresh.url },
      egress: { deny: [], allow: [] },
      secretKey: undefined,
      concurrency: 10,
      admittedAtMost: 10,
      evidence: { resolvers: [], trace: true },
    },
    log,
    createRegistry(),
  )
  stack.defer(async () => void (await worker.close()))
  const slotMs = Math.floor(Date.now() / 1000) * 1000
  const down = { outcome: 'down', error: explain('http_timeout', 'no answer') } as const
  await ingest(db, [{ checkId: id, result: aResult(check, slotMs, down) }], foldResults, Date.now())
  const [incident] = await listIncidents(db, { limit: 1 })
  let opening: Record<string, Evidence> | undefined
  for (let tries = 0; opening === undefined; tries++) {
    if (tries > 600) throw new Error('no evidence within 30 s')
    await sleep(50)
    opening = (await readEvidence(db, incident?.id ?? ''))?.['opening'] as typeof opening
  }
  // It takes connections and says nothing: so the target is there, and what answers behind it is not.
  expect(opening).toMatchObject({ local: { region: 'local', families: [{ family: 4, outcome: 'up' }], chain: null } })
})
