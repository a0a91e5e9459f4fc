import { explain, foldResults, type Result } from '@sonde/core'
import { aCheck, aResult, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createCheck, findCheck } from '../queries/checks.ts'
import { listIncidents } from '../queries/incidents.ts'
import { ingest } from '../queries/ingest.ts'
import { judgeAgain } from '../queries/judge-again.ts'
import { noteJudging } from '../queries/judging.ts'
import { lookForStillness, mayStandStill } from '../queries/stillness.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const missed = { outcome: 'missed', error: explain('no_worker', 'no worker was there') } as const

let fresh: FreshDatabase
let handle: DatabaseHandle
beforeAll(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', max: 4, onError: () => undefined })
  await makePartitions(handle.db, start)
})
afterAll(async () => {
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

const iso = (seconds: number) => new Date(start + seconds * 1000).toISOString()

/** A check of every ten seconds, and of its times, in seconds after the start. */
async function newCheck(key: string) {
  const doc = aCheck({ key, interval: '10s', timeout: '1s' })
  await createCheck(handle.db, doc)
  const changedAt = (seconds: number) =>
    handle.db.execute(sql`update checks set updated_at = ${iso(seconds)} where key = ${key}`)
  await changedAt(-3600)
  await handle.db.execute(sql`update regions set active_since = ${iso(-3600)}`)
  const id = (await findCheck(handle.db, key))?.id ?? 0
  return {
    changedAt,
    at: (seconds: number, own: Partial<Result> = {}, nowSeconds = seconds) =>
      ingest(
        handle.db,
        [{ checkId: id, result: aResult(doc, start + seconds * 1000, own) }],
        foldResults,
        start + nowSeconds * 1000 + 500,
      ),
    open: async () =>
      (await listIncidents(handle.db, { checkKey: key, state: 'open', limit: 5 })).map(({ rule }) => rule),
  }
}

/** What a round of judging does. */
async function judge(seconds: number): Promise<void> {
  const nowMs = start + seconds * 1000
  const sinceMs = await noteJudging(handle.db, nowMs)
  const { checkIds } = await lookForStillness(handle.db, nowMs, sinceMs)
  await judgeAgain(handle.db, nowMs, new Set(), checkIds)
}

async function judgeFrom(from: number, to: number): Promise<void> {
  for (let seconds = from; seconds <= to; seconds += 5) await judge(seconds)
}

test('with nobody to schedule, and so without a word of missed slots, a check is told to be without data', async () => {
  expect(await mayStandStill(handle.db)).toBe(true)
  const check = await newCheck('no-scheduler')
  await judgeFrom(-30, 0)
  for (const seconds of [0, 10, 20]) await check.at(seconds)
  await judgeFrom(5, 100)
  expect(await check.open()).toEqual([])
  await judgeFrom(105, 110)
  expect(await check.open()).toEqual(['noData'])
  await check.at(120)
  await judge(121)
  expect(await check.open()).toEqual([])
})

test('when all of Sonde was off, what was missed meanwhile is no silence, and what is missed from then on is', async () => {
  const check = await newCheck('all-off')
  await judgeFrom(970, 1000)
  await check.at(1000)
  // Ten minutes later: the sweep tells what was due before anybody has judged again, or a result has come.
  for (const seconds of [1570, 1580, 1590, 1600]) await check.at(seconds, missed, 1603)
  expect(await check.open()).toEqual([])
  await judgeFrom(1604, 1620)
  for (const seconds of [1610, 1620]) await check.at(seconds, missed, 1621)
  await judge(1622)
  expect(await check.open()).toEqual([])
  await check.at(1630, missed)
  await judge(1631)
  expect(await check.open()).toEqual(['noData'])
  // It is off once more, and what was open stays so until a result comes.
  await judge(2000)
  expect(await check.open()).toEqual(['noData'])
  await check.at(2010)
  expect(await check.open()).toEqual([])
})

test('a check that was changed, or turned on again, is waited for from then on', async () => {
  const check = await newCheck('turned-on')
  await judgeFrom(2970, 3000)
  await check.at(3000)
  await check.changedAt(4000)
  await judgeFrom(3005, 4085)
  expect(await check.open()).toEqual([])
  await judgeFrom(4090, 4095)
  expect(await check.open()).toEqual(['noData'])
})
