import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import { createCheck, deleteCheck, ensureRegions, openDatabase, putCheck } from '@sonde/db'
import { createRegistry } from '@sonde/metrics'
import { type BatchProbe, openQueues, probesQueue } from '@sonde/queue'
import { aCheck, freshDatabase } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { startScheduler } from './app.ts'

const log = createLogger('test', 'silent')

async function setUp() {
  const fresh = await freshDatabase()
  const database = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  const queues = openQueues({ kind: 'postgres', url: fresh.url }, () => undefined)
  await ensureRegions(database.db, ['local'])
  const probes: BatchProbe[] = []
  await queues.consume(probesQueue('local'), async (batch) => void probes.push(...batch.probes), { concurrency: 4 })
  const start = () =>
    startScheduler({ databaseUrl: fresh.url, redisUrl: undefined, lookaheadMs: 2000 }, log, createRegistry())
  return {
    db: database.db,
    probes,
    start,
    [Symbol.asyncDispose]: async () => {
      await queues.close()
      await database.close()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 300) throw new Error('not within 15 s')
    await sleep(50)
  }
}

const slotsOf = (probes: BatchProbe[], key: string) =>
  probes.filter(({ check }) => check.key === key).map(({ slotMs }) => slotMs)

/** Every slot of the span between the first and the last, once. */
function expectUnbroken(slots: number[], intervalMs: number): void {
  const sorted = slots.toSorted((a, b) => a - b)
  for (const [index, slot] of sorted.slice(1).entries()) expect(slot - (sorted[index] as number)).toBe(intervalMs)
}

test('slots are handed out ahead of time, and changes are followed by the next tick', async () => {
  await using run = await setUp()
  await createCheck(run.db, aCheck({ key: 'a' }))
  const scheduler = await run.start()
  await until(() => slotsOf(run.probes, 'a').length >= 3)
  expect(Math.max(...slotsOf(run.probes, 'a')) - Date.now()).toBeGreaterThan(500)

  await createCheck(run.db, aCheck({ key: 'b' }))
  await until(() => slotsOf(run.probes, 'b').length >= 2)
  await putCheck(run.db, aCheck({ key: 'a', timeout: '250ms' }))
  await until(() => run.probes.some(({ check }) => check.key === 'a' && check.timeout === '250ms'))
  await deleteCheck(run.db, 'b')
  await sleep(1500)
  const before = slotsOf(run.probes, 'b').length
  await sleep(1500)
  expect(slotsOf(run.probes, 'b')).toHaveLength(before)
  expectUnbroken(slotsOf(run.probes, 'a'), 1000)
  await scheduler.close()
})

test('a second scheduler stands by, and takes over without a slot lost or doubled', async () => {
  await using run = await setUp()
  await createCheck(run.db, aCheck({ key: 'a' }))
  const [first, second] = [await run.start(), await run.start()]
  await until(() => first.leading() || second.leading())
  await until(() => slotsOf(run.probes, 'a').length >= 4)
  expect([first.leading(), second.leading()].filter(Boolean)).toHaveLength(1)
  const [leader, standby] = first.leading() ? [first, second] : [second, first]
  await leader.close()
  await until(() => standby.leading())
  const seen = slotsOf(run.probes, 'a').length
  await until(() => slotsOf(run.probes, 'a').length >= seen + 4)
  expectUnbroken(slotsOf(run.probes, 'a'), 1000)
  await standby.close()
})
