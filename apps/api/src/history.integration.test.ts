import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import { explain, foldResults, noPhases, type Result } from '@sonde/core'
import { findCheck, ingest, makePartitions, openDatabase } from '@sonde/db'
import { createRegistry } from '@sonde/metrics'
import { aCheck, aResult, type FreshDatabase, freePort, freshDatabase, query } from '@sonde/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi } from './app.ts'

const adminToken = 'an-admin-token-for-tests'
const minute = 60_000
const day = 86_400_000

let fresh: FreshDatabase
let database: ReturnType<typeof openDatabase>
let api: Awaited<ReturnType<typeof startApi>>
beforeAll(async () => {
  fresh = await freshDatabase()
  database = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  await makePartitions(database.db, Date.now())
  const config = {
    databaseUrl: fresh.url,
    redisUrl: undefined,
    host: '127.0.0.1',
    port: await freePort(),
    adminToken,
    secretKey: undefined,
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

async function get(path: string) {
  const response = await fetch(`${api.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${adminToken}` } })
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it asks for.
  return { status: response.status, body: (await response.json()) as any }
}

async function store(key: string, results: (atMs: number) => Partial<Result>[], slots: number[], interval = '1m') {
  const check = aCheck({ key, interval, timeout: '500ms' })
  await fetch(`${api.url}/api/v1/checks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(check),
  })
  const { id } = (await findCheck(database.db, key)) ?? { id: 0 }
  const items = slots.flatMap((slot) =>
    results(slot).map((own) => ({ checkId: id, result: aResult(check, slot, own) })),
  )
  await ingest(database.db, items, foldResults)
}

const refused = { outcome: 'down', error: explain('tcp_refused', 'refused') } as const

test('a series has availability and percentiles by step, over all regions or one', async () => {
  const hour = 3_600_000
  const start = Math.floor((Date.now() - 5 * hour) / hour) * hour
  const slots = Array.from({ length: 120 }, (_, index) => start + index * minute)
  await store(
    'series',
    (slot) => [
      { region: 'eu', durationMs: 10, phases: { ...noPhases, ttfbMs: 4 } },
      slot >= start + hour && slot < start + hour + 12 * minute
        ? { region: 'us', ...refused }
        : { region: 'us', durationMs: 100 },
    ],
    slots,
  )
  const { body } = await get(`checks/series/series?from=${new Date(start).toISOString()}&step=1h`)
  expect(body).toMatchObject({ from: new Date(start).toISOString(), step: '1h', nextCursor: null })
  expect(body.items).toHaveLength(2)
  expect(body.items[0]).toMatchObject({
    from: new Date(start).toISOString(),
    availability: 1,
    up: 120,
    down: 0,
    codes: {},
  })
  expect(body.items[0].latency.total).toMatchObject({ count: 120, minMs: 10, maxMs: 100, meanMs: 55 })
  expect(body.items[0].latency.total.p95Ms).toBeCloseTo(100, -1)
  expect(body.items[0].latency.ttfb.p50Ms).toBeCloseTo(4, 0)
  expect(body.items[1]).toMatchObject({ availability: 0.9, up: 108, down: 12, codes: { tcp_refused: 12 } })
  const us = await get(`checks/series/series?from=${new Date(start).toISOString()}&step=30m&region=us`)
  expect(us.body.items.map(({ up, down }: { up: number; down: number }) => [up, down])).toEqual([
    [30, 0],
    [30, 0],
    [18, 12],
    [30, 0],
  ])
})

test('an answer that is read slowly is not written over by the next ones, whose memory was another’s', async () => {
  const end = Math.floor(Date.now() / day) * day - 30 * day
  const { id } = (await findCheck(database.db, 'series')) ?? { id: 0 }
  await query(
    fresh.url,
    `insert into rollups_5m (start, check_id, region_id, up, down, missed, maintenance, codes, latency)
     select at, r.check_id, r.region_id, 10 + extract(hour from at)::int, 0, 0, 0, null, r.latency
     from (select * from rollups_5m where check_id = ${id} and length(latency) > 10 limit 1) r,
       generate_series('${new Date(end - 7 * day).toISOString()}'::timestamptz, '${new Date(end).toISOString()}', '5 min') at`,
  )
  const paths = Array.from({ length: 16 }, (_, index) => {
    const from = new Date(end - 6.9 * day + index * 3_600_000).toISOString()
    return `checks/series/series?from=${from}&to=${new Date(end).toISOString()}&step=5m`
  })
  const read = async (path: string) =>
    (await fetch(`${api.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${adminToken}` } })).text()
  const expected = await Promise.all(paths.map(read))
  expect(expected.filter((text) => JSON.parse(text).items.length < 1800)).toEqual([])
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
  const asked = paths.map((path, index) => {
    const end = index === paths.length - 1 ? 'connection: close\r\n' : ''
    return `GET /api/v1/${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${adminToken}\r\n${end}\r\n`
  })
  socket.pause().write(asked.join(''))
  // Until as much is on its way as goes without a reader.
  await delay(500)
  const others = await Promise.all(paths.map(read))
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part as Buffer)
  const answers = Buffer.concat(parts)
    .toString()
    .split(/(?=HTTP\/1\.1 200 OK\r\n)/)
    .map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4))
  for (const told of [others, answers]) expect(told.map((text, index) => text === expected[index])).not.toContain(false)
  expect(answers).toHaveLength(paths.length)
})

test.each([
  ['step=7m', 'step: expected a multiple of 5m, found 7m'],
  ['step=10s', 'step: expected between 5m and 31d, found 10s'],
  [
    'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    'from: expected an instant before to, 2026-01-01T00:00:00.000Z, found 2026-01-02T00:00:00.000Z',
  ],
  [
    'from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&step=5m',
    'step: expected at most 2000 steps between from and to: take 1d or more',
  ],
])('a series of %s is refused with the reason', async (query, detail) => {
  expect(await get(`checks/series/series?${query}`)).toMatchObject({ status: 400, body: { detail } })
})

test('the status tells the verdict as a whole and by region, with the newest result of each', async () => {
  const now = Math.floor(Date.now() / 1000) * 1000
  await store('status', () => [{ region: 'eu' }, { region: 'us', ...refused }], [now - 2 * minute, now - minute])
  const { body } = await get('checks/status/status')
  expect(body).toMatchObject({
    checkKey: 'status',
    enabled: true,
    verdict: 'up',
    regions: [
      { region: 'eu', verdict: 'up', successes: 2, stale: false, lastResult: { outcome: 'up' } },
      {
        region: 'us',
        verdict: 'down',
        failures: 2,
        since: new Date(now - minute).toISOString(),
        lastResult: { outcome: 'down' },
      },
    ],
  })
  await store('stale', () => [refused], [now - 20 * minute, now - 19 * minute])
  expect((await get('checks/stale/status')).body).toMatchObject({
    verdict: 'unknown',
    regions: [{ verdict: 'down', stale: true }],
  })
  expect((await get('checks/nowhere/status')).status).toBe(404)
})

test('service levels tell budget and burn rates, and unknown time apart', async () => {
  const now = Math.floor(Date.now() / minute) * minute
  const slots = Array.from({ length: 1000 }, (_, index) => now - (index + 1) * minute)
  const missed = { outcome: 'missed', error: explain('no_worker', 'none'), startedAt: null } as const
  // Half of the last half hour down, a hundred slots of yesterday unknown.
  await store(
    'slo',
    (slot) => [
      slot >= now - 30 * minute && slot % (2 * minute) === 0 ? refused : slot < now - 900 * minute ? missed : {},
    ],
    slots,
  )
  const { body } = await get('slo?check=slo&objective=99&window=1d')
  expect(body.items).toHaveLength(1)
  const [level] = body.items
  expect(level).toMatchObject({
    checkKey: 'slo',
    window: '1d',
    objective: 99,
    good: 885,
    bad: 15,
    unknown: 100,
    maintenance: 0,
  })
  expect(level.availability).toBe(98.333333)
  expect(level.errorBudget.allowed).toBe(9)
  expect(level.errorBudget.leftPercent).toBe(-66.666667)
  expect(level.burnRates['6h']).toBeGreaterThan(3.9)
  expect(level.burnRates['5m']).toBeGreaterThan(20)
  expect((await get('slo?limit=2')).body.items).toHaveLength(2)
})

test('certificates are listed soonest to expire first, in pages, and by check', async () => {
  const now = Math.floor(Date.now() / 1000) * 1000
  const certificate = (name: string, days: number) => ({
    subject: `CN=${name}`,
    issuer: 'CN=ca',
    serial: '01',
    notBefore: new Date(now - day).toISOString(),
    notAfter: new Date(now + days * day).toISOString(),
    sha256: name.padEnd(64, '0'),
    san: [`DNS:${name}`],
    keyType: 'ec',
    keyBits: 256,
    signature: 'ecdsa-with-SHA256',
  })
  const seen = (...chain: ReturnType<typeof certificate>[]): Partial<Result> => ({
    tls: {
      version: 'TLSv1.3',
      cipher: 'x',
      alpn: null,
      authorized: true,
      serverName: 'x',
      chain,
      earliestExpiry: null,
      daysLeft: null,
    },
  })
  await store('tls-a', () => [seen(certificate('a', 9), certificate('ca', 900))], [now - minute])
  await store('tls-b', () => [seen(certificate('b', 30), certificate('ca', 900))], [now - minute])
  const first = await get('certificates?limit=2')
  expect(first.body.items.map(({ subject }: { subject: string }) => subject)).toEqual(['CN=a', 'CN=b'])
  expect(first.body.items[0]).toMatchObject({
    daysLeft: 9,
    seenBy: [{ checkKey: 'tls-a', region: 'local', position: 0, current: true }],
  })
  const rest = await get(`certificates?limit=2&cursor=${first.body.nextCursor}`)
  expect(rest.body).toMatchObject({
    items: [{ subject: 'CN=ca', seenBy: [{ checkKey: 'tls-a' }, { checkKey: 'tls-b' }] }],
    nextCursor: null,
  })
  expect((await get('certificates?check=tls-b')).body.items).toHaveLength(2)
  expect((await get(`certificates?expiresBefore=${new Date(now + 10 * day).toISOString()}`)).body.items).toHaveLength(1)
})

test('the document of the API describes what these answers hold', async () => {
  const { body } = await get('openapi.json')
  const answer = (path: string) => body.paths[path].get.responses['200'].content['application/json'].schema.properties
  expect(answer('/api/v1/checks/{key}/series').items.items.properties.missed.description).toContain('never ran')
  expect(answer('/api/v1/slo').items.items.properties.burnRates.description).toContain('faster than allowed')
  expect(answer('/api/v1/checks/{key}/status').verdict.description).toContain('quorum')
  expect(answer('/api/v1/certificates').items.items.properties.seenBy.items.properties.position.description).toContain(
    'leaf',
  )
  const step = body.paths['/api/v1/checks/{key}/series'].get.parameters.find(
    ({ name }: { name: string }) => name === 'step',
  )
  expect(step.description ?? step.schema.description).toContain('multiple of 5m')
})
