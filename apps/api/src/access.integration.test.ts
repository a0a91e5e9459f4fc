import { randomUUID } from 'node:crypto'
import { type Scope, scopes } from '@sonde/core'
import { newSecretKey } from '@sonde/secrets'
import { query } from '@sonde/testkit'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessOf, routeAccess } from './access.ts'
import { startTestApi, type TestApi } from './api.fixture.ts'

// Every route that the API describes, with every scope, and with a token of another team: a new route is in here by itself.

type Route = { method: string; path: string; name: string; security: unknown }
type Headers = { authorization: string }

let api: TestApi
let routes: Route[] = []
const byScope = new Map<Scope, Headers>()
let foreign: Headers = { authorization: '' }
const ids = { incident: randomUUID(), silence: '' }

const mine = 'canary-team'
const check = {
  key: `${mine}-check`,
  kind: 'http',
  target: `https://${mine}.example/`,
  interval: '1m',
  labels: { team: 'web' },
}
const window = {
  key: `${mine}-window`,
  start: '2027-01-01T00:00:00',
  end: '2027-01-01T01:00:00',
  timeZone: 'UTC',
  labels: { team: 'web' },
}
const silence = { comment: mine, duration: '1h', labels: { team: 'web' } }
const channel = { key: `${mine}-channel`, kind: 'slack', slack: { url: `https://${mine}.example/` } }

beforeAll(async () => {
  api = await startTestApi({ secretKey: newSecretKey() })
  const { body } = await api.ask('GET', '/api/v1/openapi.json')
  const { paths } = body as { paths: Record<string, Record<string, { security?: unknown }>> }
  routes = Object.entries(paths)
    .filter(([path]) => path.startsWith('/api/v1/') && path !== '/api/v1/openapi.json')
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { security }]) => ({
        method: method.toUpperCase(),
        path,
        name: `${method.toUpperCase()} ${path.replace('/api/v1', '').replace(/\{(\w+)\}/g, ':$1')}`,
        security,
      })),
    )
  for (const scope of scopes) byScope.set(scope, await api.token([scope]))
  foreign = await api.token(['read', 'write', 'run'], { team: 'other' })
  for (const [path, made] of [
    ['/checks', check],
    ['/maintenance', window],
    ['/channels', channel],
  ] as const) {
    expect((await api.ask('POST', `/api/v1${path}`, made)).status, path).toBe(201)
  }
  ids.silence = ((await api.ask('POST', '/api/v1/silences', silence)).body as { id: string }).id
  await query(
    api.databaseUrl,
    `insert into incidents (id, check_id, rule, state, opened_at, summary, about)
     select '${ids.incident}', id, 'down', 'open', now(), '${mine}', doc from checks where key = '${check.key}'`,
    `insert into regions (name) values ('${mine}')`,
  )
})
afterAll(() => api[Symbol.asyncDispose]())

/** The path with names of things that are there, or of none that are. */
function at({ path }: Route, real: boolean): string {
  const id = path.includes('/incidents/') ? ids.incident : path.includes('/silences/') ? ids.silence : randomUUID()
  const key = path.includes('/maintenance/') ? window.key : path.includes('/channels/') ? channel.key : check.key
  return path
    .replace('{key}', real ? key : 'none-such')
    .replace('{id}', real ? id : randomUUID())
    .replace('{name}', real ? mine : 'none-such')
}

/** What a route would write, with the labels of the team that it belongs to, and with those of the one that asks. */
function bodies({ method, path }: Route): (object | undefined)[] {
  if (method === 'GET' || method === 'DELETE') return [undefined]
  if (method === 'PATCH') return [{ labels: { team: 'other' } }, { labels: { team: 'web' } }, {}]
  const own = { team: 'other' }
  if (path.endsWith('/checks') || path.endsWith('/checks/{key}')) return [check, { ...check, labels: own }]
  if (path.includes('/maintenance'))
    return [window, { ...window, labels: own, checks: [check.key] }, { ...window, labels: {} }]
  if (path.includes('/silences')) return [silence, { ...silence, labels: {}, checks: [check.key] }]
  if (path.includes('/channels')) return [channel]
  if (path.endsWith('/apply')) {
    return [
      { checks: [check] },
      { checks: [{ ...check, labels: own }] },
      { maintenance: [window] },
      { channels: [channel] },
    ]
  }
  return [{}]
}

async function everything(): Promise<unknown> {
  const client = new pg.Client({ connectionString: api.databaseUrl })
  await client.connect()
  const read = async (statement: string) => (await client.query(statement)).rows as unknown
  const all = [
    await read('select key, doc, revision, managed_by from checks order by key'),
    await read('select key, doc, revision from maintenance order by key'),
    await read('select id, matchers, revision from silences order by id'),
    await read('select key, doc, revision, refused from channels order by key'),
    await read('select name, retired_at from regions order by name'),
    await read('select id, acknowledged_at from incidents order by id'),
    await read('select id, name, scopes from tokens order by id'),
  ]
  await client.end()
  return all
}

test('each route is on the list of what a token must have, and the list has no other', () => {
  expect(routes.length).toBeGreaterThan(40)
  expect(routes.map(({ name }) => name).toSorted()).toEqual(Object.keys(routeAccess).toSorted())
  for (const { name, security } of routes) expect(security, name).toEqual([{ token: [routeAccess[name]?.scope] }])
})

test('a route that nobody put on the list takes read or write, and is not for a token with labels', () => {
  expect(accessOf('GET', '/new')).toEqual({ scope: 'read', reach: 'refused' })
  expect(accessOf('POST', '/new')).toEqual({ scope: 'write', reach: 'refused' })
})

test('no route answers without a token', async () => {
  for (const route of routes) {
    for (const headers of [
      { authorization: '' },
      { authorization: 'Bearer sonde_wrong' },
      { authorization: 'Basic x' },
    ]) {
      const answer = await api.ask(route.method, at(route, true), bodies(route)[0], headers)
      expect([401, 429], route.name).toContain(answer.status)
      expect(answer.text, route.name).not.toContain(mine)
    }
  }
})

test('each route passes the scope that it takes, and admin, and names it to the others', async () => {
  for (const route of routes) {
    const wanted = routeAccess[route.name]?.scope
    for (const [scope, headers] of byScope) {
      const { status, body } = await api.ask(route.method, at(route, false), bodies(route).at(-1), headers)
      const label = `${route.name} with ${scope}`
      if (scope === wanted || scope === 'admin') expect([401, 403], label).not.toContain(status)
      else
        expect({ status, body }, label).toMatchObject({
          status: 403,
          body: { detail: expect.stringContaining(`the scope ${wanted};`) as string },
        })
    }
  }
}, 60_000)

test('a token of another team sees nothing of this one on any route, and changes nothing', async () => {
  const before = await everything()
  for (const route of routes) {
    const access = routeAccess[route.name]
    for (const body of bodies(route)) {
      const { status, text } = await api.ask(route.method, at(route, true), body, foreign)
      const label = `${route.name} ${JSON.stringify(body)}: ${status} ${text.slice(0, 300)}`
      const reads = route.method === 'GET'
      if (access?.scope === 'admin' || access?.reach === 'refused') expect(status, label).toBe(403)
      else if (access?.reach === 'filtered' && reads) expect(status, label).toBe(200)
      else if (access?.reach === 'open') expect(status, label).toBe(200)
      else if (reads) expect(status, label).toBe(404)
      else expect([400, 403, 404, 409], label).toContain(status)
      if (access?.reach === 'filtered' && reads) expect(text, label).not.toContain(mine)
    }
  }
  const made = await everything()
  expect(made).toEqual(before)
}, 60_000)

test('a token of a team does with its own what its scopes allow', async () => {
  const own = await api.token(['read', 'write', 'run'], { team: 'web' })
  const ask = (method: string, path: string, body?: unknown) => api.ask(method, `/api/v1${path}`, body, own)
  for (const path of [
    `/checks/${check.key}`,
    `/maintenance/${window.key}`,
    `/silences/${ids.silence}`,
    `/incidents/${ids.incident}`,
  ]) {
    expect((await ask('GET', path)).status, path).toBe(200)
  }
  for (const path of ['/checks', '/maintenance', '/silences', '/incidents', '/slo', '/export']) {
    expect((await ask('GET', path)).text, path).toContain(mine)
  }
  expect((await ask('PUT', `/maintenance/${window.key}`, { ...window, checks: [check.key] })).status).toBe(200)
  expect((await ask('POST', '/maintenance', { ...window, key: 'more', labels: {}, checks: [check.key] })).status).toBe(
    201,
  )
  expect((await ask('DELETE', '/maintenance/more')).status).toBe(204)
  expect((await ask('POST', '/silences', silence)).status).toBe(201)
  expect((await ask('POST', `/incidents/${ids.incident}/acknowledge`, {})).status).toBe(200)
  expect((await ask('POST', '/apply', { checks: [{ ...check, interval: '2m' }] })).status).toBe(200)
  expect((await ask('POST', `/checks/${check.key}/run`)).status).toBe(200)
})
