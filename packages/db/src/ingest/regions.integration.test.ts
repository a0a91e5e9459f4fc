import { type Check, type CheckInput, explain, foldResults, type IncidentDocument, type Result } from '@sonde/core'
import { aCheck, aResult, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createChannel } from '../queries/channels.ts'
import { createCheck, findCheck } from '../queries/checks.ts'
import { listIncidents } from '../queries/incidents.ts'
import { ingest } from '../queries/ingest.ts'
import { judgeAgain } from '../queries/judge-again.ts'
import { judgeRegions } from '../queries/judge-regions.ts'
import { noteWorker, retireRegion } from '../queries/regions.ts'
import { lookForStillness } from '../queries/stillness.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const refused = { outcome: 'down', error: explain('tcp_timeout', 'no answer') } as const
const missed = { outcome: 'missed', error: explain('no_worker', 'no worker was there') } as const

let fresh: FreshDatabase
let handle: DatabaseHandle
beforeEach(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', max: 4, onError: () => undefined })
  await makePartitions(handle.db, start)
  for (const key of ['ops', 'net']) {
    await createChannel(handle.db, { key, kind: 'ntfy', enabled: true, ntfy: { url: 'http://127.0.0.1/x' } })
  }
})
afterEach(async () => {
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

/** Eight checks of eight hosts, every ten seconds; the results of a slot come one after the other, and time is judged in between. */
const eightChecks = (own: Partial<CheckInput> = {}) => someChecks(8, own)

async function someChecks(count: number, own: Partial<CheckInput> = {}) {
  const checks: { id: number; check: Check }[] = []
  for (let number = 1; number <= count; number++) {
    const channels = number === 1 ? ['net', 'ops'] : ['ops']
    const doc = aCheck({
      key: `site-${number}`,
      target: `http://site-${number}.example/`,
      interval: '10s',
      timeout: '1s',
      alerts: { regions: 'any', channels },
      ...own,
    })
    await createCheck(handle.db, doc)
    checks.push({ id: (await findCheck(handle.db, doc.key))?.id ?? 0, check: doc })
  }
  // In the time of the test, as everything else.
  await handle.db.execute(sql`update checks set updated_at = ${new Date(start - 3_600_000).toISOString()}`)
  let watchedSince = 0
  return {
    watchFrom: (slot: number) => {
      watchedSince = start + slot * 10_000
    },
    judge: async (atMs: number) => {
      const still = await lookForStillness(handle.db, atMs, watchedSince)
      const { inDoubt } = await judgeRegions(handle.db, atMs, watchedSince, still.regions)
      await judgeAgain(handle.db, atMs, inDoubt, still.checkIds)
    },
    async slot(slot: number, of: (region: string, number: number) => Partial<Result>, regions = ['eu', 'us']) {
      for (const [index, { id, check }] of checks.entries()) {
        const slotMs = start + slot * 10_000 + index * Math.floor(8000 / count)
        const items = regions.map((region) => ({
          checkId: id,
          result: aResult(check, slotMs, { region, ...of(region, index + 1) }),
        }))
        await ingest(handle.db, items, foldResults, slotMs + 500)
        await this.judge(slotMs + 600)
      }
    },
  }
}

const open = async () =>
  (await listIncidents(handle.db, { state: 'open', limit: 20 })).map(({ rule, checkKey }) => [rule, checkKey])
const messages = async () => {
  const { rows } = await handle.db.execute<{ type: string; channel_key: string; doc: IncidentDocument }>(
    sql`select type, channel_key, doc from outbox order by number`,
  )
  return rows.map(({ type, channel_key, doc }) => `${channel_key} ${type} ${doc.rule} ${doc.checkKey}`)
}

test('a region that alone sees everything fail is told itself, and pages nobody for its checks', async () => {
  const sites = await eightChecks()
  for (const slot of [0, 1]) await sites.slot(slot, () => ({}))
  for (const slot of [2, 3, 4, 5]) await sites.slot(slot, (region) => (region === 'eu' ? refused : {}))
  expect(await open()).toEqual([['regionSuspect', 'eu']])
  for (const slot of [6, 7, 8, 9]) await sites.slot(slot, () => ({}))
  expect(await open()).toEqual([])
  expect(await messages()).toEqual([
    'net incident.opened regionSuspect eu',
    'ops incident.opened regionSuspect eu',
    'net incident.resolved regionSuspect eu',
    'ops incident.resolved regionSuspect eu',
  ])
})

test('an outage of many targets that every region sees pages for each of them', async () => {
  const sites = await eightChecks({ alerts: { regions: 'majority', channels: ['ops'] } })
  for (const slot of [0, 1]) await sites.slot(slot, () => ({}))
  for (const slot of [2, 3, 4]) await sites.slot(slot, () => refused)
  expect((await open()).map(([rule]) => rule)).toEqual(Array.from({ length: 8 }, () => 'down'))
  for (const slot of [5, 6, 7]) await sites.slot(slot, () => ({}))
  expect(await open()).toEqual([])
  expect(await messages()).toHaveLength(16)
})

test('an outage is seen through a sick region', async () => {
  const sites = await eightChecks()
  for (const slot of [0, 1]) await sites.slot(slot, () => ({}))
  for (const slot of [2, 3, 4, 5])
    await sites.slot(slot, (region, number) => (region === 'eu' || number === 3 ? refused : {}))
  expect(await open()).toEqual(
    expect.arrayContaining([
      ['regionSuspect', 'eu'],
      ['down', 'site-3'],
    ]),
  )
  expect(await open()).toHaveLength(2)
})

test('six targets that one region alone does not reach say nothing of it while it reaches many more', async () => {
  const sites = await someChecks(16)
  await sites.slot(0, () => ({}))
  for (const slot of [1, 2])
    await sites.slot(slot, (region, number) => (region === 'eu' && number % 3 === 1 ? refused : {}))
  const down = [16, 13, 10, 7, 4, 1].map((number) => ['down', `site-${number}`])
  expect(await open()).toEqual(down)
})

test('where one region alone looks, nearly everything that fails at once is its own fault', async () => {
  const sites = await eightChecks()
  for (const slot of [0, 1]) await sites.slot(slot, () => ({}), ['eu'])
  for (const slot of [2, 3, 4]) await sites.slot(slot, () => refused, ['eu'])
  expect(await open()).toEqual([['regionSuspect', 'eu']])
})

test('a region without a worker is told once, and not once for each of its checks', async () => {
  const sites = await eightChecks()
  const worker = { id: 'w1', region: 'eu', version: '1', startedAt: new Date(start).toISOString(), capabilities: [] }
  await noteWorker(handle.db, { ...worker, load: null, clockOffsetMs: null })
  sites.watchFrom(-600)
  await sites.slot(0, () => ({}), ['eu'])
  await handle.db.execute(sql`update workers set seen_at = now() - interval '2 minutes'`)
  for (const slot of [1, 2, 3, 4]) await sites.slot(slot, () => missed, ['eu'])
  expect(await open()).toEqual([['regionSilent', 'eu']])
  await handle.db.execute(sql`update workers set seen_at = now()`)
  await sites.slot(5, () => ({}), ['eu'])
  expect(await open()).toEqual([])
  expect((await messages()).filter((line) => line.startsWith('net'))).toEqual([
    'net incident.opened regionSilent eu',
    'net incident.resolved regionSilent eu',
  ])
})

test('after a night in which nobody listened a region is not silent at once, and one that is retired never', async () => {
  const sites = await eightChecks()
  await sites.slot(0, () => ({}), ['eu'])
  await handle.db.execute(sql`update regions set active_since = now() - interval '1 day'`)
  sites.watchFrom(1)
  await sites.judge(start + 60_000)
  expect(await open()).toEqual([])
  await sites.judge(start + 70_000)
  expect(await open()).toEqual([['regionSilent', 'eu']])
  await retireRegion(handle.db, 'eu')
  await sites.judge(start + 80_000)
  expect(await open()).toEqual([])
})

test('when nobody schedules each region is told once, and none of its checks, then or when it is over', async () => {
  const sites = await eightChecks()
  for (const region of ['eu', 'us']) {
    const worker = { id: region, region, version: '1', startedAt: new Date(start).toISOString(), capabilities: [] }
    await noteWorker(handle.db, { ...worker, load: null, clockOffsetMs: null })
  }
  await handle.db.execute(sql`update regions set active_since = ${new Date(start - 3_600_000).toISOString()}`)
  sites.watchFrom(-600)
  for (const slot of [0, 1, 2]) await sites.slot(slot, () => ({}))
  for (let seconds = 30; seconds <= 80; seconds += 5) await sites.judge(start + seconds * 1000)
  expect(await open()).toEqual([])
  for (let seconds = 85; seconds <= 600; seconds += 5) await sites.judge(start + seconds * 1000)
  expect(new Map((await open()).map(([rule, region]) => [region, rule]))).toEqual(
    new Map([
      ['eu', 'regionSilent'],
      ['us', 'regionSilent'],
    ]),
  )
  expect(await open()).toHaveLength(2)
  // Whoever schedules again notes what was due meanwhile, and a sweep says so; then the first results come.
  for (const slot of [57, 58, 59]) await sites.slot(slot, () => missed)
  expect(await open()).toHaveLength(2)
  await sites.slot(60, (_, number) => (number < 4 ? {} : missed))
  await sites.slot(61, () => ({}))
  expect(await open()).toEqual([])
  const rules = (await messages()).map((line) => line.split(' ').at(-2))
  expect(new Set(rules)).toEqual(new Set(['regionSilent']))
})
