import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLogger } from '@sonde/config'
import { openDatabase, reportChannelFault } from '@sonde/db'
import { createRegistry } from '@sonde/metrics'
import { type FreshDatabase, freePort, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi } from './app.ts'

const adminToken = 'an-admin-token-for-tests'

let fresh: FreshDatabase
let api: Awaited<ReturnType<typeof startApi>>
let database: ReturnType<typeof openDatabase>
beforeAll(async () => {
  fresh = await freshDatabase()
  database = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  const config = {
    databaseUrl: fresh.url,
    redisUrl: undefined,
    host: '127.0.0.1',
    port: await freePort(),
    adminToken,
    secretKey: Buffer.alloc(32, 7).toString('base64'),
    metricsToken: undefined,
    metricsJob: undefined,
    egress: { deny: [], allow: [] },
    publicUrl: 'http://sonde.example',
  }
  api = await startApi(config, createLogger('test', 'silent'), createRegistry())
})
afterAll(async () => {
  await api.close()
  await database.close()
  await fresh[Symbol.asyncDispose]()
})

async function ask(method: string, path: string, body?: unknown) {
  const response = await fetch(`${api.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> & { items: Item[] } }
}

type Item = { id: string; state: string }
type Fault = { target: string; resolvedAt: string | null; summary: string }

/** A channel that has been reported as taking nothing. */
const faulty = (key: string) =>
  reportChannelFault(database.db, key, { error: 'answered 500', gone: false }, Date.now() - 60_000)

/** So many dead letters of a channel, a second apart. */
async function dead(channel: string, count: number): Promise<void> {
  await database.db.execute(
    sql`insert into outbox (channel_key, type, doc, decided_at, created_at, state, attempts, last_error)
        select ${channel}, 'incident.opened', '{"checkKey":"shop","rule":"down","summary":"shop is down"}', now(),
          '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 second', 'dead', 9, 'answered 500'
        from generate_series(1, ${count}::int) as n`,
  )
}

const webhook = (key: string, url: string) => ({ key, kind: 'webhook', webhook: { url } })

test('dead letters are listed in pages, newest first, and one is sent again with its id', async () => {
  await ask('POST', '/channels', webhook('paged', 'http://127.0.0.1:9/'))
  await dead('paged', 5)
  const first = await ask('GET', '/notifications?state=dead&channel=paged&limit=3')
  const second = await ask('GET', `/notifications?state=dead&channel=paged&limit=3&cursor=${first.body['nextCursor']}`)
  expect([first, second].map(({ body }) => body.items.length)).toEqual([3, 2])
  expect(second.body['nextCursor']).toBeNull()
  const [item] = first.body.items
  expect(item).toMatchObject({
    channel: 'paged',
    type: 'incident.opened',
    state: 'dead',
    checkKey: 'shop',
    attempts: 9,
    error: 'answered 500',
    createdAt: '2026-01-01T00:00:05.000Z',
    nextAt: null,
  })
  const again = await ask('POST', `/notifications/${item?.id}/replay`)
  expect(again).toMatchObject({ status: 200, body: { id: item?.id, state: 'pending', attempts: 0 } })
  expect(await ask('POST', `/notifications/${item?.id}/replay`)).toMatchObject({ status: 409 })
  expect((await ask('GET', '/notifications?state=dead&channel=paged')).body.items).toHaveLength(4)
  expect(await ask('GET', `/notifications/${item?.id}`)).toMatchObject({ status: 200, body: { state: 'pending' } })
})

test('all dead letters of a channel are sent again at once, and those of no other', async () => {
  await ask('POST', '/channels', webhook('many', 'http://127.0.0.1:9/'))
  await dead('many', 4)
  await dead('gone', 1)
  expect(await ask('POST', '/channels/many/replay')).toEqual({ status: 200, body: { replayed: 4 } })
  expect(await ask('POST', '/channels/many/replay')).toEqual({ status: 200, body: { replayed: 0 } })
  expect((await ask('GET', '/notifications?state=dead&channel=gone')).body.items).toHaveLength(1)
  expect(await ask('POST', '/channels/gone/replay')).toMatchObject({ status: 404 })
})

test('a channel shows why its receiver refuses, and is used again when somebody says so', async () => {
  await ask('POST', '/channels', webhook('refused', 'http://127.0.0.1:9/'))
  await dead('refused', 2)
  await database.db.execute(sql`update channels set refused = 'answered 410' where key = 'refused'`)
  expect(await ask('GET', '/channels/refused/health')).toEqual({
    status: 200,
    body: {
      refused: 'answered 410',
      pending: 0,
      dead: 2,
      waitingSince: null,
      lastSentAt: null,
      lastError: 'answered 500',
    },
  })
  expect(await ask('POST', '/channels/refused/enable')).toMatchObject({ status: 200, body: { refused: null, dead: 2 } })
  expect(await ask('POST', '/channels/nowhere/enable')).toMatchObject({ status: 404 })
})

test.each([
  ['/notifications?state=lost', 'state'],
  ['/notifications?cursor=!!', 'cursor'],
  ['/notifications?colour=red', 'colour'],
])('GET %s is refused', async (path, field) => {
  expect(await ask('GET', path)).toMatchObject({ status: 400, body: { errors: [{ path: field }] } })
})

test('a test message is delivered, or the problem says what its receiver said', async () => {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString())
      response.statusCode = request.url === '/no' ? 403 : 200
      response.end(request.url === '/no' ? 'invalid_token' : 'ok')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    await ask('POST', '/channels', webhook('good', url))
    await ask('POST', '/channels', webhook('bad', `${url}/no`))
    await faulty('good')
    await faulty('bad')
    expect(await ask('POST', '/channels/good/test')).toEqual({ status: 200, body: { delivered: true } })
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ type: 'test' })
    expect(await ask('POST', '/channels/bad/test')).toMatchObject({
      status: 502,
      body: { detail: 'channel bad: answered 403: invalid_token' },
    })
    expect(await ask('POST', '/channels/none/test')).toMatchObject({ status: 404 })
    // One that works again is over.
    const faults = (await ask('GET', '/incidents?rule=channelDead')).body.items as unknown as Fault[]
    expect(new Map(faults.map(({ target, resolvedAt }) => [target, resolvedAt === null]))).toEqual(
      new Map([
        ['channel bad', true],
        ['channel good', false],
      ]),
    )
    expect(faults.find(({ target }) => target === 'channel good')?.summary).toMatch(
      /^over after .*: channel good did not take notifications/,
    )
  } finally {
    server.close()
  }
})
