import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Channel, explain, foldResults } from '@sonde/core'
import {
  createChannel,
  createCheck,
  type Database,
  findCheck,
  type IngestItem,
  ingest,
  makePartitions,
  noteWorker,
  openDatabase,
} from '@sonde/db'
import { openQueues, resultsQueue } from '@sonde/queue'
import { aCheck, aResult, freePort, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Running, sonde, until } from './sonde.ts'

const patienceMs = 60_000
const intervalMs = 10_000

// One of each for all tests of the file, which come in this order: what each leaves behind is what the next begins with.
const stack = new AsyncDisposableStack()
const received: string[] = []
let db: Database
let start: (...args: string[]) => Promise<Running>
let sendResults: (items: IngestItem[]) => Promise<void>

beforeAll(async () => {
  const fresh = stack.use(await freshDatabase())
  const database = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  stack.defer(database.close)
  db = database.db
  await makePartitions(db, Date.now())
  const receiver = createServer((request, response) => {
    received.push(String(request.headers['webhook-id']))
    request.resume().on('end', () => response.end())
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  stack.defer(() => {
    receiver.closeAllConnections()
    receiver.close()
  })
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  await createChannel(db, Channel.parse({ key: 'ops', kind: 'webhook', webhook: { url } }))
  await db.execute(sql`create function hold() returns trigger language plpgsql as $$
    begin perform pg_sleep(600); return new; end $$`)
  const queues = openQueues({ kind: 'postgres', url: fresh.url }, () => undefined)
  stack.defer(() => queues.close())
  sendResults = (items) => queues.send(resultsQueue, [{ data: { type: 'results', items } }])
  const folder = await mkdtemp(join(tmpdir(), 'sonde-killed-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  start = async (...args) => {
    const port = String(await freePort())
    const env = { DATABASE_URL: fresh.url, SONDE_METRICS_PORT: port, SONDE_EVIDENCE_TRACEROUTE: 'off' }
    const role = stack.use(sonde(args, { cwd: folder, env }))
    await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, patienceMs, role.output)
    return role
  }
})
afterAll(() => stack.disposeAsync())

async function kill({ child, exited }: Running): Promise<void> {
  child.kill('SIGKILL')
  await exited
}

/** A check of a target that refuses, a result of it that is down, and the next one, which is up. */
async function aFailingCheck(key: string) {
  const alerts = { failureThreshold: 1, successThreshold: 1, channels: ['ops'] }
  const target = `http://127.0.0.1:${await freePort()}/`
  const check = aCheck({ key, target, interval: '10s', timeout: '5s', alerts })
  await createCheck(db, check)
  const checkId = (await findCheck(db, key))?.id ?? 0
  const slotMs = Date.now()
  const down = { outcome: 'down', error: explain('tcp_refused', 'nothing listens') } as const
  return {
    down: [{ checkId, result: aResult(check, slotMs, down) }],
    up: [{ checkId, result: aResult(check, slotMs + intervalMs) }],
  }
}

/** The messages of a check's incidents, in the order in which they were written. */
async function messagesOf(key: string) {
  const { rows } = await db.execute<{ id: string; type: string; state: string; held_ms: number; late_ms: number }>(
    sql`select id, type, state, extract(epoch from next_at - created_at)::float8 * 1000 as held_ms,
          extract(epoch from sent_at - next_at)::float8 * 1000 as late_ms
        from outbox where doc->>'checkKey' = ${key} order by number`,
  )
  return rows
}

async function areSent(key: string, types: string[], output: () => string) {
  return until(
    async () => {
      const all = await messagesOf(key)
      return all.length === types.length && all.every(({ state }) => state === 'sent') && all
    },
    patienceMs,
    output,
  )
}

/** Both messages have come, each with the id of its row, and the first no later than it was to be without evidence. */
async function expectBoth(key: string, output: () => string): Promise<void> {
  const rows = await areSent(key, ['incident.opened', 'incident.resolved'], output)
  expect(rows.map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved'])
  for (const { id } of rows) expect(received).toContain(id)
  expect(rows[0]?.held_ms).toBeLessThanOrEqual(1001)
}

test('a notifier that is killed while a message waits for evidence leaves it to another one, now or later', async () => {
  const worker = { id: 'w', region: 'local', version: '1', startedAt: new Date().toISOString(), capabilities: [] }
  const store = (items: IngestItem[]) => ingest(db, items, foldResults, Date.now())
  const [first, second] = await Promise.all([start('notifier'), start('notifier')])

  await noteWorker(db, { ...worker, load: null, clockOffsetMs: null })
  const beside = await aFailingCheck('beside')
  await store(beside.down)
  await kill(first)
  expect(await messagesOf('beside')).toMatchObject([{ type: 'incident.opened', state: 'pending' }])
  const [sent] = await areSent('beside', ['incident.opened'], second.output)
  expect(sent?.late_ms).toBeLessThan(10_000)
  await store(beside.up)
  await expectBoth('beside', second.output)

  await noteWorker(db, { ...worker, load: null, clockOffsetMs: null })
  const after = await aFailingCheck('after')
  await store(after.down)
  await kill(second)
  expect(await messagesOf('after')).toMatchObject([{ type: 'incident.opened', state: 'pending' }])
  const third = await start('notifier')
  await store(after.up)
  await expectBoth('after', third.output)
  expect(received).toHaveLength(4)
}, 120_000)

/** Where the ingester is held up, and whether anybody gets to see what the worker saw, in the end. */
const steps = {
  'as what was seen is stored': {
    table: sql`incidents`,
    when: sql`before update on incidents for each row when (new.evidence ? 'opening' and not old.evidence ? 'opening')`,
    isSeen: true,
  },
  'before the message is let go that waits for it': {
    table: sql`outbox`,
    when: sql`before update on outbox for each row when (new.next_at < old.next_at)`,
    isSeen: true,
  },
  'before anybody is asked to look': {
    table: sql`incidents`,
    when: sql`before update on incidents for each row when (new.evidence ? 'asked' and not old.evidence ? 'asked')`,
    isSeen: true,
  },
  'before the worker hears that it is asked': {
    table: sql`bullmq.job`,
    when: sql`before insert on bullmq.job for each row when (new.queue = 'probes.local')`,
    isSeen: false,
  },
}

test('an ingester that is killed between the opening and the evidence, at any step, delays no message and doubles none', async () => {
  const others = [await start('worker', '--region', 'local')]
  let ingester = await start('ingester')
  const output = () => [...others, ingester].map((one) => one.output()).join('')
  const sleepers = async () =>
    (
      await db.execute<{ pid: number }>(
        sql`select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
      )
    ).rows
  await until(
    async () => (await db.execute(sql`select from workers where id <> 'w'`)).rows.length > 0,
    patienceMs,
    output,
  )
  for (const [step, { table, when }] of Object.entries(steps)) {
    const key = step.replaceAll(' ', '-')
    const { down, up } = await aFailingCheck(key)
    await db.execute(sql`create trigger hold ${when} execute function hold()`)
    await sendResults(down)
    await until(async () => (await sleepers()).length > 0, patienceMs, output)
    await kill(ingester)
    for (const { pid } of await sleepers()) await db.execute(sql`select pg_terminate_backend(${pid})`)
    await db.execute(sql`drop trigger hold on ${table}`)
    const [sent] = await areSent(key, ['incident.opened'], output)
    expect(sent?.late_ms, step).toBeLessThan(10_000)
    ingester = await start('ingester')
    await sendResults(up)
    await expectBoth(key, output)
  }
  // What a dead ingester had in hand is given to another after half a minute, and tells nobody anything twice.
  const seen = async () => {
    const { rows } = await db.execute<{ key: string }>(
      sql`select about->>'key' as key from incidents where evidence->'opening' ? 'local'`,
    )
    return rows.map(({ key }) => key.replaceAll('-', ' ')).sort()
  }
  const toBeSeen = Object.entries(steps).filter(([, { isSeen }]) => isSeen)
  await until(async () => (await seen()).length >= toBeSeen.length, patienceMs, output)
  expect(await seen()).toEqual(toBeSeen.map(([step]) => step).sort())
  expect(new Set(received).size).toBe(received.length)
  expect(received).toHaveLength(4 + 2 * Object.keys(steps).length)
}, 240_000)
