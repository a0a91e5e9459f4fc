import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import {
  createCheck,
  createMaintenance,
  deleteCheck,
  deleteMaintenance,
  ensureRegions,
  openDatabase,
  putCheck,
} from '@sonde/db'
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

test('while a window pauses a check none of its slots is due, and afterwards the schedule goes on where it would be', async () => {
  await using run = await setUp()
  await createCheck(run.db, aCheck({ key: 'paused' }))
  await createCheck(run.db, aCheck({ key: 'other' }))
  const scheduler = await run.start()
  await until(() => slotsOf(run.probes, 'paused').length >= 3)
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 19)
  const window = { start: day(-1), end: day(1), timeZone: 'UTC', labels: {}, checks: ['paused'] }
  const revision = await createMaintenance(run.db, { key: 'now', mode: 'pause', ...window })
  const others = slotsOf(run.probes, 'other').length
  await until(() => slotsOf(run.probes, 'other').length >= others + 8)
  const before = slotsOf(run.probes, 'paused')
  expect(Math.max(...before)).toBeLessThan(Math.max(...slotsOf(run.probes, 'other')) - 3000)
  await deleteMaintenance(run.db, 'now', revision)
  await until(() => slotsOf(run.probes, 'paused').length >= before.length + 3)
  await scheduler.close()

  const due = slotsOf(run.probes, 'paused')
  expect(new Set(due.map((slot) => slot % 1000)).size).toBe(1)
  expectUnbroken(slotsOf(run.probes, 'other'), 1000)
  // What was paused is noted: with what was due there is no gap.
  const { rows } = await run.db.execute<{ slots_ms: string[] }>('select slots_ms from paused_slots')
  const off = rows.flatMap(({ slots_ms }) => slots_ms.map(Number))
  expect(off.length).toBeGreaterThan(3)
  expectUnbroken([...due, ...off.filter((slot) => slot < Math.max(...due))], 1000)
})
