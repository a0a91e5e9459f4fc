import { makeToken, tokenDigest, tokenId } from '@sonde/secrets'
import { query } from '@sonde/testkit'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const site = { key: 'site', kind: 'http', target: 'https://site.example/', interval: '1m' }

async function made(body: object) {
  const answer = await api.ask('POST', '/api/v1/tokens', body)
  return { ...answer, body: answer.body as { id: string; token: string } }
}

test('a token is shown once, listed without its secret, changed, and revoked at once on every API process', async () => {
  await using other = await startTestApi({}, { database: api.database })
  const { status, headers, body } = await made({ name: 'ci', scopes: ['write', 'read'] })
  expect(status).toBe(201)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('location')).toBe(`/api/v1/tokens/${body.id}`)
  expect(body).toMatchObject({ name: 'ci', scopes: ['read', 'write'], labels: {}, expiresAt: null, lastUsedAt: null })
  expect(tokenId(body.token)).toBe(body.id)

  const use = (at: TestApi) => at.ask('GET', '/api/v1/checks', undefined, bearer(body.token))
  expect((await use(api)).status).toBe(200)
  expect((await use(other)).status).toBe(200)
  for (const path of ['/api/v1/tokens', `/api/v1/tokens/${body.id}`]) {
    const shown = await api.ask('GET', path)
    expect(shown.text).toContain(body.id)
    expect(shown.text).not.toContain(body.token.slice(-30))
  }
  expect((await api.ask('GET', `/api/v1/tokens/${body.id}`)).body).toMatchObject({
    lastUsedAt: expect.stringMatching(/^\d{4}-/) as string,
  })
  expect(await api.ask('PATCH', `/api/v1/tokens/${body.id}`, { scopes: ['run'] })).toMatchObject({
    status: 200,
    body: { name: 'ci', scopes: ['run'] },
  })
  expect((await use(other)).status).toBe(403)
  expect((await api.ask('PUT', `/api/v1/tokens/${body.id}`, { name: 'ci', scopes: ['read'] })).status).toBe(200)
  expect((await use(other)).status).toBe(200)

  expect((await api.ask('DELETE', `/api/v1/tokens/${body.id}`)).status).toBe(204)
  expect((await use(api)).status).toBe(401)
  expect((await use(other)).status).toBe(401)
  for (const method of ['GET', 'DELETE']) expect((await api.ask(method, `/api/v1/tokens/${body.id}`)).status).toBe(404)
})

test('the database holds the digest of a token and nothing else of it', async () => {
  const { body } = await made({ name: 'kept', scopes: ['read'] })
  const client = new pg.Client({ connectionString: api.database.url })
  await client.connect()
  const { rows } = await client.query<{ digest: Buffer; row: string }>(
    'select digest, t::text as row from tokens t where id = $1',
    [body.id],
  )
  await client.end()
  expect(rows[0]?.digest).toEqual(tokenDigest(body.token))
  expect(rows[0]?.row).not.toContain(body.token.slice(-30))
})

test('a token ends when it expires', async () => {
  const { body } = await made({
    name: 'short',
    scopes: ['read'],
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  })
  expect((await api.ask('GET', '/api/v1/checks', undefined, bearer(body.token))).status).toBe(200)
  await query(api.database.url, `update tokens set expires_at = now() - interval '1 second' where id = '${body.id}'`)
  expect(await api.ask('GET', '/api/v1/checks', undefined, bearer(body.token))).toMatchObject({
    status: 401,
    body: { detail: 'the token is not known, was revoked or has expired' },
  })
  expect(await made({ name: 'late', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'expiresAt' }] },
  })
})

test('its last use is written once a minute, not with every request', async () => {
  const { body } = await made({ name: 'busy', scopes: ['read'] })
  const lastUse = async () =>
    ((await api.ask('GET', `/api/v1/tokens/${body.id}`)).body as { lastUsedAt: string }).lastUsedAt
  await api.ask('GET', '/api/v1/checks', undefined, bearer(body.token))
  const first = await lastUse()
  for (let count = 0; count < 5; count++) await api.ask('GET', '/api/v1/checks', undefined, bearer(body.token))
  expect(await lastUse()).toBe(first)
  await query(
    api.database.url,
    `update tokens set last_used_at = now() - interval '61 seconds' where id = '${body.id}'`,
  )
  const aMinuteAgo = await lastUse()
  await api.ask('GET', '/api/v1/checks', undefined, bearer(body.token))
  expect(new Date(await lastUse()).getTime()).toBeGreaterThan(new Date(aMinuteAgo).getTime() + 60_000)
})

test('what is no token, another token and one with a wrong secret are all told the same', async () => {
  const { body } = await made({ name: 'real', scopes: ['read'] })
  const forged = makeToken().text
  const swapped = makeToken().text.replace(/^sonde_[a-z2-7]{8}/, body.token.slice(0, 14))
  const answers = await Promise.all(
    ['nonsense', forged, swapped, `${body.token}a`].map((token) =>
      api.ask('GET', '/api/v1/checks', undefined, bearer(token)),
    ),
  )
  for (const { status, body, headers } of answers) {
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer')
    expect({ ...(body as object), requestId: '' }).toEqual({ ...(answers[0]?.body as object), requestId: '' })
  }
})

test('a token that lacks the scope is told which it takes', async () => {
  const token = await api.token(['read'])
  const answer = await api.ask('POST', '/api/v1/checks', site, token)
  expect(answer).toMatchObject({
    status: 403,
    body: {
      title: 'The token may not do this',
      detail: 'this takes a token with the scope write; "read of a test" has read',
    },
  })
  expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="write"')
})

test('a token of a team reads and writes what has its labels, and the rest is not there for it', async () => {
  const web = { ...site, key: 'web-site', labels: { team: 'web' } }
  const ops = { ...site, key: 'ops-site', labels: { team: 'ops' } }
  for (const body of [web, ops]) await api.ask('POST', '/api/v1/checks', body)
  const token = await api.token(['read', 'write', 'run'], { team: 'web' })
  const ask = (method: string, path: string, body?: unknown) => api.ask(method, `/api/v1${path}`, body, token)

  const keys = async (path: string) =>
    ((await ask('GET', path)).body as { items: { key: string }[] }).items.map(({ key }) => key)
  expect(await keys('/checks')).toEqual(['web-site'])
  expect(await keys('/checks?label=team:ops')).toEqual([])
  expect((await ask('GET', '/slo')).body).toMatchObject({ items: [{ checkKey: 'web-site' }] })

  for (const [method, path, body] of [
    ['GET', ''],
    ['PUT', '', ops],
    ['PUT', '', { ...ops, labels: { team: 'web' } }],
    ['DELETE', ''],
    ['GET', '/results'],
    ['GET', '/series'],
    ['GET', '/status'],
    ['POST', '/run'],
  ] as const) {
    const foreign = await ask(method, `/checks/ops-site${path}`, body)
    expect(foreign, `${method} ${path}`).toMatchObject({
      status: 404,
      body: { detail: 'there is no check "ops-site"' },
    })
  }
  const beyond = {
    status: 403,
    body: { errors: [{ path: 'labels', message: 'expected team=web, which this token is bound to' }] },
  }
  expect(await ask('PUT', '/checks/web-site', { ...web, labels: { team: 'ops' } })).toMatchObject(beyond)
  expect(await ask('PUT', '/checks/web-site', { ...web, labels: undefined })).toMatchObject(beyond)
  expect(await ask('PUT', '/checks/new-site', { ...site, key: 'new-site' })).toMatchObject(beyond)
  expect(await ask('POST', '/checks', { ...site, key: 'new-site', labels: { team: 'ops' } })).toMatchObject(beyond)
  expect(await ask('POST', '/apply', { checks: [web, { ...site, key: 'new-site' }] })).toMatchObject({
    status: 403,
    body: { errors: [{ path: 'checks[1].labels', message: beyond.body.errors[0]?.message }] },
  })
  expect((await ask('PUT', '/checks/web-site', { ...web, interval: '2m' })).status).toBe(200)
  expect((await ask('POST', '/checks', { ...web, key: 'web-more' })).status).toBe(201)
  expect((await ask('DELETE', '/checks/web-more')).status).toBe(204)
  expect((await api.ask('GET', '/api/v1/checks/ops-site')).body).toMatchObject({
    labels: { team: 'ops' },
    interval: '1m',
  })

  for (const path of ['/channels', '/tokens']) expect((await ask('GET', path)).status).toBe(403)
  expect((await ask('GET', '/regions')).status).toBe(200)
  expect((await ask('PUT', '/regions/mars', {})).status).toBe(403)
})

test.each([
  [{ name: 'x', scopes: ['admin'], labels: { team: 'web' } }, 'labels'],
  [{ name: 'x', scopes: ['everything'] }, 'scopes[0]'],
  [{ scopes: ['read'] }, 'name'],
])('%j makes no token', async (body, path) => {
  expect(await api.ask('POST', '/api/v1/tokens', body)).toMatchObject({ status: 400, body: { errors: [{ path }] } })
})

test('labels that a change would give an admin are refused', async () => {
  const { body } = await made({ name: 'chief', scopes: ['admin'] })
  expect(await api.ask('PATCH', `/api/v1/tokens/${body.id}`, { labels: { team: 'web' } })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'labels' }] },
  })
})
