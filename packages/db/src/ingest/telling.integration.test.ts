import { type CheckInput, explain, type Fold, foldResults, type Result, type Silence } from '@sonde/core'
import { aCheck, aResult, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createChannel, deleteChannel } from '../queries/channels.ts'
import { createCheck, deleteCheck, findCheck, putCheck } from '../queries/checks.ts'
import { acknowledgeIncident, forgetIncidents, listIncidents } from '../queries/incidents.ts'
import { ingest } from '../queries/ingest.ts'
import { judgeAgain } from '../queries/judge-again.ts'
import { createMaintenance, deleteMaintenance, findMaintenance, readMaintenancePlan } from '../queries/maintenance.ts'
import { forgetMessages } from '../queries/outbox.ts'
import { createSilence, deleteSilence } from '../queries/silences.ts'
import { tellDue } from '../queries/tell-due.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const minute = 60_000
const refused = { outcome: 'down', error: explain('tcp_refused', 'nothing listens') } as const

let fresh: FreshDatabase | undefined
let handle: DatabaseHandle
async function close(): Promise<void> {
  await handle?.close()
  await fresh?.[Symbol.asyncDispose]()
}
beforeEach(async () => {
  await close()
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', max: 12, onError: () => undefined })
  await makePartitions(handle.db, start)
  for (const key of ['ops', 'boss']) await addChannel(key)
})
afterAll(close)

const addChannel = (key: string) =>
  createChannel(handle.db, { key, kind: 'ntfy', enabled: true, ntfy: { url: 'http://127.0.0.1/x' } })

/** A check that is down from its first result on, with an interval of a minute. Times are minutes after the start. */
async function aDownCheck(key: string, alerts: CheckInput['alerts'] = {}, own: Partial<CheckInput> = {}) {
  await createCheck(
    handle.db,
    aCheck({
      key,
      interval: '1m',
      timeout: '1s',
      alerts: { channels: ['ops'], failureThreshold: 1, successThreshold: 1, ...alerts },
      ...own,
    }),
  )
  const { id, check } = (await findCheck(handle.db, key)) ?? { id: 0, check: aCheck({ key }) }
  return {
    id,
    check,
    result: (at: number, own: Partial<Result> = {}) =>
      ingest(
        handle.db,
        [{ checkId: id, result: aResult(check, start + at * minute, own) }],
        foldResults,
        start + at * minute,
      ),
    incident: async () => (await listIncidents(handle.db, { checkKey: key, limit: 1 }))[0],
  }
}

/** What has been told so far of a check: `opened:ops`. */
async function told(key: string): Promise<string[]> {
  const { rows } = await handle.db.execute<{ type: string; channel_key: string }>(
    sql`select o.type, o.channel_key from outbox o where doc->>'checkKey' = ${key} order by number`,
  )
  return rows.map(({ type, channel_key }) => `${type.slice('incident.'.length)}:${channel_key}`)
}

/** Looks for what is due, as two ingesters at once would. */
async function look(at: number): Promise<void> {
  const nowMs = start + at * minute
  await Promise.all([tellDue(handle.db, nowMs), tellDue(handle.db, nowMs)])
}

const maintain = (key: string, from: string, to: string, own: object = {}) =>
  createMaintenance(handle.db, {
    key,
    start: `2026-01-05T${from}:00`,
    end: `2026-01-05T${to}:00`,
    timeZone: 'UTC',
    labels: {},
    checks: [],
    mode: 'silence',
    ...own,
  })

const silence = (from: number, to: number, matchers: Partial<Pick<Silence, 'checks' | 'labels' | 'rules'>>) =>
  createSilence(handle.db, {
    labels: {},
    checks: [],
    rules: [],
    comment: 'known',
    createdBy: 'ann',
    startsAt: new Date(start + from * minute).toISOString(),
    endsAt: new Date(start + to * minute).toISOString(),
    ...matchers,
  })

test('reminders come at every multiple of repeat, each once however many look, until somebody acknowledges', async () => {
  const check = await aDownCheck('reminded', { repeat: '10m' })
  await check.result(0, refused)
  await look(9)
  expect(await told('reminded')).toEqual(['opened:ops'])
  for (const at of [10, 11, 19, 20, 20]) await look(at)
  expect(await told('reminded')).toEqual(['opened:ops', 'reminder:ops', 'reminder:ops'])
  await acknowledgeIncident(handle.db, (await check.incident())?.id ?? '', 'ann')
  await look(60)
  expect(await told('reminded')).toHaveLength(3)
  await check.result(61)
  expect((await told('reminded')).at(-1)).toBe('resolved:ops')
})

test('who it is escalated to hears of it once, and of all that follows', async () => {
  const check = await aDownCheck('escalated', { escalate: [{ after: '15m', channels: ['boss', 'ops'] }] })
  await check.result(0, { ...refused, region: 'eu' })
  await look(14)
  await look(15)
  await look(40)
  await check.result(41, { ...refused, region: 'eu' })
  await check.result(41, { ...refused, region: 'us' })
  await check.result(42, { region: 'eu' })
  await check.result(42, { region: 'us' })
  expect(await told('escalated')).toEqual([
    'opened:ops',
    'opened:boss',
    'updated:boss',
    'updated:ops',
    'resolved:boss',
    'resolved:ops',
  ])
})

test('what was acknowledged in time is not escalated, and nobody who never heard of it hears that it is over', async () => {
  const check = await aDownCheck('in-time', { escalate: [{ after: '15m', channels: ['boss'] }] })
  await check.result(0, refused)
  await acknowledgeIncident(handle.db, (await check.incident())?.id ?? '', 'ann')
  await look(30)
  await check.result(31)
  expect(await told('in-time')).toEqual(['opened:ops', 'resolved:ops'])
})

test('in maintenance no incident opens, and what is still broken when it ends alerts then', async () => {
  await maintain('window', '09:50', '10:30')
  const check = await aDownCheck('maintained')
  await check.result(0, refused)
  await judgeAgain(handle.db, start + minute)
  expect([await check.incident(), await told('maintained')]).toEqual([undefined, []])
  await check.result(29, refused)
  await judgeAgain(handle.db, start + 30 * minute - 1)
  expect(await check.incident()).toBeUndefined()
  await judgeAgain(handle.db, start + 30 * minute)
  expect(await check.incident()).toMatchObject({ openedAt: new Date(start + 30 * minute).toISOString() })
  expect(await told('maintained')).toEqual(['opened:ops'])
})

test('what recovers in maintenance tells nobody at all', async () => {
  await maintain('window', '09:50', '10:30')
  const check = await aDownCheck('recovered')
  await check.result(0, refused)
  await check.result(29)
  await judgeAgain(handle.db, start + 31 * minute)
  expect([await check.incident(), await told('recovered')]).toEqual([undefined, []])
})

test('an incident from before the window is neither reminded, escalated nor updated in it, and its end is told', async () => {
  const check = await aDownCheck('before', {
    repeat: '10m',
    escalate: [{ after: '15m', channels: ['boss'] }],
    regions: 'any',
  })
  await check.result(0, { ...refused, region: 'eu' })
  await maintain('window', '10:05', '10:30')
  for (const at of [6, 10, 16, 20]) await look(at)
  await check.result(21, { ...refused, region: 'us' })
  expect(await told('before')).toEqual(['opened:ops'])
  await check.result(22, { region: 'eu' })
  await check.result(22, { region: 'us' })
  expect(await told('before')).toEqual(['opened:ops', 'resolved:ops'])
})

test('a window that is deleted lets go at once', async () => {
  await maintain('window', '09:50', '11:50')
  const check = await aDownCheck('let-go')
  await check.result(0, refused)
  await judgeAgain(handle.db, start + minute)
  expect(await check.incident()).toBeUndefined()
  const stored = await findMaintenance(handle.db, 'window')
  await deleteMaintenance(handle.db, 'window', stored?.revision ?? 0)
  await judgeAgain(handle.db, start + minute)
  expect(await told('let-go')).toEqual(['opened:ops'])
})

test('a window is of the checks that it names, and of no other', async () => {
  await maintain('window', '09:50', '10:30', { checks: ['named'], labels: { team: 'web' } })
  const checks = [
    await aDownCheck('named'),
    await aDownCheck('labelled', {}, { labels: { team: 'web' } }),
    await aDownCheck('other', {}, { labels: { team: 'db' } }),
  ]
  for (const check of checks) await check.result(0, refused)
  expect(await Promise.all(checks.map(({ check: { key } }) => told(key)))).toEqual([[], [], ['opened:ops']])
})

test('a silence keeps quiet what matches, and not the incident; when it ends, what is still open is told', async () => {
  await silence(-10, 20, { checks: ['sil*'], rules: ['down'] })
  const check = await aDownCheck('silenced', { escalate: [{ after: '15m', channels: ['boss'] }] })
  const other = await aDownCheck('loud')
  await check.result(0, refused)
  await other.result(0, refused)
  expect(await check.incident()).toMatchObject({ resolvedAt: null })
  await look(19)
  expect([await told('silenced'), await told('loud')]).toEqual([[], ['opened:ops']])
  await look(20)
  await look(34)
  expect(await told('silenced')).toEqual(['opened:ops'])
  await look(35)
  expect(await told('silenced')).toEqual(['opened:ops', 'opened:boss'])
})

test('what opens and ends in a silence is never told; what was told before it is told to be over', async () => {
  const before = await aDownCheck('known')
  await before.result(0, refused)
  await silence(1, 60, { checks: ['*'] })
  const check = await aDownCheck('never')
  await check.result(2, refused)
  await check.result(3)
  await before.result(3)
  await look(90)
  expect([await told('never'), await told('known')]).toEqual([[], ['opened:ops', 'resolved:ops']])
})

test('a silence that is deleted has what it kept quiet told at once', async () => {
  const stored = await silence(-10, 600, { checks: ['quiet'] })
  const check = await aDownCheck('quiet')
  await check.result(0, refused)
  await look(1)
  expect(await told('quiet')).toEqual([])
  await deleteSilence(handle.db, stored.silence.id, stored.revision)
  await look(2)
  expect(await told('quiet')).toEqual(['opened:ops'])
})

test('a policy that changes counts for what is open', async () => {
  const check = await aDownCheck('changed', { channels: [] })
  await check.result(0, refused)
  await look(5)
  expect(await told('changed')).toEqual([])
  await putCheck(handle.db, { ...check.check, alerts: { ...check.check.alerts, channels: ['ops'], repeat: '10m' } })
  await look(6)
  await look(10)
  expect(await told('changed')).toEqual(['opened:ops', 'reminder:ops'])
})

test('a channel that comes to be hears of what is open, and one that is gone hears nothing', async () => {
  const check = await aDownCheck('late', { channels: ['ops', 'chat'], repeat: '10m' })
  await check.result(0, refused)
  await look(1)
  await addChannel('chat')
  await look(2)
  await deleteChannel(handle.db, 'ops')
  await look(10)
  expect(await told('late')).toEqual(['opened:ops', 'opened:chat', 'reminder:chat'])
})

test('an incident that is over is told nothing more, whoever looks', async () => {
  const check = await aDownCheck('over', { repeat: '10m' })
  await check.result(0, refused)
  await Promise.all([check.result(10), look(10), look(10)])
  await look(30)
  const words = await told('over')
  expect(words.at(-1)).toBe('resolved:ops')
  expect(words.filter((word) => word === 'opened:ops')).toHaveLength(1)
})

test('results in a window count as maintenance, neither good nor bad', async () => {
  await maintain('window', '10:01', '10:03')
  const check = await aDownCheck('counted')
  const plan = await readMaintenancePlan(handle.db)
  const fold: Fold = (state, results, of) => foldResults(state, results, of, plan)
  const items = [0, 1, 2, 3, 10].map((at) => ({
    checkId: check.id,
    result: aResult(check.check, start + at * minute, at % 2 === 0 ? {} : refused),
  }))
  await ingest(handle.db, items, fold, start + 10 * minute)
  const { rows } = await handle.db.execute(sql`select up, down, maintenance from rollups_5m`)
  expect(rows).toEqual([{ up: 1, down: 1, maintenance: 2 }])
})

test('what depends on a check in maintenance that is down opens nothing of its own', async () => {
  await maintain('window', '09:50', '10:30', { checks: ['gateway'] })
  const gateway = await aDownCheck('gateway')
  const behind = await aDownCheck('behind', {}, { dependsOn: ['gateway'] })
  await behind.result(0, refused)
  expect(await told('behind')).toEqual(['opened:ops'])
  await behind.result(1)
  await gateway.result(2, refused)
  await behind.result(3, refused)
  await judgeAgain(handle.db, start + 4 * minute)
  expect([await told('gateway'), await told('behind')]).toEqual([[], ['opened:ops', 'resolved:ops']])
})

test('when maintenance ends over a check and all that depends on it, the one opens and explains the rest, whoever was made first', async () => {
  await maintain('window', '09:50', '10:30', { checks: ['lamp', 'socket', 'mains'] })
  const lamp = await aDownCheck('lamp', {}, { dependsOn: ['socket'] })
  const socket = await aDownCheck('socket', {}, { dependsOn: ['mains'] })
  const mains = await aDownCheck('mains')
  for (const check of [lamp, socket, mains]) await check.result(29, refused)
  await judgeAgain(handle.db, start + 30 * minute)
  await judgeAgain(handle.db, start + 30 * minute + 1000)
  expect([await told('lamp'), await told('socket'), await told('mains')]).toEqual([[], [], ['opened:ops']])
  expect((await mains.incident())?.summary).toMatch(/With it, as they depend on it: lamp, socket$/)
})

test('whoever makes a silence does not wait for an incident that is being written, and it holds for that one too', async () => {
  const check = await aDownCheck('held', { repeat: '10m' })
  await check.result(0, refused)
  const [held, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = handle.db.transaction(async (tx) => {
    await tx.execute(sql`select from incidents for update`)
    held.resolve()
    await letGo.promise
  })
  await held.promise
  await silence(1, 60, { checks: ['*'] })
  await addChannel('chat')
  letGo.resolve()
  await holding
  await look(10)
  expect(await told('held')).toEqual(['opened:ops'])
})

test('a change that passed an incident by is made up for within minutes', async () => {
  const check = await aDownCheck('passed', { channels: ['ops', 'chat'] })
  await check.result(0, refused)
  await look(1)
  await addChannel('chat')
  // As if somebody had been writing the incident just then.
  await handle.db.execute(
    sql`update incidents set tell_at = ${new Date(start + 6 * minute).toISOString()}::timestamptz`,
  )
  await look(5)
  await look(6)
  expect(await told('passed')).toEqual(['opened:ops', 'opened:chat'])
})

test('messages are forgotten so long after their incident is over, and not while it is open', async () => {
  const check = await aDownCheck('open-for-months')
  await check.result(0, refused)
  await handle.db.execute(sql`update outbox set state = 'sent', created_at = now() - interval '40 days'`)
  await handle.db.execute(
    sql`insert into outbox (channel_key, type, doc, decided_at, state, created_at)
        values ('ops', 'incident.opened', '{}', now(), 'dead', now() - interval '40 days')`,
  )
  const month = 30 * 86_400_000
  const left = async () => (await handle.db.execute(sql`select from outbox`)).rows.length
  await forgetMessages(handle.db, month)
  expect(await left()).toBe(1)
  await check.result(1)
  await handle.db.execute(sql`update outbox set state = 'sent'`)
  await handle.db.execute(sql`update incidents set resolved_at = now() - interval '29 days'`)
  await forgetMessages(handle.db, month)
  expect(await left()).toBe(2)
  await handle.db.execute(sql`update incidents set resolved_at = now() - interval '31 days'`)
  await forgetMessages(handle.db, month)
  expect(await told('open-for-months')).toEqual(['resolved:ops'])
})

test('incidents are forgotten so long after they are over, those of deleted checks too, and never while they are open', async () => {
  const check = await aDownCheck('long-ago')
  await check.result(0, refused)
  const year = 365 * 86_400_000
  const left = async () => (await handle.db.execute(sql`select rule from incidents`)).rows.length
  await handle.db.execute(sql`update incidents set opened_at = now() - interval '800 days'`)
  await forgetIncidents(handle.db, year)
  expect(await left()).toBe(1)
  await deleteCheck(handle.db, 'long-ago')
  await judgeAgain(handle.db, start + 10 * minute)
  await handle.db.execute(sql`update incidents set resolved_at = now() - interval '364 days'`)
  await forgetIncidents(handle.db, year)
  expect(await left()).toBe(1)
  await handle.db.execute(sql`update incidents set resolved_at = now() - interval '366 days'`)
  await forgetIncidents(handle.db, year)
  expect(await left()).toBe(0)
  expect(await told('long-ago')).toEqual([])
})
