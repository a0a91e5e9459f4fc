import { type CheckInput, explain, foldResults, type IncidentDocument, type Result } from '@sonde/core'
import { aCheck, aResult, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createChannel } from '../queries/channels.ts'
import { createCheck, deleteCheck, findCheck, putCheck } from '../queries/checks.ts'
import { acknowledgeIncident, listIncidents } from '../queries/incidents.ts'
import { ingest } from '../queries/ingest.ts'
import { judgeAgain } from '../queries/judge-again.ts'
import { noteWorker } from '../queries/regions.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const refused = { outcome: 'down', error: explain('tcp_refused', 'nothing listens') } as const

let fresh: FreshDatabase
let handle: DatabaseHandle
beforeAll(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', max: 12, onError: () => undefined })
  await makePartitions(handle.db, start)
  await createChannel(handle.db, { key: 'ops', kind: 'ntfy', enabled: true, ntfy: { url: 'http://127.0.0.1/x' } })
  await createChannel(handle.db, { key: 'off', kind: 'ntfy', enabled: false, ntfy: { url: 'http://127.0.0.1/x' } })
})
afterAll(async () => {
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

async function newCheck(key: string, own: Partial<CheckInput> = {}) {
  const doc = aCheck({
    key,
    interval: '10s',
    timeout: '1s',
    alerts: { channels: ['ops', 'off', 'none'] },
    ...own,
  })
  await createCheck(handle.db, doc)
  const { id, check } = (await findCheck(handle.db, key)) ?? { id: 0, check: doc }
  return {
    id,
    check,
    result: (slot: number, own: Partial<Result> = {}) => ({
      checkId: id,
      result: aResult(check, start + slot * 10_000, own),
    }),
    at: (slot: number, ...owns: Partial<Result>[]) =>
      ingest(
        handle.db,
        owns.map((own) => ({ checkId: id, result: aResult(check, start + slot * 10_000, own) })),
        foldResults,
        start + slot * 10_000 + 500,
      ),
    incidents: () => listIncidents(handle.db, { checkKey: key, limit: 10 }),
    messages: async () => {
      const { rows } = await handle.db.execute<{ type: string; channel_key: string; doc: IncidentDocument }>(
        sql`select o.type, o.channel_key, o.doc from outbox o join incidents i on i.id = o.incident_id where i.check_id = ${id} order by number`,
      )
      return rows
    },
  }
}

test('an incident opens at the threshold, is told once a channel, and is resolved as safely', async () => {
  const check = await newCheck('opened')
  await check.at(0, {})
  await check.at(1, refused)
  expect(await check.incidents()).toEqual([])
  await check.at(2, refused)
  await check.at(3, refused)
  await check.at(3, refused)
  const [open] = await check.incidents()
  expect(open).toMatchObject({
    rule: 'down',
    checkKey: 'opened',
    openedAt: new Date(start + 20_012).toISOString(),
    resolvedAt: null,
    code: 'tcp_refused',
    summary: 'opened is down in 1 of 1 region: tcp_refused: nothing listens',
    regions: [{ region: 'local', state: 'down', code: 'tcp_refused', message: 'nothing listens' }],
  })
  await check.at(4, {})
  await check.at(5, {})
  expect(await check.incidents()).toMatchObject([{ id: open?.id, resolvedAt: new Date(start + 50_012).toISOString() }])
  expect((await check.messages()).map(({ type, channel_key }) => [type, channel_key])).toEqual([
    ['incident.opened', 'ops'],
    ['incident.resolved', 'ops'],
  ])
})

test('the first message waits for evidence until a second after the answer of its probe, where a worker lives', async () => {
  const heldMs = async (key: string, agoMs: number) => {
    const check = aCheck({ key, interval: '10s', timeout: '5s', alerts: { failureThreshold: 1, channels: ['ops'] } })
    await createCheck(handle.db, check)
    const { id } = (await findCheck(handle.db, key)) ?? { id: 0 }
    const nowMs = Date.now()
    const result = aResult(check, Math.floor(nowMs - agoMs), { ...refused, region: 'awake', durationMs: 0 })
    await ingest(handle.db, [{ checkId: id, result }], foldResults, nowMs)
    const { rows } = await handle.db.execute<{ ms: number }>(
      sql`select extract(epoch from next_at - created_at)::float8 * 1000 as ms from outbox where doc->>'checkKey' = ${key}`,
    )
    return rows[0]?.ms
  }
  expect(await heldMs('nobody', 0)).toBe(0)
  const worker = { id: 'w', region: 'awake', version: '1', startedAt: new Date().toISOString(), capabilities: [] }
  await noteWorker(handle.db, { ...worker, load: null, clockOffsetMs: null })
  const fresh = await heldMs('fresh', 0)
  expect(fresh).toBeGreaterThan(0)
  expect(fresh).toBeLessThanOrEqual(1000)
  expect(await heldMs('written-late', 700)).toBeLessThanOrEqual(300)
  expect(await heldMs('written-too-late', 1200)).toBe(0)
})

test('where all regions must be down, those that have not had the time to speak are waited for', async () => {
  const worker = {
    version: '1',
    startedAt: new Date().toISOString(),
    capabilities: [],
    load: null,
    clockOffsetMs: null,
  }
  for (const region of ['first', 'second']) await noteWorker(handle.db, { ...worker, id: region, region })
  const fails = async (key: string, own: Partial<Result>[]) => {
    const alerts = { regions: 'all' as const, failureThreshold: 1, channels: ['ops'] }
    const check = aCheck({ key, interval: '10s', timeout: '1s', regions: ['first', 'second'], alerts })
    await createCheck(handle.db, check)
    const { id } = (await findCheck(handle.db, key)) ?? { id: 0 }
    const nowMs = Date.now()
    const items = own.map((one, index) => ({ checkId: id, result: aResult(check, nowMs - 100 + index, one) }))
    await ingest(handle.db, items, foldResults, nowMs)
    const open = async () => (await listIncidents(handle.db, { checkKey: key, limit: 10 })).length
    return { id, check, nowMs, open }
  }
  const first = { ...refused, region: 'first' }
  const alone = await fails('unheard', [first])
  expect(await alone.open()).toBe(0)
  await judgeAgain(handle.db, alone.nowMs + 5000)
  expect(await alone.open()).toBe(0)
  // It has had two intervals by then, and is unknown.
  const later = { ...aResult(alone.check, alone.nowMs + 21_000, first) }
  await ingest(handle.db, [{ checkId: alone.id, result: later }], foldResults, alone.nowMs + 22_000)
  await judgeAgain(handle.db, alone.nowMs + 22_000)
  expect(await alone.open()).toBe(1)
  expect(await (await fails('both', [first, { ...refused, region: 'second' }])).open()).toBe(1)
  await handle.db.execute(sql`update workers set seen_at = now() - interval '5 minutes' where id = 'second'`)
  expect(await (await fails('nobody-there', [first])).open()).toBe(1)
  await noteWorker(handle.db, { ...worker, id: 'second', region: 'second' })
  // Both in one chunk, and the second has other news.
  expect(await (await fails('in-one', [first, { region: 'second' }])).open()).toBe(0)
})

test('regions judged by two ingesters at once open one incident that knows of both', async () => {
  for (let round = 0; round < 8; round++) {
    const check = await newCheck(`raced-${round}`, {
      alerts: { regions: 'all', failureThreshold: 1, channels: ['ops'] },
    })
    await check.at(0, { region: 'eu' }, { region: 'us' })
    await Promise.all([check.at(1, { region: 'eu', ...refused }), check.at(1, { region: 'us', ...refused })])
    const incidents = await check.incidents()
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.regions.map(({ state }) => state)).toEqual(['down', 'down'])
    expect((await check.messages()).filter(({ type }) => type === 'incident.opened')).toHaveLength(1)
  }
})

test('another region that fails is an update', async () => {
  const check = await newCheck('joined', {
    alerts: { regions: 'any', failureThreshold: 1, channels: ['ops'] },
  })
  await check.at(0, { region: 'eu' }, { region: 'us' })
  await check.at(1, { region: 'eu', ...refused }, { region: 'us' })
  await check.at(
    2,
    { region: 'eu', ...refused },
    { region: 'us', outcome: 'down', error: explain('tcp_timeout', 'none') },
  )
  expect((await check.messages()).map(({ type }) => type)).toEqual(['incident.opened', 'incident.updated'])
})

test('a check whose parent is down opens none of its own until the parent is up', async () => {
  const parent = await newCheck('gateway', {
    alerts: { failureThreshold: 1, successThreshold: 1 },
  })
  const child = await newCheck('behind', {
    dependsOn: ['gateway'],
    alerts: { failureThreshold: 1 },
  })
  await parent.at(1, refused)
  await child.at(1, refused)
  expect(await child.incidents()).toEqual([])
  await parent.at(2, {})
  await child.at(2, refused)
  await judgeAgain(handle.db, start + 21_000)
  expect(await child.incidents()).toHaveLength(1)
})

test('an incident of a check that is disabled is resolved', async () => {
  const check = await newCheck('disabled', { alerts: { failureThreshold: 1 } })
  await check.at(1, refused)
  await putCheck(handle.db, { ...check.check, enabled: false })
  await judgeAgain(handle.db, start + 12_000)
  expect((await check.incidents())[0]?.resolvedAt).not.toBeNull()
})

test('when the transaction fails there is neither incident nor message', async () => {
  const check = await newCheck('undone', { alerts: { failureThreshold: 1, channels: ['ops'] } })
  const failing = handle.db.transaction(async (tx) => {
    await ingest({ transaction: (work) => work(tx) }, [check.result(1, refused)], foldResults, start + 11_000)
    throw new Error('the power failed')
  })
  await expect(failing).rejects.toThrow('the power failed')
  expect([await check.incidents(), await check.messages()]).toEqual([[], []])
})

test('who acknowledges first stays', async () => {
  const check = await newCheck('seen-to', { alerts: { failureThreshold: 1 } })
  await check.at(1, refused)
  const [{ id } = { id: '' }] = await check.incidents()
  expect(await acknowledgeIncident(handle.db, id, 'ann')).toMatchObject({ acknowledgedBy: 'ann' })
  expect(await acknowledgeIncident(handle.db, id, 'bob')).toMatchObject({ acknowledgedBy: 'ann' })
  expect(await acknowledgeIncident(handle.db, '00000000-0000-4000-8000-000000000000', 'bob')).toBeUndefined()
})

test('results that come in one chunk are judged as if they came one by one', async () => {
  const alerts = { failureThreshold: 2, successThreshold: 1, channels: ['ops'] }
  const history = [{}, refused, refused, {}, {}, refused, refused, refused]
  const single = await newCheck('one-by-one', { alerts })
  for (const [slot, own] of history.entries()) await single.at(slot, own)
  const chunk = await newCheck('all-at-once', { alerts })
  await ingest(
    handle.db,
    history.map((own, slot) => chunk.result(slot, own)),
    foldResults,
    start + 70_500,
  )
  const told = async ({ messages }: typeof single) => (await messages()).map(({ type }) => type)
  expect(await told(single)).toEqual(['incident.opened', 'incident.resolved', 'incident.opened'])
  expect(await told(chunk)).toEqual(await told(single))
})

test('three of the last five are enough where the policy says so', async () => {
  const check = await newCheck('now-and-then', { alerts: { failureThreshold: { failures: 3, of: 5 } } })
  for (const [slot, own] of [refused, {}, refused, {}].entries()) await check.at(slot, own)
  expect(await check.incidents()).toEqual([])
  await check.at(4, refused)
  expect(await check.incidents()).toHaveLength(1)
})

test('a check that goes up and down is one incident, marked as flapping, until it holds still', async () => {
  const check = await newCheck('flapping', {
    alerts: { failureThreshold: 1, successThreshold: 1, channels: ['ops'] },
  })
  for (let slot = 0; slot < 20; slot++) await check.at(slot, slot % 2 === 0 ? {} : refused)
  const incidents = await check.incidents()
  expect(incidents).toHaveLength(3)
  expect(incidents[0]?.summary).toMatch(/flapping: down for the 10th time/)
  expect(await check.messages()).toHaveLength(5)
  for (let slot = 20; slot < 82; slot++) await check.at(slot, {})
  await judgeAgain(handle.db, start + 820_500)
  expect((await check.incidents())[0]?.resolvedAt).toBe(new Date(start + 820_500).toISOString())
  expect(await check.messages()).toHaveLength(6)
})

test('the first failing result of each region is evidence, and what else is there stays', async () => {
  const check = await newCheck('proven', { alerts: { regions: 'any', failureThreshold: 2 } })
  await check.at(1, { region: 'eu', ...refused, durationMs: 1 }, { region: 'us' })
  await check.at(2, { region: 'eu', ...refused, durationMs: 2 }, { region: 'us' })
  await handle.db.execute(
    sql`update incidents set evidence = evidence || '{"traceroute": "…"}' where check_id = ${check.id}`,
  )
  await check.at(3, { region: 'us', ...refused, durationMs: 3 })
  await check.at(4, { region: 'us', ...refused, durationMs: 4 })
  const { rows } = await handle.db.execute<{ evidence: { results: Record<string, Result>; traceroute: string } }>(
    sql`select evidence from incidents where check_id = ${check.id}`,
  )
  const evidence = rows[0]?.evidence
  expect(evidence?.traceroute).toBe('…')
  expect(evidence?.results['eu']?.durationMs).toBe(1)
  expect(evidence?.results['us']?.durationMs).toBe(3)
})

test('an incident outlives its check, is resolved, and its channels hear of it', async () => {
  const check = await newCheck('deleted', { alerts: { failureThreshold: 1, channels: ['ops'] } })
  await check.at(1, refused)
  await deleteCheck(handle.db, 'deleted')
  await judgeAgain(handle.db, start + 12_000)
  const [incident] = await check.incidents()
  expect(incident).toMatchObject({ checkKey: 'deleted', resolvedAt: new Date(start + 12_000).toISOString() })
  const { rows } = await handle.db.execute<{ type: string }>(
    sql`select type from outbox where incident_id = ${incident?.id}::uuid order by number`,
  )
  expect(rows.map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved'])
})

test('a child of a child is explained too, and a circle of checks mutes nobody', async () => {
  const alerts = { failureThreshold: 1, successThreshold: 1 }
  const router = await newCheck('router', { alerts })
  await newCheck('switch', { alerts, dependsOn: ['router'] })
  const host = await newCheck('host', { alerts, dependsOn: ['switch'] })
  await router.at(1, refused)
  await host.at(1, refused)
  expect(await host.incidents()).toEqual([])
  await judgeAgain(handle.db, start + 11_000)
  expect((await router.incidents())[0]?.summary).toMatch(/With it, as they depend on it: host$/)
  const egg = await newCheck('egg', { alerts, dependsOn: ['hen'] })
  const hen = await newCheck('hen', { alerts, dependsOn: ['egg'] })
  await hen.at(1, refused)
  await egg.at(1, refused)
  expect([await hen.incidents(), await egg.incidents()].map(({ length }) => length)).toEqual([1, 0])
  await hen.at(2, {})
  await egg.at(2, refused)
  await judgeAgain(handle.db, start + 21_000)
  expect((await egg.incidents()).map(({ resolvedAt }) => resolvedAt)).toEqual([null])
})

test('a child waits while its parent fails and may be down in a moment', async () => {
  const parent = await newCheck('slow-to-fall', { alerts: { failureThreshold: 2 } })
  const child = await newCheck('quick-to-fall', { alerts: { failureThreshold: 1 }, dependsOn: ['slow-to-fall'] })
  await parent.at(1, refused)
  await child.at(1, refused)
  expect(await child.incidents()).toEqual([])
  await parent.at(2, {})
  await child.at(2, refused)
  await judgeAgain(handle.db, start + 21_000)
  expect(await child.incidents()).toHaveLength(1)
})

test('no data is an incident after as many slots as the policy says, and ends with a result', async () => {
  const check = await newCheck('silent', { alerts: { noData: 3, channels: ['ops'] } })
  const missed = { outcome: 'missed', error: explain('no_worker', 'no worker of region local was there') } as const
  await check.at(0, {})
  for (const slot of [1, 2]) await check.at(slot, missed)
  expect(await check.incidents()).toEqual([])
  await check.at(3, missed)
  await check.at(4, missed)
  expect(await check.incidents()).toMatchObject([
    {
      rule: 'noData',
      code: 'no_worker',
      summary: 'silent has had no result for 3 slots in 1 of 1 region: local: no worker of region local was there',
      regions: [{ region: 'local', state: 'unknown', code: 'no_worker' }],
    },
  ])
  await check.at(5, {})
  expect((await check.incidents())[0]?.resolvedAt).not.toBeNull()
  expect((await check.messages()).map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved'])
  const off = await newCheck('silent-off', { alerts: { noData: { enabled: false } } })
  for (const slot of [1, 2, 3, 4]) await off.at(slot, missed)
  expect(await off.incidents()).toEqual([])
})
