import { type CheckInput, explain, foldResults, type IncidentDocument, type Result } from '@sonde/core'
import { aCheck, aResult, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createChannel } from '../queries/channels.ts'
import { createCheck, findCheck, putCheck } from '../queries/checks.ts'
import { acknowledgeIncident, judgeAgain, listIncidents } from '../queries/incidents.ts'
import { ingest } from '../queries/ingest.ts'

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
    openedAt: new Date(start + 20_500).toISOString(),
    resolvedAt: null,
    code: 'tcp_refused',
    summary: 'opened is down in 1 of 1 region: tcp_refused: nothing listens',
    regions: [{ region: 'local', state: 'down', code: 'tcp_refused', message: 'nothing listens' }],
  })
  await check.at(4, {})
  await check.at(5, {})
  expect(await check.incidents()).toMatchObject([{ id: open?.id, resolvedAt: new Date(start + 50_500).toISOString() }])
  expect((await check.messages()).map(({ type, channel_key }) => [type, channel_key])).toEqual([
    ['incident.opened', 'ops'],
    ['incident.resolved', 'ops'],
  ])
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
