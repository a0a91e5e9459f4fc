import { explain, type Fold, foldResults, type Result } from '@sonde/core'
import { aCheck, aResult, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createCheck, deleteCheck, findCheck } from './checks.ts'
import { ingest } from './ingest.ts'
import { listResults } from './results.ts'
import { listStatesOf } from './states.ts'

const slot = Date.parse('2026-01-05T10:00:00Z')

let fresh: FreshDatabase
let handle: DatabaseHandle
beforeAll(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', max: 8, onError: () => undefined })
  await makePartitions(handle.db, slot)
})
afterAll(async () => {
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

async function newCheck(key: string) {
  await createCheck(handle.db, aCheck({ key }))
  const stored = await findCheck(handle.db, key)
  if (stored === undefined) throw new Error('not stored')
  return stored
}

const stateOf = async (key: string) => {
  const stored = await findCheck(handle.db, key)
  return stored && (await listStatesOf(handle.db, stored.id))[0]?.state
}

test('a chunk is stored once however often it comes', async () => {
  const { id, check } = await newCheck('repeated')
  const items = [0, 1, 2].map((index) => ({ checkId: id, result: aResult(check, slot + index * 1000) }))
  expect(await ingest(handle.db, [...items, ...items], foldResults)).toHaveLength(3)
  expect(await ingest(handle.db, items, foldResults)).toEqual([])
  expect(await listResults(handle.db, { checkId: id, limit: 10 })).toHaveLength(3)
  expect(await stateOf('repeated')).toMatchObject({ totals: { up: 3 }, verdict: 'up', successes: 3 })
})

test('ten ingesters with overlapping chunks store each slot once and count it once', async () => {
  const { id, check } = await newCheck('raced')
  const items = Array.from({ length: 60 }, (_, index) => ({ checkId: id, result: aResult(check, slot + index * 1000) }))
  const chunks = Array.from({ length: 10 }, (_, start) => items.slice(start * 3, start * 3 + 33).toReversed())
  const stored = (await Promise.all(chunks.map((chunk) => ingest(handle.db, chunk, foldResults)))).flat()
  expect(stored.map((result) => result.slot).sort()).toEqual(items.map(({ result }) => result.slot))
  expect(await stateOf('raced')).toMatchObject({ totals: { up: 60 } })
})

test('the stored document is the one that came, to the letter', async () => {
  const { id, check } = await newCheck('letter')
  const result: Result = aResult(check, slot, {
    outcome: 'down',
    error: explain('tcp_refused', 'nothing listens on 127.0.0.1:9'),
  })
  await ingest(handle.db, [{ checkId: id, result }], foldResults)
  const [row] = await listResults(handle.db, { checkId: id, limit: 1 })
  expect(JSON.stringify(row?.result)).toBe(JSON.stringify(result))
})

test('results of a check that was deleted meanwhile are dropped, and the rest of the chunk is stored', async () => {
  const gone = await newCheck('gone')
  const kept = await newCheck('kept')
  await deleteCheck(handle.db, 'gone')
  const items = [gone, kept].map(({ id, check }) => ({ checkId: id, result: aResult(check, slot) }))
  expect((await ingest(handle.db, items, foldResults)).map(({ checkKey }) => checkKey)).toEqual(['kept'])
})

test('when the fold fails nothing of the chunk is stored', async () => {
  const { id, check } = await newCheck('whole')
  const items = [{ checkId: id, result: aResult(check, slot) }]
  const failing: Fold = () => {
    throw new Error('the rules failed')
  }
  await expect(ingest(handle.db, items, failing)).rejects.toThrow('the rules failed')
  expect(await listResults(handle.db, { checkId: id, limit: 1 })).toEqual([])
  expect(await ingest(handle.db, items, foldResults)).toHaveLength(1)
})

test('pages of results come newest first and meet without gap or overlap', async () => {
  const { id, check } = await newCheck('paged')
  const results = Array.from({ length: 7 }, (_, index) =>
    ['eu', 'us'].map((region) => aResult(check, slot + index * 1000, { region })),
  ).flat()
  await ingest(
    handle.db,
    results.map((result) => ({ checkId: id, result })),
    foldResults,
  )
  const seen: string[] = []
  let after: { slot: Date; regionId: number } | undefined
  for (;;) {
    const page = await listResults(handle.db, { checkId: id, after, limit: 3 })
    seen.push(...page.map(({ result }) => `${result.slot} ${result.region}`))
    const last = page.at(-1)
    if (last === undefined) break
    after = { slot: last.slot, regionId: last.regionId }
  }
  expect(seen).toHaveLength(14)
  expect(new Set(seen).size).toBe(14)
  expect(seen.map((one) => one.slice(0, 24))).toEqual(
    seen
      .map((one) => one.slice(0, 24))
      .toSorted()
      .reverse(),
  )
  expect(
    await listResults(handle.db, {
      checkId: id,
      region: 'us',
      from: new Date(slot + 2000),
      to: new Date(slot + 4000),
      limit: 10,
    }),
  ).toHaveLength(2)
})
