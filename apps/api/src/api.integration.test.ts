import { createLogger } from '@sonde/config'
import { type Check, explain, foldResults } from '@sonde/core'
import { ensureRegions, findCheck, ingest, makePartitions, openDatabase } from '@sonde/db'
import { createRegistry } from '@sonde/metrics'
import { aCheck, aResult, type FreshDatabase, freePort, freshDatabase } from '@sonde/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi } from './app.ts'

const adminToken = 'an-admin-token-for-tests'
const log = createLogger('test', 'silent')

let fresh: FreshDatabase
let api: Awaited<ReturnType<typeof startApi>>
let port = 0
beforeAll(async () => {
  fresh = await freshDatabase()
  port = await freePort()
  api = await startApi(config(port), log, createRegistry())
})
afterAll(async () => {
  await api.close()
  await fresh[Symbol.asyncDispose]()
})

function config(onPort: number) {
  return {
    databaseUrl: fresh.url,
    redisUrl: undefined,
    host: '127.0.0.1',
    port: onPort,
    adminToken,
    secretKey: undefined,
    metricsToken: undefined,
    metricsJob: undefined,
    egress: { deny: [], allow: [] },
    publicUrl: 'http://sonde.example',
  }
}

async function ask(method: string, path: string, body?: unknown, token: string | null = adminToken) {
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') === true && text !== ''
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    body: (json ? JSON.parse(text) : text) as unknown,
  }
}

const site = { key: 'site', kind: 'http', target: 'https://site.example/', interval: '1m' }

test('a check is made, read, replaced and deleted', async () => {
  const made = await ask('POST', '/api/v1/checks', site)
  expect(made).toMatchObject({ status: 201, body: { ...site, timeout: '5s', regions: ['*'] } })
  expect(made.headers.get('location')).toBe('/api/v1/checks/site')
  expect((await ask('GET', '/api/v1/checks/site')).body).toEqual(made.body)
  expect(await ask('PUT', '/api/v1/checks/site', made.body)).toMatchObject({ status: 200, body: made.body })
  expect(await ask('PUT', '/api/v1/checks/site', { ...site, interval: '2m' })).toMatchObject({
    status: 200,
    body: { interval: '2m' },
  })
  expect(await ask('PUT', '/api/v1/checks/other', { ...site, key: undefined })).toMatchObject({
    status: 201,
    body: { key: 'other' },
  })
  expect(await ask('DELETE', '/api/v1/checks/site')).toMatchObject({ status: 204 })
  for (const [method, path] of [
    ['GET', 'site'],
    ['DELETE', 'site'],
    ['GET', 'site/results'],
    ['POST', 'site/run'],
  ]) {
    expect(await ask(method as string, `/api/v1/checks/${path}`)).toMatchObject({
      status: 404,
      type: 'application/problem+json; charset=utf-8',
    })
  }
})

const wrong: [name: string, method: string, path: string, body: unknown, status: number, errors: object[]][] = [
  [
    'two wrong fields',
    'POST',
    '/checks',
    { ...site, target: 'x', interval: 'soon' },
    400,
    [
      { path: 'interval', message: expect.any(String) as string },
      { path: 'target', message: expect.any(String) as string },
    ],
  ],
  [
    'an unknown kind',
    'POST',
    '/checks',
    { ...site, kind: 'smtp' },
    400,
    [{ path: 'kind', message: expect.any(String) as string }],
  ],
  ['no object', 'POST', '/checks', [], 400, [{ path: 'body', message: expect.any(String) as string }]],
  ['broken JSON', 'POST', '/checks', '{"key":', 400, [{ path: 'body', message: expect.any(String) as string }]],
  [
    'another key than the path',
    'PUT',
    '/checks/b',
    { ...site, key: 'c' },
    400,
    [{ path: 'key', message: 'expected "b" as in the path, found "c"' }],
  ],
  [
    'a wrong limit',
    'GET',
    '/checks?limit=0',
    undefined,
    400,
    [{ path: 'limit', message: expect.any(String) as string }],
  ],
  [
    'an unknown filter',
    'GET',
    '/checks?colour=red',
    undefined,
    400,
    [{ path: 'colour', message: 'is not a field that Sonde knows' }],
  ],
  [
    'a wrong cursor',
    'GET',
    '/checks?cursor=!!',
    undefined,
    400,
    [{ path: 'cursor', message: 'expected the nextCursor of an earlier answer' }],
  ],
  [
    'a document that is too large',
    'POST',
    '/checks',
    { ...site, name: 'x'.repeat(1_100_000) },
    413,
    [{ path: 'body', message: expect.any(String) as string }],
  ],
  [
    'a wrong check of a document',
    'POST',
    '/apply',
    { checks: [{ ...site, timeout: '2m' }] },
    400,
    [{ path: 'checks[0].timeout', message: 'expected less than interval (1m), found 2m' }],
  ],
]

test.each(wrong)('%s is told as problem details that name the field', async (_, method, path, body, status, errors) => {
  const answer = await ask(method, `/api/v1${path}`, body)
  expect(answer).toMatchObject({ status, type: 'application/problem+json; charset=utf-8', body: { status, errors } })
})

test('without the token nothing is told but health, metrics and the description', async () => {
  for (const token of [null, 'another-token-entirely']) {
    for (const path of ['/checks', '/checks/other', '/checks/other/results', '/regions']) {
      expect(await ask('GET', `/api/v1${path}`, undefined, token)).toMatchObject({
        status: 401,
        body: { title: 'A token is needed' },
      })
    }
    expect(await ask('POST', '/api/v1/checks', { ...site, key: 'sneaked' }, token)).toMatchObject({ status: 401 })
  }
  for (const path of ['/healthz', '/readyz', '/metrics', '/api/v1/openapi.json'])
    expect((await ask('GET', path, undefined, null)).status).toBe(200)
  expect((await ask('GET', '/api/v1/checks/sneaked')).status).toBe(404)
})

test('lists come in pages, filtered by label and kind', async () => {
  const names = ['p1', 'p2', 'p3', 'p4', 'p5']
  for (const key of names)
    await ask('POST', '/api/v1/checks', { ...site, key, labels: { team: key === 'p4' ? 'ops' : 'paged' } })
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await ask(
      'GET',
      `/api/v1/checks?label=team:paged&kind=http&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    const page = body as { items: Check[]; nextCursor: string | null }
    seen.push(...page.items.map(({ key }) => key))
    cursor = page.nextCursor
  }
  expect(seen).toEqual(['p1', 'p2', 'p3', 'p5'])
})

test('results are filtered and paged, and their series exposed', async () => {
  const { db, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  await ensureRegions(db, ['eu', 'us'])
  const check = aCheck({ key: 'seen', interval: '30s' })
  await ask('POST', '/api/v1/checks', check)
  const { id } = (await findCheck(db, 'seen')) ?? { id: 0 }
  const now = Math.floor(Date.now() / 1000) * 1000
  await makePartitions(db, now)
  const results = [-3, -2, -1].flatMap((offset) => [
    aResult(check, now + offset * 1000, { region: 'eu' }),
    aResult(check, now + offset * 1000, { region: 'us', outcome: 'down', error: explain('tcp_refused', 'refused') }),
  ])
  await ingest(
    db,
    results.map((result) => ({ checkId: id, result })),
    foldResults,
  )
  const page = async (query: string) =>
    (await ask('GET', `/api/v1/checks/seen/results?${query}`)).body as {
      items: { region: string }[]
      nextCursor: string | null
    }
  expect((await page('outcome=down')).items.map(({ region }) => region)).toEqual(['us', 'us', 'us'])
  expect((await page(`region=eu&from=${new Date(now - 2000).toISOString()}`)).items).toHaveLength(2)
  const first = await page('limit=4')
  const rest = await page(`limit=4&cursor=${first.nextCursor}`)
  expect([...first.items, ...rest.items]).toEqual((await page('')).items)
  expect(rest.nextCursor).toBeNull()

  await ask('PUT', '/api/v1/regions/eu', { latitude: 48.669, longitude: -4.329 })
  const metrics = (await ask('GET', '/metrics')).body as string
  expect(metrics).toMatch(/sm_check_info\{[^}]*probe="eu"[^}]*geohash="gbsuv\w{7}"/)
  expect(metrics).toMatch(/sm_check_info\{[^}]*probe="us"[^}]*geohash=""/)
  expect(metrics).toContain(`probe_success{instance="${check.target}",job="seen",kind="http",probe="eu"} 1\n`)
  expect(metrics).toContain(`probe_success{instance="${check.target}",job="seen",kind="http",probe="us"} 0\n`)
  await close()
})

test('apply changes all or nothing, and plans without changing', async () => {
  const document = {
    defaults: { interval: '5m' },
    checks: [
      { ...site, key: 'one', interval: undefined },
      { ...site, key: 'two' },
    ],
  }
  const plan = {
    plan: [
      { key: 'one', action: 'create', fields: [] },
      { key: 'two', action: 'create', fields: [] },
    ],
  }
  expect(await ask('POST', '/api/v1/apply?dryRun=true', document)).toMatchObject({ status: 200, body: plan })
  expect((await ask('GET', '/api/v1/checks/one')).status).toBe(404)
  expect(
    (
      await ask('POST', '/api/v1/apply', {
        checks: [
          { ...site, key: 'one' },
          { ...site, key: 'No' },
        ],
      })
    ).status,
  ).toBe(400)
  expect((await ask('GET', '/api/v1/checks/one')).status).toBe(404)
  expect((await ask('POST', '/api/v1/apply', document)).body).toMatchObject(plan)
  expect((await ask('GET', '/api/v1/checks/one')).body).toMatchObject({ interval: '5m' })
})

test('a run without a worker says so in time', async () => {
  await ask('PUT', '/api/v1/checks/alone', { ...site, key: 'alone', timeout: '500ms' })
  const began = Date.now()
  const { status, body } = await ask('POST', '/api/v1/checks/alone/run')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    results: [
      { region: 'eu', outcome: 'missed', error: { code: 'no_worker' } },
      { region: 'us', outcome: 'missed' },
    ],
  })
  expect(Date.now() - began).toBeLessThan(2500)
})

test('a region is made, placed on the map, retired, and there again', async () => {
  const facts = { labels: { tier: 'edge' }, provider: 'example cloud', latitude: 52.5, longitude: 13.4 }
  expect(await ask('PUT', '/api/v1/regions/berlin', facts)).toMatchObject({
    status: 201,
    body: { name: 'berlin', ...facts },
  })
  const names = async () =>
    ((await ask('GET', '/api/v1/regions')).body as { items: { name: string }[] }).items.map(({ name }) => name)
  expect((await ask('GET', '/api/v1/regions')).body).toMatchObject({
    items: [{ name: 'berlin', ...facts, workers: [] }, { name: 'eu' }, { name: 'us' }],
  })
  expect((await ask('DELETE', '/api/v1/regions/berlin')).status).toBe(204)
  expect(await names()).toEqual(['eu', 'us'])
  expect((await ask('DELETE', '/api/v1/regions/berlin')).status).toBe(404)
  expect(await ask('PUT', '/api/v1/regions/berlin', { latitude: 91 })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'latitude', message: 'expected at most 90, found 91' }] },
  })
  expect((await ask('PUT', '/api/v1/regions/berlin', {})).status).toBe(200)
  expect(await names()).toEqual(['berlin', 'eu', 'us'])
  await ask('DELETE', '/api/v1/regions/berlin')
})

test('the description is OpenAPI 3.1 and knows every route', async () => {
  const { body } = await ask('GET', '/api/v1/openapi.json')
  const { openapi, paths } = body as { openapi: string; paths: Record<string, object> }
  expect(openapi).toBe('3.1.0')
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/api/v1/checks',
      '/api/v1/checks/{key}',
      '/api/v1/checks/{key}/results',
      '/api/v1/checks/{key}/run',
      '/api/v1/regions',
      '/api/v1/apply',
      '/healthz',
      '/readyz',
    ]),
  )
})

test('a taken port is one line', async () => {
  await expect(startApi(config(port), log, createRegistry())).rejects.toThrow(
    `SONDE_PORT: port ${port} on 127.0.0.1 is taken`,
  )
})
