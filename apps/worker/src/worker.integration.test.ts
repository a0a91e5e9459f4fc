import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import type { Result } from '@sonde/core'
import { createRegistry } from '@sonde/metrics'
import { type Batch, openQueues, probesQueue, resultsQueue, type WorkerMessage } from '@sonde/queue'
import { aCheck, freshDatabase } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { startWorker } from './app.ts'

const log = createLogger('test', 'silent')

async function setUp() {
  const fresh = await freshDatabase()
  const location = { kind: 'postgres', url: fresh.url } as const
  const queues = openQueues(location, () => undefined)
  const server = createServer((request, response) => {
    if (request.url !== '/hang') setTimeout(() => response.end('ok'), request.url === '/slow' ? 1500 : 0)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const results: Result[] = []
  const beats: Extract<WorkerMessage, { type: 'heartbeat' }>['worker'][] = []
  const take = async (message: WorkerMessage) => {
    if (message.type === 'results') results.push(...message.items.map(({ result }) => result))
    else if (message.type === 'heartbeat') beats.push(message.worker)
  }
  await queues.consume(resultsQueue, take, { concurrency: 4 })
  return {
    url,
    queues,
    results,
    beats,
    start: (concurrency = 1000) =>
      startWorker(
        {
          region: 'local',
          queue: location,
          egress: { deny: [], allow: [] },
          secretKey: undefined,
          concurrency,
          admittedAtMost: concurrency,
        },
        log,
        createRegistry(),
      ),
    send: (probes: Batch['probes']) => queues.send(probesQueue('local'), [{ data: { region: 'local', probes } }]),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await queues.close()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

async function until(condition: () => boolean, seconds = 15): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > seconds * 20) throw new Error(`not within ${seconds} s`)
    await sleep(50)
  }
}

test('each probe is held until its slot', async () => {
  await using run = await setUp()
  const worker = await run.start()
  const check = aCheck({ key: 'a', target: run.url })
  const base = Date.now() + 500
  await run.send([0, 300, 600].map((offset) => ({ checkId: 1, slotMs: base + offset, check })))
  await until(() => run.results.length === 3)
  for (const result of run.results) {
    const lateMs = Date.parse(result.startedAt ?? '') - Date.parse(result.slot)
    expect(lateMs).toBeGreaterThanOrEqual(-1)
    expect(lateMs).toBeLessThan(250)
    expect(result.outcome).toBe('up')
  }
  await worker.close()
})

test('a slot that is older than its interval is told as missed, not run late', async () => {
  await using run = await setUp()
  const worker = await run.start()
  await run.send([{ checkId: 1, slotMs: Date.now() - 5000, check: aCheck({ key: 'a', target: run.url }) }])
  await until(() => run.results.length === 1)
  expect(run.results[0]).toMatchObject({
    outcome: 'missed',
    error: { code: 'expired', phase: 'missed' },
    startedAt: null,
  })
  await worker.close()
})

test('a slow target delays nobody else in its batch', async () => {
  await using run = await setUp()
  const worker = await run.start()
  const slow = aCheck({ key: 'slow', target: `${run.url}/slow`, interval: '5s', timeout: '3s' })
  const quick = aCheck({ key: 'quick', target: run.url })
  const slotMs = Date.now() + 200
  await run.send([slow, quick].map((check, checkId) => ({ checkId, slotMs, check })))
  await until(() => run.results.length === 1)
  expect(run.results[0]?.checkKey).toBe('quick')
  expect(Date.now() - slotMs).toBeLessThan(1200)
  await until(() => run.results.length === 2)
  await worker.close()
})

test('a worker that stops ends what runs, gives back what has not begun, and another takes that', async () => {
  await using run = await setUp()
  const first = await run.start()
  const check = aCheck({ key: 'a', target: `${run.url}/slow`, interval: '30s', timeout: '5s' })
  const now = Date.now()
  await run.send([now, now + 4000].map((slotMs) => ({ checkId: 1, slotMs, check })))
  await sleep(700)
  await first.close()
  expect(Date.now() - now).toBeLessThan(3500)
  await until(() => run.results.length === 1)
  expect(run.results[0]).toMatchObject({ slot: new Date(now).toISOString(), outcome: 'up' })

  const second = await run.start()
  await until(() => run.results.length === 2)
  expect(run.results[1]).toMatchObject({ slot: new Date(now + 4000).toISOString(), outcome: 'up' })
  await second.close()
})

test('no more probes run at once than allowed, and all of them run', async () => {
  await using run = await setUp()
  const worker = await run.start(2)
  const check = aCheck({ key: 'a', target: run.url, interval: '1m', timeout: '5s' })
  const now = Date.now()
  await run.send(Array.from({ length: 40 }, (_, index) => ({ checkId: 1, slotMs: now + index, check })))
  await until(() => run.results.length === 40)
  expect(run.results.every(({ outcome }) => outcome === 'up')).toBe(true)
  await worker.close()
})

test('300 targets that hang until their timeout make no other probe late', async () => {
  await using run = await setUp()
  const worker = await run.start()
  const hang = aCheck({ key: 'hang', target: `${run.url}/hang`, interval: '30s', timeout: '3s' })
  const quick = aCheck({ key: 'quick', target: run.url, interval: '30s', timeout: '10s' })
  const slotMs = Date.now() + 1500
  // All of the hanging ones first, in the very same millisecond, and others at once and while they hang.
  const probes = [
    ...Array.from({ length: 300 }, () => ({ checkId: 1, slotMs, check: hang })),
    ...Array.from({ length: 200 }, (_, index) => ({ checkId: 2, slotMs: slotMs + index * 10, check: quick })),
  ]
  for (let at = 0; at < probes.length; at += 64) await run.send(probes.slice(at, at + 64))
  await until(() => run.results.length === 500, 30)
  const byKey = Map.groupBy(run.results, ({ checkKey }) => checkKey)
  expect(byKey.get('hang')?.every(({ error }) => error?.code === 'http_timeout')).toBe(true)
  const lateMs = byKey.get('quick')?.map(({ startedAt, slot }) => Date.parse(startedAt ?? '') - Date.parse(slot)) ?? []
  expect(byKey.get('quick')?.every(({ outcome }) => outcome === 'up')).toBe(true)
  // Waiting for any that hangs would be three seconds.
  expect(Math.max(...lateMs)).toBeLessThan(1000)
  await worker.close()
})

test('a worker that comes back to a backlog is at the slots of now at once, and does the rest beside them', async () => {
  await using run = await setUp()
  const now = Date.now()
  // Half a minute in which nobody probed: not over yet, handed out first, and with twenty at once more than a quarter of a minute's work.
  const old = aCheck({ key: 'old', target: `${run.url}/slow`, interval: '2m', timeout: '20s' })
  for (let batch = 0; batch < 10; batch++) {
    const slots = Array.from({ length: 20 }, (_, index) => now - 30_000 + batch * 2000 + index * 100)
    await run.send(slots.map((slotMs) => ({ checkId: 1, slotMs, check: old })))
  }
  const current = aCheck({ key: 'current', target: run.url, interval: '2m', timeout: '20s' })
  const slots = Array.from({ length: 20 }, (_, index) => now + 3000 + index * 50)
  await run.send(slots.map((slotMs) => ({ checkId: 2, slotMs, check: current })))
  const worker = await run.start(20)
  await until(() => run.results.length === 220, 60)
  expect(run.results.every(({ outcome }) => outcome === 'up')).toBe(true)
  const byKey = Map.groupBy(run.results, ({ checkKey }) => checkKey)
  const latestStart = (key: string) =>
    Math.max(...(byKey.get(key) ?? []).map(({ startedAt }) => Date.parse(startedAt ?? '')))
  expect(latestStart('current') - (now + 4000)).toBeLessThan(5000)
  expect(latestStart('old')).toBeGreaterThan(latestStart('current') + 3000)
  await worker.close()
})

test('a worker says what it can do, what it has to do, and how far its clock is off', async () => {
  await using run = await setUp()
  const worker = await run.start()
  await until(() => run.beats.length > 0)
  expect(run.beats[0]?.capabilities).toEqual(expect.arrayContaining(['dns', 'http', 'tcp', 'tls']))
  expect(run.beats[0]?.load).toEqual({ running: 0, waiting: 0, limit: 1000 })
  expect(Math.abs(run.beats[0]?.clockOffsetMs ?? Number.NaN)).toBeLessThan(50)
  await worker.close()
})
