import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Result } from '@sonde/core'
import { openQueues, probesQueue, resultsQueue, type WorkerMessage } from '@sonde/queue'
import { aCheck, freePort, freshDatabase, freshRedis, hasFaketime, hasRedis, settableClock } from '@sonde/testkit'
import { describe, expect, test } from 'vitest'
import { sonde, until } from './sonde.ts'

type Heartbeat = Extract<WorkerMessage, { type: 'heartbeat' }>['worker']

/** A worker alone whose machine's clock can be set, and a queue whose server knows the true time. */
async function startFaked(queue: { kind: 'redis' | 'postgres'; url: string }, clock: string) {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sonde-clock-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const { env, set: setClock } = settableClock(join(folder, 'clock'), clock)
  const queues = openQueues(queue, () => undefined)
  stack.defer(() => queues.close())
  const results: Result[] = []
  const beats: Heartbeat[] = []
  await queues.consume(
    resultsQueue,
    async (message) => {
      if (message.type === 'results') results.push(...message.items.map(({ result }) => result))
      else if (message.type === 'heartbeat') beats.push(message.worker)
    },
    { concurrency: 1 },
  )
  const metricsPort = await freePort()
  const startWorker = (port: number, more: Record<string, string>) => {
    const where = queue.kind === 'redis' ? { REDIS_URL: queue.url } : { DATABASE_URL: queue.url }
    const own = { ...where, SONDE_METRICS_PORT: String(port), ...more }
    return sonde(['worker', '--region', 'eu'], { cwd: folder, env: own })
  }
  const worker = stack.use(startWorker(metricsPort, env))
  const target = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
  await once(target, 'listening')
  stack.defer(() => {
    target.closeAllConnections()
    target.close()
  })
  await until(async () => beats.length > 0, 30_000, worker.output)
  const check = aCheck({ key: 'a', target: `http://127.0.0.1:${(target.address() as AddressInfo).port}` })
  const owned = stack.move()
  return {
    setClock,
    /** Another worker of the region, with another clock. */
    startOther: async (offset: string) =>
      startWorker(await freePort(), settableClock(join(folder, 'other clock'), offset).env),
    beats,
    results,
    worker,
    metrics: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
    /** Hands out a slot every 100 ms from two seconds ahead on, for so many seconds. */
    probeFor: async (seconds: number) => {
      const firstMs = Date.now() + 2000
      const probes = Array.from({ length: seconds * 10 }, (_, index) => ({
        checkId: 1,
        slotMs: firstMs + index * 100,
        check,
      }))
      for (let at = 0; at < probes.length; at += 50)
        await queues.send(probesQueue('eu'), [{ data: { region: 'eu', probes: probes.slice(at, at + 50) } }])
      return firstMs
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const lateMs = ({ startedAt, slot }: Result) => Date.parse(startedAt ?? '') - Date.parse(slot)

describe.skipIf(!hasFaketime)('a worker whose machine’s clock is wrong', { timeout: 120_000 }, () => {
  // These at the same time: each waits for the most part.
  test.skipIf(!hasRedis()).concurrent.each(['+1h', '-1h'])(
    'by %s probes at the true slots, and says how far it is off',
    async (off) => {
      await using redis = await freshRedis()
      await using run = await startFaked({ kind: 'redis', url: redis.url }, off)
      const firstMs = await run.probeFor(3)
      await until(async () => run.results.length === 30, 20_000, run.worker.output)
      // What it says is not all: the results are here when they ought to be.
      expect(Date.now() - firstMs).toBeLessThan(5000)
      expect(run.results.every(({ outcome }) => outcome === 'up')).toBe(true)
      for (const result of run.results) expect(lateMs(result)).toBeGreaterThanOrEqual(-1)
      expect(Math.max(...run.results.map(lateMs))).toBeLessThan(250)

      const offsetMs = off === '+1h' ? 3_600_000 : -3_600_000
      expect(Math.abs((run.beats[0]?.clockOffsetMs ?? 0) - offsetMs)).toBeLessThan(500)
      expect(Math.abs(Date.parse(run.beats[0]?.startedAt ?? '') - Date.now())).toBeLessThan(30_000)
      const [, seconds] = /^sonde_worker_clock_offset_seconds (\S+)$/m.exec(await run.metrics()) ?? []
      expect(Math.abs(Number(seconds) * 1000 - offsetMs)).toBeLessThan(500)
      expect(run.worker.output()).toContain("this machine's clock is off; probes follow the queue server's")
    },
  )

  test.concurrent('leaves the jobs of another worker of its region alone, with the queue in PostgreSQL', async () => {
    await using database = await freshDatabase()
    await using run = await startFaked({ kind: 'postgres', url: database.url }, '+1h')
    await using other = await run.startOther('-1h')
    await until(async () => new Set(run.beats.map(({ id }) => id)).size === 2, 30_000, other.output)
    // Longer than a lock lasts, and than it takes to find out who has died: with locks by its own clock one would take all.
    await run.probeFor(18)
    await until(async () => run.results.length >= 180, 30_000, run.worker.output)
    expect(new Set(run.results.map(({ slot }) => slot)).size).toBe(run.results.length)
    expect(Math.max(...run.results.map(lateMs))).toBeLessThan(500)
  })

  test('is set while it probes, forth and back, and no probe is late for it', async () => {
    await using database = await freshDatabase()
    await using run = await startFaked({ kind: 'postgres', url: database.url }, '+0')
    const firstMs = await run.probeFor(6)
    for (const [afterMs, clock] of [
      [2000, '+1h'],
      [3500, '-2h'],
      [5000, '+0'],
    ] as const) {
      await until(async () => Date.now() >= firstMs + afterMs, 20_000, run.worker.output)
      run.setClock(clock)
    }
    await until(async () => run.results.length === 60, 20_000, run.worker.output)
    expect(run.results.every(({ outcome }) => outcome === 'up')).toBe(true)
    for (const result of run.results) expect(lateMs(result)).toBeGreaterThanOrEqual(-1)
    expect(Math.max(...run.results.map(lateMs))).toBeLessThan(250)
  })
})
