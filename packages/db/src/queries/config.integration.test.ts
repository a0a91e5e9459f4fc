import { readConfigFile } from '@sonde/core'
import { aCheck, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { createChannel } from './channels.ts'
import { deleteCheck, findCheck, putCheck } from './checks.ts'
import { applyConfig } from './config.ts'

// What others do between the plan of a file, which keeps nobody out, and the transaction that carries it out.

let fresh: FreshDatabase
let handle: DatabaseHandle
beforeAll(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', max: 2, onError: () => undefined })
})
afterAll(async () => {
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

const site = (key: string, own: object = {}) => ({ key, kind: 'dns', target: `${key}.example`, ...own })
const file = (...checks: object[]) => readConfigFile({ manager: 'm', checks })

/** Applies a file while somebody else does `theirs` after it was planned; answers what was done, and how often it was planned. */
async function applyBeside(config: ReturnType<typeof file>, theirs: () => Promise<unknown>, own: object = {}) {
  const { db } = handle
  const beside = Object.assign(Object.create(db) as typeof db, {
    transaction: async (...args: Parameters<typeof db.transaction>) => {
      await theirs()
      return db.transaction(...args)
    },
  })
  let sealed = 0
  const seal = {
    checks: <Sealed>(check: Sealed) => {
      sealed += 1
      return check
    },
  }
  const { plan } = await applyConfig(beside, config, { prune: true, dryRun: false, seal, ...own })
  return { steps: plan.map(({ key, action }) => `${action} ${key}`), plans: sealed / config.checks.length }
}

beforeEach(async () => {
  await handle.db.execute(sql`delete from checks`)
  await handle.db.execute(sql`delete from channels`)
  await applyConfig(handle.db, file(site('a'), site('b')), { prune: false, dryRun: false, seal: {} })
})

test('a check that the file says nothing of is written by others without having it planned anew', async () => {
  await putCheck(handle.db, aCheck({ key: 'theirs', retries: 0 }))
  const theirs = async () => {
    await putCheck(handle.db, aCheck({ key: 'theirs', retries: 3 }))
    await putCheck(handle.db, aCheck({ key: 'new' }))
  }
  expect(await applyBeside(file(site('a', { interval: '2m' })), theirs)).toEqual({
    steps: ['change a', 'delete b'],
    plans: 1,
  })
  expect((await findCheck(handle.db, 'theirs'))?.check.retries).toBe(3)
  expect(await findCheck(handle.db, 'new')).toBeDefined()
})

test.each<[string, () => Promise<unknown>, string[]]>([
  [
    'a check of the file changes',
    () => putCheck(handle.db, aCheck({ key: 'a', retries: 3 })),
    ['change a', 'unchanged b', 'create c'],
  ],
  ['a check of the file goes', () => deleteCheck(handle.db, 'a'), ['create a', 'unchanged b', 'create c']],
  [
    'a check of the file comes',
    () => putCheck(handle.db, aCheck({ key: 'c' })),
    ['unchanged a', 'unchanged b', 'change c'],
  ],
  [
    'a channel comes',
    () =>
      createChannel(handle.db, { key: 'ops', enabled: true, kind: 'slack', slack: { url: 'https://slack.example/' } }),
    ['unchanged a', 'unchanged b', 'create c'],
  ],
])('it is planned anew when %s meanwhile', async (_, theirs, steps) => {
  expect(await applyBeside(file(site('a'), site('b'), site('c')), theirs)).toEqual({ steps, plans: 2 })
  expect((await findCheck(handle.db, 'a'))?.check).toMatchObject({ target: 'a.example', retries: 0 })
  expect((await findCheck(handle.db, 'c'))?.check.target).toBe('c.example')
})

test('a circle that others close meanwhile is refused, and nothing is written', async () => {
  await putCheck(handle.db, aCheck({ key: 'theirs' }))
  const theirs = () => putCheck(handle.db, aCheck({ key: 'theirs', dependsOn: ['a'] }))
  await expect(applyBeside(file(site('a', { dependsOn: ['theirs'] })), theirs)).rejects.toThrow(/dependsOn/)
  expect((await findCheck(handle.db, 'a'))?.check.dependsOn).toEqual([])
})

test('a plan that was shown is not carried out on what became of the server meanwhile', async () => {
  const wanted = file(site('a', { interval: '2m' }), site('b'))
  const { hash } = await applyConfig(handle.db, wanted, { prune: false, dryRun: true, seal: {} })
  const theirs = () => putCheck(handle.db, aCheck({ key: 'a', retries: 3 }))
  await expect(applyBeside(wanted, theirs, { expectedHash: hash })).rejects.toThrow('has changed since this plan')
  expect((await findCheck(handle.db, 'a'))?.check.retries).toBe(3)
})
