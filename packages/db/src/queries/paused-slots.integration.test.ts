import { explain, foldResults } from '@sonde/core'
import { aCheck, aResult, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createCheck, findCheck } from './checks.ts'
import { recordDueSlots } from './due-slots.ts'
import { listIncidents } from './incidents.ts'
import { ingest } from './ingest.ts'
import { judgeAgain } from './judge-again.ts'
import { countPausedSlots } from './paused-slots.ts'
import { ensureRegions } from './regions.ts'
import { countSince } from './rollups.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const minute = 60_000

let fresh: FreshDatabase
let handle: DatabaseHandle
beforeAll(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', max: 12, onError: () => undefined })
  await makePartitions(handle.db, start)
  await ensureRegions(handle.db, ['local', 'eu'])
})
afterAll(async () => {
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

async function newCheck(key: string) {
  await createCheck(handle.db, aCheck({ key, interval: '1m', timeout: '1s', alerts: { failureThreshold: 2 } }))
  return (await findCheck(handle.db, key)) ?? { id: 0, check: aCheck({ key }) }
}

/** Notes paused slots as the scheduler does, a group a slot and region, counted from the next quarter of a minute on. */
function pause(checkIds: number[], ...minutes: number[]) {
  const groups = ['local', 'eu'].flatMap((region) =>
    minutes.map((at) => {
      const slotMs = start + at * minute
      return { region, countedAtMs: slotMs + 15_000, checkIds, slotsMs: checkIds.map(() => slotMs) }
    }),
  )
  return recordDueSlots(handle.db, [], { queuedMs: start, recordedMs: start }, groups)
}

test('paused slots count as maintenance once, by any number of processes, and none is missed or a result', async () => {
  const [one, other] = [await newCheck('one'), await newCheck('other')]
  await ingest(handle.db, [{ checkId: one.id, result: aResult(one.check, start) }], foldResults)
  await pause([one.id, other.id, 999_999], ...Array.from({ length: 40 }, (_, index) => index + 1))
  expect(await countPausedSlots(handle.db, start + minute)).toBe(0)
  const counted = await Promise.all([1, 2, 3].map(() => countPausedSlots(handle.db, start + 60 * minute)))
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(2 * 2 * 40)
  expect(await countPausedSlots(handle.db, start + 60 * minute)).toBe(0)
  const counts = await countSince(handle.db, [one.id, other.id], start - 60 * minute)
  expect(counts.get(one.id)).toEqual({ up: 1, down: 0, missed: 0, maintenance: 80 })
  expect(counts.get(other.id)).toEqual({ up: 0, down: 0, missed: 0, maintenance: 80 })
  const { rows } = await handle.db.execute(
    sql`select extract(minute from start)::int as at, maintenance from rollups_5m where check_id = ${one.id} and region_id = 1 order by start`,
  )
  expect(rows.slice(0, 2)).toEqual([
    { at: 0, maintenance: 4 },
    { at: 5, maintenance: 5 },
  ])
})

test('results that come while a span is being counted are added to it', async () => {
  const { id, check } = await newCheck('both')
  await pause([id], 1, 2)
  const results = [3, 4, 6].map((at) => ({ checkId: id, result: aResult(check, start + at * minute) }))
  await Promise.all([countPausedSlots(handle.db, start + 9 * minute), ingest(handle.db, results, foldResults)])
  expect((await countSince(handle.db, [id], start)).get(id)).toEqual({ up: 3, down: 0, missed: 0, maintenance: 4 })
})

test('a check that failed before a long pause is without data neither in it nor when it ends, but later if none comes', async () => {
  const { id, check } = await newCheck('resumed')
  const failed = { outcome: 'down', error: explain('tcp_refused', 'nothing listens') } as const
  await ingest(handle.db, [{ checkId: id, result: aResult(check, start, failed) }], foldResults, start)
  await pause([id], ...Array.from({ length: 30 }, (_, index) => index + 1))
  await countPausedSlots(handle.db, start + 31 * minute)
  const incidents = async (at: number) => {
    await judgeAgain(handle.db, start + at * minute)
    return listIncidents(handle.db, { checkKey: 'resumed', limit: 10 })
  }
  expect(await incidents(31)).toEqual([])
  expect(await incidents(36)).toMatchObject([{ rule: 'noData' }])
})
