import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openQueues, probesQueue } from '@sonde/queue'
import { aCheck, freePort, freshDatabase, freshRedis, hasRedis, startTcpProxy } from '@sonde/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Running, runSonde, sonde, until } from './sonde.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-stopping-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A database and a Redis behind proxies that can break them, and what starts a role there. */
async function setUp() {
  await using stack = new AsyncDisposableStack()
  const database = stack.use(await freshDatabase({ schema: 'none' }))
  const redis = stack.use(await freshRedis())
  const behind = async (url: string) => {
    const parsed = new URL(url)
    const proxy = stack.use(await startTcpProxy(Number(parsed.port)))
    parsed.port = String(proxy.port)
    return { proxy, url: parsed.href }
  }
  const [postgres, queue] = [await behind(database.url), await behind(redis.url)]
  const env = { DATABASE_URL: database.url, REDIS_URL: redis.url }
  expect(await runSonde(['migrate'], { env, cwd: folder })).toMatchObject({ code: 0 })
  const owned = stack.move()
  return {
    redisUrl: redis.url,
    proxies: { PostgreSQL: postgres.proxy, Redis: queue.proxy },
    start: async (args: string[]) => {
      const port = await freePort()
      const own = {
        DATABASE_URL: postgres.url,
        REDIS_URL: queue.url,
        SONDE_PORT: String(port),
        SONDE_METRICS_PORT: String(args[0] === 'api' || args[0] === 'up' ? await freePort() : port),
        SONDE_ADMIN_TOKEN: 'an-admin-token-for-tests',
      }
      const role = owned.use(sonde(args, { env: own, cwd: folder }))
      await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, 60_000, role.output)
      if (args[0] === 'up') await until(async () => role.output().includes('Sonde is up at'), 60_000, role.output)
      return role
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Its exit code, and how long it took to end from SIGTERM on. */
async function stopped({ child, exited }: Running) {
  const began = performance.now()
  child.kill('SIGTERM')
  return { code: await exited, tookMs: performance.now() - began }
}

describe.skipIf(!hasRedis())('a process that is told to stop', { timeout: 120_000 }, () => {
  const ways = [
    ['PostgreSQL', 'freeze'],
    ['PostgreSQL', 'cut'],
    ['Redis', 'freeze'],
    ['Redis', 'cut'],
  ] as const
  test.each(ways)('ends, whatever its role, while %s is gone (%s)', async (gone, how) => {
    await using run = await setUp()
    const roles = ['api', 'scheduler', 'ingester', 'notifier', 'worker --region eu', 'up --regions us']
    const started = await Promise.all(roles.map((role) => run.start(role.split(' '))))
    run.proxies[gone][how]()
    await sleep(1500)
    const ends = await Promise.all(started.map(stopped))
    expect(ends.map(({ code }, index) => [roles[index], code])).toEqual(roles.map((role) => [role, 0]))
    for (const [index, { tookMs }] of ends.entries()) {
      expect(tookMs, roles[index]).toBeLessThan(roles[index]?.startsWith('up') === true ? 45_000 : 16_000)
    }
  })

  // These at the same time: each waits for the most part.
  test.concurrent('says no more than that, where nothing is gone: sonde up', async () => {
    const env = {
      SONDE_DATA_DIR: join(folder, 'data'),
      SONDE_PORT: String(await freePort()),
      SONDE_METRICS_PORT: String(await freePort()),
    }
    await using up = sonde(['up'], { env, cwd: folder })
    await until(async () => up.output().includes('Sonde is up at'), 60_000, up.output)
    await sleep(3000)
    expect((await stopped(up)).code).toBe(0)
    expect(up.output().split('Stopping:')[1]?.trim()).toBe(
      'letting the probes under way end, and writing what they found. Ctrl-C again to stop at once.',
    )
  })

  test.concurrent.each(['freeze', 'cut'] as const)(
    'and has results that the queue does not take (%s) waits for it a little, and says how many are lost',
    async (how) => {
      await using run = await setUp()
      const target = createServer(() => undefined).listen(0, '127.0.0.1')
      await once(target, 'listening')
      const worker = await run.start(['worker', '--region', 'eu'])
      const check = aCheck({
        key: 'hang',
        target: `http://127.0.0.1:${(target.address() as AddressInfo).port}`,
        interval: '30s',
        timeout: '4s',
      })
      const queues = openQueues({ kind: 'redis', url: run.redisUrl }, () => undefined)
      const slotMs = Date.now()
      const probes = [0, 1, 2].map((checkId) => ({ checkId, slotMs, check }))
      await queues.send(probesQueue('eu'), [{ data: { region: 'eu', probes } }])
      await until(async () => (await connections(target)) === 3, 10_000, worker.output)
      run.proxies.Redis[how]()
      const { code, tookMs } = await stopped(worker)
      expect(worker.output()).toContain('the queue did not take 3 results; their slots will be told as missed')
      expect(code).toBe(1)
      // The timeout of what was in hand, and a few seconds.
      expect(tookMs).toBeGreaterThan(3000)
      expect(tookMs).toBeLessThan(16_000)
      await queues.close()
      target.closeAllConnections()
      target.close()
    },
  )
})

function connections(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  })
}
