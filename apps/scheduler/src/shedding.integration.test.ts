import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import { createCheck, ensureRegions, openDatabase } from '@sonde/db'
import { createRegistry } from '@sonde/metrics'
import { openQueues, probesQueue } from '@sonde/queue'
import { aCheck, freshDatabase, freshRedis, hasRedis } from '@sonde/testkit'
import { describe, expect, test } from 'vitest'
import { startScheduler } from './app.ts'
import { type Scheduled, scheduled } from './batches.ts'
import { longestIntervalsMs } from './shedding.ts'

const log = createLogger('test', 'silent')
const lookaheadMs = 2000

test('a batch is of use for as long as the longest interval of its region', () => {
  const entries = [
    ['a', '1s', ['eu']],
    ['b', '30s', ['*']],
    ['c', '24h', ['us']],
  ] as const
  const all = entries.map(
    ([key, interval, regions], id) =>
      scheduled(id, aCheck({ key, interval, regions: [...regions] }), ['eu', 'us']) as Scheduled,
  )
  expect(Object.fromEntries(longestIntervalsMs(all))).toEqual({ eu: 30_000, us: 86_400_000 })
})

// At the same time: each waits for the most part.
describe.concurrent.each([
  { kind: 'postgres' as const, absent: false },
  { kind: 'redis' as const, absent: !hasRedis() },
])('the backlog of a region without a worker, on $kind', { timeout: 60_000 }, ({ kind, absent }) => {
  test.skipIf(absent)('does not grow, and a worker that comes is at the slots of now at once', async () => {
    await using fresh = await freshDatabase()
    await using redis = kind === 'redis' ? await freshRedis() : undefined
    const database = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
    const queues = openQueues({ kind, url: redis?.url ?? fresh.url }, () => undefined)
    await queues.assertUsable()
    await ensureRegions(database.db, ['void'])
    await createCheck(database.db, aCheck({ key: 'a', interval: '1s' }))
    const registry = createRegistry()
    const scheduler = await startScheduler({ databaseUrl: fresh.url, redisUrl: redis?.url, lookaheadMs }, log, registry)
    const queue = probesQueue('void')
    // A batch a second: those of the lookahead, of the interval, and of the 5 s until the next shedding are there at most.
    const most = { jobs: 10, ageMs: 11_000 }
    for (const began = performance.now(); performance.now() - began < 17_000; ) {
      await sleep(500)
      expect(await queues.waiting(queue)).toBeLessThanOrEqual(most.jobs + 1)
      expect(await queues.oldestAgeMs(queue)).toBeLessThan(most.ageMs)
    }
    expect(await registry.metrics()).toMatch(/sonde_queue_shed_total\{queue="probes\.void"\} [1-9]/)
    const slots: number[] = []
    const consumer = await queues.consume(
      queue,
      async ({ probes }) => void slots.push(...probes.map((one) => one.slotMs)),
      {
        concurrency: 1,
      },
    )
    while (slots.length === 0) await sleep(20)
    // The first that it is given is one that is still to come.
    expect(slots[0]).toBeGreaterThan(Date.now() - 1000)
    await consumer.close()
    await scheduler.close()
    await queues.close()
    await database.close()
  })
})
