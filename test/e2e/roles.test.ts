import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, freshDatabase, freshRedis, hasRedis, query, startRedisWithUsers } from '@sonde/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answered, apiClient, type CheckBody } from './api-client.ts'
import { type Running, runSonde, sonde, until } from './sonde.ts'

const token = 'an-admin-token-for-tests'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-roles-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.skipIf(!hasRedis())('each role alone, on Redis and a PostgreSQL server', { timeout: 120_000 }, () => {
  const fleets = [
    { of: 'one Redis', start: async () => startRedisWithUsers('one Redis'), atLast: expectNoDataWithoutScheduler },
    { of: 'a Redis cluster', start: async () => startRedisWithUsers('a cluster'), atLast: async () => undefined },
  ]
  test.each(fleets)(
    'on $of workers of two regions, each with a user of its own, give each check two results a slot',
    async ({ start, atLast }) => {
      await using database = await freshDatabase({ schema: 'none' })
      await using redis = await start()
      const port = await freePort()
      const both = { DATABASE_URL: database.url, REDIS_URL: redis.adminUrl }
      const role = async (args: string[], env: Record<string, string>): Promise<Running> =>
        sonde(args, { env: { ...env, SONDE_METRICS_PORT: String(await freePort()) }, cwd: folder })

      expect(await runSonde(['migrate'], { env: both, cwd: folder })).toMatchObject({ code: 0 })
      await using stack = new AsyncDisposableStack()
      const api = stack.use(await role(['api'], { ...both, SONDE_PORT: String(port), SONDE_ADMIN_TOKEN: token }))
      const roles = await Promise.all(['scheduler', 'ingester', 'notifier'].map((name) => role([name], both)))
      const workers = await Promise.all(
        (['eu', 'us'] as const).map((region) =>
          role(['worker', '--region', region], { REDIS_URL: redis.workerUrl(region) }),
        ),
      )
      for (const one of [...roles, ...workers]) stack.use(one)
      const output = () => [api, ...roles, ...workers].map((one) => one.output()).join('')

      const target = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
      await once(target, 'listening')
      const client = apiClient(`http://127.0.0.1:${port}`, token)
      await until(async () => (await answered(client.GET('/api/v1/regions'))).body.items, 30_000, output)
      await until(
        async () => {
          const { items } = (await answered(client.GET('/api/v1/regions'))).body as {
            items: { name: string; workers: unknown[] }[]
          }
          return (
            items
              .filter(({ workers: alive }) => alive.length === 1)
              .map(({ name }) => name)
              .join() === 'eu,us'
          )
        },
        30_000,
        output,
      )
      const check: CheckBody = {
        key: 'shop',
        kind: 'http',
        target: `http://127.0.0.1:${(target.address() as AddressInfo).port}/`,
        interval: '1s',
        timeout: '500ms',
      }
      expect((await answered(client.POST('/api/v1/checks', { body: check }))).status).toBe(201)
      const results = await until(
        async () => (await client.results('shop')).length >= 8 && client.results('shop'),
        30_000,
        output,
      )
      const byRegion = Map.groupBy(results, ({ region }) => region)
      expect([...byRegion.keys()].sort()).toEqual(['eu', 'us'])
      for (const ofOne of byRegion.values()) {
        const slots = ofOne.map(({ slot }) => Date.parse(slot))
        for (const [index, slot] of slots.slice(1).entries()) expect((slots[index] as number) - slot).toBe(1000)
        expect(ofOne.every(({ outcome }) => outcome === 'up')).toBe(true)
      }
      const ran = (await answered(client.POST('/api/v1/checks/{key}/run', { params: { path: { key: 'shop' } } }))).body
        .results as { region: string; outcome: string }[]
      expect(ran.map(({ region, outcome }) => [region, outcome])).toEqual([
        ['eu', 'up'],
        ['us', 'up'],
      ])
      const [scheduler] = roles
      if (scheduler === undefined) throw new Error('no scheduler')
      const again = async () => void roles.push(stack.use(await role(['scheduler'], both)))
      await atLast({ scheduler, again, databaseUrl: database.url, client, output })
      target.close()
    },
  )

  test('up runs on Redis and a PostgreSQL server as it does on its own', async () => {
    await using database = await freshDatabase({ schema: 'none' })
    await using redis = await freshRedis()
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SONDE_PORT: String(await freePort()),
      SONDE_METRICS_PORT: String(await freePort()),
      SONDE_ADMIN_TOKEN: token,
    }
    await using up = sonde(['up', '--regions', 'eu,us'], { env, cwd: folder })
    const client = apiClient(`http://127.0.0.1:${env.SONDE_PORT}`, token)
    await until(async () => up.output().includes('Sonde is up at'), 30_000, up.output)
    await answered(
      client.POST('/api/v1/checks', {
        body: {
          key: 'self',
          kind: 'http',
          target: `http://127.0.0.1:${env.SONDE_PORT}/healthz`,
          interval: '1s',
          timeout: '500ms',
        },
      }),
    )
    const regions = await until(
      async () => {
        const seen = new Set(
          (await client.results('self')).filter(({ outcome }) => outcome === 'up').map(({ region }) => region),
        )
        return seen.size === 2 && seen
      },
      30_000,
      up.output,
    )
    expect([...regions].sort()).toEqual(['eu', 'us'])
  })
})

type Fleet = {
  scheduler: Running
  /** Starts another one. */
  again: () => Promise<void>
  databaseUrl: string
  client: ReturnType<typeof apiClient>
  output: () => string
}

/** A scheduler that is killed leaves not even a word of missed slots; that is noticed by the time, and over when another one is there. */
async function expectNoDataWithoutScheduler({ scheduler, again, databaseUrl, client, output }: Fleet): Promise<void> {
  const incidents = async () => {
    const { body } = await answered(client.GET('/api/v1/incidents', { params: { query: { rule: 'noData' } } }))
    const { items } = body as { items: { checkKey: string; code: string | null; resolvedAt: string | null }[] }
    return items.map(({ checkKey, code, resolvedAt }) => ({ checkKey, code, isOver: resolvedAt !== null }))
  }
  scheduler.child.kill('SIGKILL')
  await scheduler.exited
  const newest = async () => (await client.results('shop'))[0]?.slot
  for (let before = await newest(), still = 0; still < 3; ) {
    await sleep(1000)
    const now = await newest()
    still = now === before ? still + 1 : 0
    before = now
  }
  expect(await incidents()).toEqual([])
  // A minute of waiting is had at once: all that is known of it happened so much earlier.
  const minute = "interval '1 minute'"
  await query(
    databaseUrl,
    `update check_states set last_slot = last_slot - ${minute}`,
    `update checks set updated_at = updated_at - ${minute}`,
    `update regions set active_since = active_since - ${minute}`,
    `update judging set since = since - ${minute}`,
    `update schedule set seen_at = seen_at - ${minute}`,
  )
  const [open] = await until(
    async () => {
      const all = await incidents()
      return all.length > 0 && all
    },
    60_000,
    output,
  )
  expect(open).toMatchObject({ checkKey: 'shop', isOver: false })
  await again()
  await until(async () => (await incidents()).every(({ isOver }) => isOver), 60_000, output)
  expect(await incidents()).toHaveLength(1)
}

describe('what cannot be used is one line and a non-zero exit', { timeout: 60_000 }, () => {
  const nowhere = 'postgres://sonde:secret@127.0.0.1:9/sonde'
  const cases: [args: string[], env: Record<string, string>, code: number, line: string][] = [
    [['up'], { SONDE_PORT: 'high' }, 2, 'sonde up: SONDE_PORT: expected a port between 1 and 65535, found "high"\n'],
    [
      ['up'],
      { DATABASE_URL: nowhere },
      1,
      'sonde up: DATABASE_URL: no connection to PostgreSQL at 127.0.0.1:9/sonde: connect ECONNREFUSED 127.0.0.1:9\n',
    ],
    [['api'], {}, 2, 'sonde api: DATABASE_URL: is required and not set\n'],
    [
      ['api'],
      { DATABASE_URL: 'localhost' },
      2,
      'sonde api: DATABASE_URL: expected a URL such as postgres://user:password@host:5432/sonde\n',
    ],
    [
      ['scheduler'],
      { DATABASE_URL: nowhere },
      1,
      'sonde scheduler: DATABASE_URL: no connection to PostgreSQL at 127.0.0.1:9/sonde: connect ECONNREFUSED 127.0.0.1:9\n',
    ],
    [
      ['ingester'],
      { DATABASE_URL: nowhere },
      1,
      'sonde ingester: DATABASE_URL: no connection to PostgreSQL at 127.0.0.1:9/sonde: connect ECONNREFUSED 127.0.0.1:9\n',
    ],
    [
      ['notifier'],
      { DATABASE_URL: nowhere },
      1,
      'sonde notifier: DATABASE_URL: no connection to PostgreSQL at 127.0.0.1:9/sonde: connect ECONNREFUSED 127.0.0.1:9\n',
    ],
    [
      ['worker', '--region', 'eu'],
      { REDIS_URL: 'redis://127.0.0.1:9' },
      1,
      'sonde worker: REDIS_URL: no connection to Redis at 127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9\n',
    ],
    [
      ['worker', '--region', 'Eu'],
      { REDIS_URL: 'redis://127.0.0.1:9' },
      2,
      'sonde worker: SONDE_REGION: expected 1 to 32 of a-z, 0-9 and -, found "Eu"\n',
    ],
    [['worker'], { REDIS_URL: 'redis://127.0.0.1:9' }, 2, 'sonde worker: SONDE_REGION: is required and not set\n'],
    [['up', '--config', 'gone.yaml'], {}, 2, 'sonde up: gone.yaml: there is no such file\n'],
    [['up', '--regions', 'a b'], {}, 2, 'sonde up: --regions: expected 1 to 32 of a-z, 0-9 and -, found "a b"\n'],
    [['up', '--colour'], {}, 2, 'sonde up: there is no flag --colour\n'],
    [['apply'], {}, 2, 'sonde apply: expected -f FILE\n'],
  ]

  test('a role on a database without the schema says which command makes it', async () => {
    await using database = await freshDatabase({ schema: 'none' })
    const { code, output } = await runSonde(['notifier'], { env: { DATABASE_URL: database.url }, cwd: folder })
    expect([code, output]).toEqual([
      1,
      `sonde notifier: DATABASE_URL: ${new URL(database.url).host}/${database.name} has no schema yet: run sonde migrate\n`,
    ])
  })

  test.each(cases)('sonde %j with %j', async (args, env, code, line) => {
    expect(await runSonde(args, { env: { SONDE_DATA_DIR: join(folder, 'unused'), ...env }, cwd: folder })).toEqual({
      code,
      output: line,
    })
  })
})
