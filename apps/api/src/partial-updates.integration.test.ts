import { newSecretKey } from '@sonde/secrets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi({ secretKey: newSecretKey() })
})
afterAll(() => api[Symbol.asyncDispose]())

const merge = { 'content-type': 'application/merge-patch+json' }

const documents = [
  {
    list: 'checks',
    document: {
      kind: 'http',
      target: 'https://site.example/',
      interval: '1m',
      labels: { team: 'web', tier: 'edge' },
      http: { method: 'HEAD', auth: { bearer: 'a-bearer-token' } },
    },
    change: { interval: '2m', labels: { tier: null }, http: { headers: { 'x-a': 'b' } } },
    changed: { interval: '2m', labels: { team: 'web' }, http: { method: 'HEAD', headers: { 'x-a': 'b' } } },
    secret: (body: unknown) => (body as { http: { auth: { bearer: string } } }).http.auth.bearer,
    variant: (number: number): object => ({ timeout: `${number + 100}ms` }),
    toWrong: { interval: 'soon', colour: 'red' },
    wrongPaths: ['colour', 'interval'],
  },
  {
    list: 'channels',
    document: {
      kind: 'webhook',
      webhook: { url: 'https://hooks.example/a', secret: `whsec_${'A'.repeat(32)}`, headers: { a: '1', b: '2' } },
    },
    change: { enabled: false, webhook: { headers: { b: null } } },
    changed: { enabled: false, webhook: { url: 'https://hooks.example/a', headers: { a: '1' } } },
    secret: (body: unknown) => (body as { webhook: { secret: string } }).webhook.secret,
    variant: (number: number): object => ({ webhook: { url: `https://hooks.example/${number}` } }),
    toWrong: { enabled: 'no', colour: 'red' },
    wrongPaths: ['colour', 'enabled'],
  },
] as const

describe.each(documents)('of $list', ({ list, document, change, changed, secret, variant, toWrong, wrongPaths }) => {
  const at = (key: string) => `/api/v1/${list}/${key}`
  const put = (key: string, body: unknown = document, headers = {}) => api.ask('PUT', at(key), body, headers)
  const tag = (answer: { headers: Headers }) => answer.headers.get('etag') ?? 'no etag'

  test('a merge patch changes what it names, and sealed secrets survive it', async () => {
    const made = await put('patched')
    expect(secret(made.body)).toMatch(/^sealed:v1:/)
    const patched = await api.ask('PATCH', at('patched'), change, merge)
    expect(patched).toMatchObject({ status: 200, body: changed })
    expect(secret(patched.body)).toBe(secret(made.body))
    expect(patched.body).not.toMatchObject({ labels: { tier: 'edge' } })
    expect((await api.ask('GET', at('patched'))).body).toEqual(patched.body)
    expect((await api.ask('PATCH', at('patched'), change)).status).toBe(200)
  })

  test('a patch is validated with all that it is laid on, and every wrong field is told', async () => {
    const made = await put('kept')
    const wrong = await api.ask('PATCH', at('kept'), toWrong, merge)
    expect(wrong.status).toBe(400)
    expect((wrong.body as { errors: { path: string }[] }).errors.map(({ path }) => path).sort()).toEqual(wrongPaths)
    expect(await api.ask('PATCH', at('kept'), { key: 'other' }, merge)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'key' }] },
    })
    expect((await api.ask('PATCH', at('kept'), '[1]', merge)).status).toBe(400)
    expect((await api.ask('GET', at('kept'))).body).toEqual(made.body)
    expect((await api.ask('PATCH', at('absent'), {}, merge)).status).toBe(404)
  })

  test('an entity tag names one state, and every answer that has the state has the tag', async () => {
    const posted = await api.ask('POST', `/api/v1/${list}`, { ...document, key: 'tagged' })
    expect(posted.status).toBe(201)
    const first = tag(posted)
    expect(first).toMatch(/^"[^"]+"$/)
    expect(tag(await api.ask('GET', at('tagged')))).toBe(first)
    const patched = await api.ask('PATCH', at('tagged'), change, merge)
    expect(tag(patched)).not.toBe(first)
    expect(tag(await api.ask('PATCH', at('tagged'), change, merge))).toBe(tag(patched))
    expect(tag(await put('tagged', patched.body))).toBe(tag(patched))
    await api.ask('DELETE', at('tagged'))
    expect(tag(await put('tagged', document))).not.toBe(first)
  })

  test('who has the newest state is told so without it', async () => {
    const made = await put('read')
    for (const known of [tag(made), `"x", ${tag(made)}`, `W/${tag(made)}`, '*'])
      expect(await api.ask('GET', at('read'), undefined, { 'if-none-match': known })).toMatchObject({
        status: 304,
        body: '',
      })
    expect((await api.ask('GET', at('read'), undefined, { 'if-none-match': '"x"' })).status).toBe(200)
  })

  test('a write that expects another state changes nothing, and is told what is there', async () => {
    const old = tag(await put('guarded'))
    const current = await api.ask('PATCH', at('guarded'), change, { ...merge, 'if-match': old })
    expect(current.status).toBe(200)
    for (const [method, body] of [
      ['PUT', document],
      ['PATCH', { enabled: true }],
      ['DELETE', undefined],
    ] as const) {
      for (const wanted of [old, 'W/"1"', '"x", "y"']) {
        expect(await api.ask(method, at('guarded'), body, { 'if-match': wanted })).toMatchObject({
          status: 412,
          type: 'application/problem+json; charset=utf-8',
          body: { errors: [{ path: 'If-Match', message: expect.stringContaining(tag(current)) as string }] },
        })
      }
    }
    expect((await api.ask('GET', at('guarded'))).body).toEqual(current.body)
    expect((await put('absent', document, { 'if-match': '*' })).status).toBe(412)
    expect((await api.ask('GET', at('absent'))).status).toBe(404)
    expect((await put('guarded', document, { 'if-match': `"x", ${tag(current)}` })).status).toBe(200)
    expect((await api.ask('DELETE', at('guarded'), undefined, { 'if-match': '*' })).status).toBe(204)
  })

  test('If-None-Match: * makes, and never replaces', async () => {
    const only = { 'if-none-match': '*' }
    expect((await put('new', document, only)).status).toBe(201)
    expect(await put('new', document, only)).toMatchObject({
      status: 412,
      body: { errors: [{ path: 'If-None-Match' }] },
    })
  })

  test('of two that change the same state at once, one is told that it came second', async () => {
    await put('raced')
    for (let round = 0; round < 10; round++) {
      const known = tag(await api.ask('GET', at('raced')))
      const writes = ['PUT', 'PATCH', 'PUT', 'PATCH'].map((method, index) => {
        const body = { ...(method === 'PUT' ? document : {}), ...variant(round * 4 + index) }
        return api.ask(method, at('raced'), body, { 'if-match': known })
      })
      const statuses = (await Promise.all(writes)).map(({ status }) => status)
      expect(statuses.sort((a, b) => a - b)).toEqual([200, 412, 412, 412])
    }
  })

  test('writes without a condition all count, also at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 3 === 0
          ? put('crowd')
          : api.ask('PATCH', at('crowd'), index % 2 === 0 ? { enabled: false } : change, merge),
      ),
    )
    expect(all.map(({ status }) => status).filter((status) => ![200, 201, 404].includes(status))).toEqual([])
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1)
    const makers = await Promise.all(
      Array.from({ length: 6 }, () => put('crowd-2', document, { 'if-none-match': '*' })),
    )
    expect(makers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 412, 412, 412, 412, 412])
  })
})

const regionPath = '/api/v1/regions/berlin'
const revised = [
  {
    name: 'a region',
    make: async () => {
      await api.ask('DELETE', regionPath)
      await api.ask('PUT', regionPath, { provider: 'first', labels: { tier: 'edge', of: 'us' } })
      return regionPath
    },
    patch: { provider: 'second', labels: { of: null } },
    patched: { name: 'berlin', provider: 'second', labels: { tier: 'edge' }, latitude: null },
    put: { provider: 'third' },
    wrong: { latitude: 91, colour: 'red' },
  },
  {
    name: 'a token',
    make: async () => {
      const made = await api.ask('POST', '/api/v1/tokens', {
        name: 'first',
        scopes: ['read'],
        labels: { team: 'web', of: 'us' },
      })
      return `/api/v1/tokens/${(made.body as { id: string }).id}`
    },
    patch: { name: 'second', labels: { of: null } },
    patched: { name: 'second', scopes: ['read'], labels: { team: 'web' } },
    put: { name: 'third', scopes: ['run'] },
    wrong: { scopes: ['fly'], colour: 'red' },
  },
]

test.each(revised)('$name is read, patched, replaced and taken away only as it was seen', async (kind) => {
  const path = await kind.make()
  const tagOf = async () => (await api.ask('GET', path)).headers.get('etag') ?? ''
  const first = await tagOf()
  expect((await api.ask('GET', path, undefined, { 'if-none-match': first })).status).toBe(304)
  const patched = await api.ask('PATCH', path, kind.patch, { ...merge, 'if-match': first })
  expect(patched).toMatchObject({ status: 200, body: kind.patched })
  expect((patched.body as { labels: object }).labels).toEqual(kind.patched.labels)
  const second = await tagOf()
  expect(patched.headers.get('etag')).toBe(second)
  expect(second).not.toBe(first)
  for (const [method, body] of [
    ['PUT', kind.put],
    ['PATCH', kind.patch],
    ['DELETE', undefined],
  ] as const)
    expect(await api.ask(method, path, body, { 'if-match': first })).toMatchObject({
      status: 412,
      body: { errors: [{ path: 'If-Match' }] },
    })
  const wrong = await api.ask('PATCH', path, kind.wrong, merge)
  expect(wrong.status).toBe(400)
  expect((wrong.body as { errors: object[] }).errors).toHaveLength(2)
  expect(await tagOf()).toBe(second)
  const races = await Promise.all(
    [1, 2, 3].map((n) => api.ask('PATCH', path, { labels: { n: String(n) } }, { ...merge, 'if-match': second })),
  )
  expect(races.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 412, 412])
  const put = await api.ask('PUT', path, kind.put, { 'if-match': await tagOf() })
  expect(put).toMatchObject({ status: 200, body: kind.put })
  expect((await api.ask('DELETE', path, undefined, { 'if-match': put.headers.get('etag') ?? '' })).status).toBe(204)
  expect((await api.ask('GET', path)).status).toBe(404)
})

test('the tag of a token is not another one after every use', async () => {
  const made = await api.ask('POST', '/api/v1/tokens', { name: 'used', scopes: ['read'] })
  const { id, token } = made.body as { id: string; token: string }
  expect((await api.ask('GET', '/api/v1/checks', undefined, { authorization: `Bearer ${token}` })).status).toBe(200)
  const read = await api.ask('GET', `/api/v1/tokens/${id}`)
  expect(read.body).toMatchObject({ lastUsedAt: expect.any(String) as string })
  expect(read.headers.get('etag')).toBe(made.headers.get('etag'))
})

test('a region that was retired is there again, and If-None-Match: * takes it for new', async () => {
  const path = '/api/v1/regions/lisbon'
  const only = { 'if-none-match': '*' }
  expect((await api.ask('PUT', path, {}, only)).status).toBe(201)
  expect((await api.ask('PUT', path, {}, only)).status).toBe(412)
  expect((await api.ask('DELETE', path)).status).toBe(204)
  expect((await api.ask('PUT', path, {}, { 'if-match': '*' })).status).toBe(412)
  expect((await api.ask('PUT', path, {}, only)).status).toBe(200)
  expect((await api.ask('GET', path)).body).toMatchObject({ name: 'lisbon', workers: [] })
})
