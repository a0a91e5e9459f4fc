import { type Channel, explain, foldResults, type IncidentDocument } from '@sonde/core'
import { aCheck, aResult, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createChannel } from '../queries/channels.ts'
import { createCheck, findCheck } from '../queries/checks.ts'
import { ingest } from '../queries/ingest.ts'
import { replayNotification } from '../queries/notifications.ts'
import { type LeasedMessage, leaseMessages, markFailed, markSent } from '../queries/outbox.ts'
import { createSilence } from '../queries/silences.ts'
import { tellDue } from '../queries/tell-due.ts'
import { tellGathered } from '../queries/tell-gathered.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const second = 1000
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
  await addChannel({ key: 'chat', kind: 'ntfy', enabled: true, ntfy: { url: 'http://127.0.0.1/x' } })
})
afterAll(close)

const addChannel = (channel: Channel) => createChannel(handle.db, channel)

/** A check of a team, with an interval of a minute. Times are seconds after the start. */
async function aCheckOf(team: string, key: string, channels = ['chat']) {
  const alerts = { channels, failureThreshold: 1, successThreshold: 1, groupBy: 'team' }
  await createCheck(handle.db, aCheck({ key, interval: '1m', timeout: '1s', labels: { team }, alerts }))
  const { id, check } = (await findCheck(handle.db, key)) ?? { id: 0, check: aCheck({ key }) }
  const at = (seconds: number, own: object) => ({ checkId: id, result: aResult(check, start + seconds * second, own) })
  return {
    at,
    fails: (seconds: number) => ingest(handle.db, [at(seconds, refused)], foldResults, start + seconds * second),
    recovers: (seconds: number) => ingest(handle.db, [at(seconds, {})], foldResults, start + seconds * second),
  }
}

/** Takes and delivers all that may go, as the notifier does. Answers what was told in each message: `opened a,b`. */
async function deliver(done: (message: LeasedMessage) => Promise<unknown> = ({ id }) => markSent(handle.db, id)) {
  const told: string[] = []
  for (;;) {
    const messages = await leaseMessages(handle.db, new Map(), 100)
    if (messages.length === 0) return told
    for (const message of messages) {
      const { type, incident, others } = message
      told.push(`${type.slice('incident.'.length)} ${[incident, ...others].map(({ checkKey }) => checkKey).join()}`)
      await done(message)
    }
  }
}

const gather = (seconds: number) =>
  Promise.all([1, 2].map(() => tellGathered(handle.db, start + seconds * second))).then(([a = 0, b = 0]) => a + b)

test('the first of a group is told at once, and those that follow within 30 s as one message', async () => {
  const checks = []
  for (const key of ['a', 'b', 'c', 'd']) checks.push(await aCheckOf('web', key))
  for (const [index, check] of checks.entries()) await check.fails(index * 9)
  expect(await deliver()).toEqual(['opened a'])
  expect(await gather(29)).toBe(0)
  expect(await gather(30)).toBe(3)
  expect(await deliver()).toEqual(['opened b,c,d'])
  for (const [index, check] of checks.entries()) await check.recovers(60 + index)
  expect(await deliver()).toEqual(['resolved a', 'resolved b', 'resolved c', 'resolved d'])
  expect(await gather(90)).toBe(0)
})

test('what opens later than that is a first again', async () => {
  const [one, other] = [await aCheckOf('web', 'a'), await aCheckOf('web', 'b')]
  await one.fails(0)
  await other.fails(30)
  expect(await deliver()).toEqual(['opened a', 'opened b'])
})

test('groups are of one value of the label, and a check without the label is told on its own', async () => {
  const checks = [await aCheckOf('web', 'a'), await aCheckOf('db', 'b')]
  await createCheck(
    handle.db,
    aCheck({ key: 'c', interval: '1m', alerts: { channels: ['chat'], failureThreshold: 1, groupBy: 'team' } }),
  )
  const alone = (await findCheck(handle.db, 'c')) ?? { id: 0, check: aCheck({ key: 'c' }) }
  for (const check of checks) await check.fails(0)
  const result = aResult(alone.check, start, refused)
  await ingest(handle.db, [{ checkId: alone.id, result }], foldResults, start)
  expect((await deliver()).toSorted()).toEqual(['opened a', 'opened b', 'opened c'])
})

test('kinds that group by themselves hear of each incident at once', async () => {
  const pagerduty = { routingKey: 'x'.repeat(32), url: 'http://127.0.0.1/' }
  await addChannel({ key: 'pager', kind: 'pagerduty', enabled: true, pagerduty })
  for (const key of ['a', 'b', 'c']) await (await aCheckOf('web', key, ['chat', 'pager'])).fails(0)
  const { rows } = await handle.db.execute(
    sql`select channel_key as channel, doc->>'checkKey' as key from outbox order by 1, 2`,
  )
  expect(rows).toEqual([
    { channel: 'chat', key: 'a' },
    { channel: 'pager', key: 'a' },
    { channel: 'pager', key: 'b' },
    { channel: 'pager', key: 'c' },
  ])
})

test('one transaction with many that fail tells one at once and gathers the rest', async () => {
  const checks = []
  for (let index = 0; index < 20; index++) checks.push(await aCheckOf('web', `c-${index}`))
  await ingest(
    handle.db,
    checks.map(({ at }) => at(0, refused)),
    foldResults,
    start,
  )
  expect(await deliver()).toHaveLength(1)
  expect(await gather(30)).toBe(19)
  expect(await deliver()).toHaveLength(1)
})

test('chunks of two groups at once, in whatever order, neither wait for each other for ever nor lose one', async () => {
  const checks: Awaited<ReturnType<typeof aCheckOf>>[] = []
  for (let index = 0; index < 24; index++) checks.push(await aCheckOf(index % 2 === 0 ? 'web' : 'db', `c-${index}`))
  const chunks = [0, 1, 2].map((chunk) => checks.filter((_, index) => index % 3 === chunk))
  await Promise.all(
    chunks.map((chunk) =>
      ingest(
        handle.db,
        chunk.map(({ at }) => at(0, refused)),
        foldResults,
        start,
      ),
    ),
  )
  const first = await deliver()
  await gather(30)
  const told = [...first, ...(await deliver())].flatMap((text) => text.slice('opened '.length).split(','))
  expect(told.toSorted()).toEqual(checks.map((_, index) => `c-${index}`).toSorted())
})

test('one that is over before it was told with others is not told at all', async () => {
  const checks = []
  for (const key of ['a', 'b', 'c']) checks.push(await aCheckOf('web', key))
  for (const check of checks) await check.fails(0)
  await checks[1]?.recovers(20)
  expect(await gather(30)).toBe(1)
  expect(await deliver()).toEqual(['opened a', 'opened c'])
})

test('a message of several that fails is tried again as one, and what follows of each waits for it', async () => {
  const checks = []
  for (const key of ['a', 'b', 'c']) checks.push(await aCheckOf('web', key))
  for (const check of checks) await check.fails(0)
  await deliver()
  await gather(30)
  const ids: string[] = []
  const fail = async ({ id }: LeasedMessage) => {
    ids.push(id)
    await markFailed(handle.db, id, 'answered 500', 3_600_000)
  }
  expect(await deliver(fail)).toEqual(['opened b,c'])
  await checks[2]?.recovers(60)
  expect(await deliver()).toEqual([])
  await handle.db.execute(sql`update outbox set next_at = now() where id = ${ids[0]}::uuid`)
  expect(await deliver()).toEqual(['opened b,c', 'resolved c'])
})

test('a message of several is given up as one, and replayed as one', async () => {
  const checks = []
  for (const key of ['a', 'b', 'c']) checks.push(await aCheckOf('web', key))
  for (const check of checks) await check.fails(0)
  await deliver()
  await gather(30)
  let dead = ''
  await deliver(async ({ id }) => {
    dead = id
    await markFailed(handle.db, id, 'answered 404', undefined)
  })
  const states = async () =>
    (await handle.db.execute<{ state: string }>(sql`select state from outbox where doc->>'checkKey' <> 'a'`)).rows.map(
      ({ state }) => state,
    )
  expect(await states()).toEqual(['dead', 'dead'])
  await replayNotification(handle.db, dead)
  expect(await deliver()).toEqual(['opened b,c'])
  expect(await states()).toEqual(['sent', 'sent'])
})

test('a silence that is made while they wait keeps them, and they are told when it ends', async () => {
  const checks = [await aCheckOf('web', 'a'), await aCheckOf('web', 'b')]
  for (const check of checks) await check.fails(0)
  await deliver()
  const at = (seconds: number) => new Date(start + seconds * second).toISOString()
  const [startsAt, endsAt] = [at(10), at(600)]
  await createSilence(handle.db, {
    labels: {},
    checks: ['*'],
    rules: [],
    comment: 'x',
    createdBy: 'ann',
    startsAt,
    endsAt,
  })
  await gather(30)
  await tellDue(handle.db, start + 31 * second)
  expect(await deliver()).toEqual([])
  await tellDue(handle.db, start + 600 * second)
  expect(await deliver()).toEqual(['opened b'])
})

test('documents of a message are of the incidents as they are when it is written', async () => {
  const checks = [await aCheckOf('web', 'a'), await aCheckOf('web', 'b'), await aCheckOf('web', 'c')]
  for (const check of checks) await check.fails(0)
  await gather(30)
  const { rows } = await handle.db.execute<{ doc: IncidentDocument; others: IncidentDocument[] | null }>(
    sql`select doc, others from outbox where others is not null`,
  )
  expect(rows).toMatchObject([
    { doc: { checkKey: 'b', rule: 'down', code: 'tcp_refused' }, others: [{ checkKey: 'c', labels: { team: 'web' } }] },
  ])
})
