import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'
import { maxDepth } from './json-body.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

const site = { key: 'site', kind: 'http', target: 'https://site.example/' }
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
type Case = [
  name: string,
  method: string,
  path: string,
  ask: { body?: unknown; headers?: Record<string, string> },
  status: number,
  paths: string[],
]

const cases: Case[] = [
  ['a path that leads nowhere', 'GET', '/nowhere', {}, 404, []],
  ['a method that is not for the resource', 'DELETE', '/checks', {}, 405, []],
  ['a form that cannot be had', 'GET', '/checks', { headers: { accept: 'text/html' } }, 406, ['accept']],
  [
    'a form that is refused',
    'GET',
    '/checks',
    { headers: { accept: '*/*, application/json;q=0, application/problem+json;q=0' } },
    406,
    ['accept'],
  ],
  [
    'another media type',
    'POST',
    '/checks',
    { body: 'key: site', headers: { 'content-type': 'application/yaml' } },
    415,
    ['content-type'],
  ],
  ['plain text', 'POST', '/checks', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415, ['content-type']],
  [
    'a merge patch that is posted',
    'POST',
    '/checks',
    { body: site, headers: { 'content-type': 'application/merge-patch+json' } },
    415,
    ['content-type'],
  ],
  ['no body', 'POST', '/checks', { body: '' }, 400, ['body']],
  ['JSON that ends too early', 'POST', '/checks', { body: '{"key":' }, 400, ['body']],
  ['JSON that reaches for a prototype', 'POST', '/checks', { body: '{"__proto__":{"key":"x"}}' }, 400, ['body']],
  ['JSON that is too deep', 'POST', '/checks', { body: nested(maxDepth + 1) }, 400, ['body']],
  ['JSON that is as deep as a body can be', 'POST', '/checks', { body: '['.repeat(1_000_000) }, 400, ['body']],
  ['a path that is no UTF-8', 'GET', '/checks/%E0%A4%A', {}, 400, ['url']],
  ['a key that is longer than any path', 'GET', `/checks/${'x'.repeat(300)}`, {}, 414, ['url']],
  ['a key that no check has', 'GET', `/checks/${'x'.repeat(65)}`, {}, 400, ['key']],
  [
    'what is wrong in every part',
    'PUT',
    `/checks/${'x'.repeat(65)}`,
    { body: { ...site, interval: 'soon', colour: 'red' } },
    400,
    ['key', 'colour', 'interval'],
  ],
  [
    'wrong parameters',
    'GET',
    '/checks/site/results?limit=5000&outcome=so-so&colour=red',
    {},
    400,
    ['outcome', 'limit', 'colour'],
  ],
  ['a NUL, which PostgreSQL cannot keep', 'POST', '/checks', { body: { ...site, name: 'a\0b' } }, 400, ['body']],
  ['half of a surrogate pair', 'POST', '/checks', { body: { ...site, name: 'a\ud800b' } }, 400, ['body']],
  ['a NUL in the path', 'GET', '/checks/a%00b', {}, 400, ['url']],
  ['a NUL in a filter', 'GET', '/checks?label=team:%00', {}, 400, ['url']],
  ['a parameter that is given twice', 'GET', '/checks?limit=1&limit=2', {}, 400, ['limit']],
]

test.each(cases)(
  '%s is told as a problem with every field',
  async (_, method, path, { body, headers }, status, paths) => {
    const answer = await api.ask(method, `/api/v1${path}`, body, headers)
    expect(answer).toMatchObject({
      status,
      type: 'application/problem+json; charset=utf-8',
      body: { type: 'about:blank', status, requestId: answer.headers.get('x-request-id') },
    })
    const { title, detail, errors } = answer.body as { title: string; detail: string; errors: { path: string }[] }
    expect(title).not.toBe('')
    expect(detail.length).toBeLessThan(1000)
    expect(errors.map((error) => error.path).sort()).toEqual(paths.sort())
  },
)

const lists = ['/checks', '/checks/site/results', '/channels', '/incidents', '/certificates', '/slo']

test.each(lists)(
  '%s takes a limit from 1 to 1000, a cursor of its own, what was left empty, and no parameter that it does not know',
  async (list) => {
    await api.ask('PUT', '/api/v1/checks/site', site)
    const pathsOf = async (query: string) => {
      const { status, body } = await api.ask('GET', `/api/v1${list}?${query}`)
      return [status, ...((body as { errors?: { path: string }[] }).errors ?? []).map(({ path }) => path)]
    }
    expect(await pathsOf('limit=1')).toEqual([200])
    expect(await pathsOf('limit=1000')).toEqual([200])
    expect(await pathsOf('limit=&cursor=')).toEqual([200])
    for (const limit of ['0', '1001', '-1', '1.5', 'all', '%20'])
      expect(await pathsOf(`limit=${limit}`)).toEqual([400, 'limit'])
    for (const cursor of ['!', 'bnVsbA', 'WzEsMl0', 'a'.repeat(513)])
      expect(await pathsOf(`cursor=${cursor}`)).toEqual([400, 'cursor'])
    expect(await pathsOf('colour=red&limit=0')).toEqual([400, 'limit', 'colour'])
    expect(await pathsOf('colour=')).toEqual([400, 'colour'])
  },
)

test('a method that is not for the resource is told those that are', async () => {
  const { headers } = await api.ask('DELETE', '/api/v1/checks')
  expect(headers.get('allow')).toBe('GET, HEAD, POST')
  expect((await api.ask('POST', '/api/v1/checks/site')).headers.get('allow')).toBe('DELETE, GET, HEAD, PATCH, PUT')
})

test('a request keeps the id that it came with, if that is fit for a log, and has one of its own otherwise', async () => {
  const idOf = async (given?: string) => {
    const headers = given === undefined ? {} : { 'x-request-id': given }
    return (await api.ask('GET', '/api/v1/checks', undefined, headers)).headers.get('x-request-id')
  }
  expect(await idOf('trace-1:a/b+c=')).toBe('trace-1:a/b+c=')
  for (const unfit of [undefined, 'two words', '"quoted"', 'x'.repeat(129)])
    expect(await idOf(unfit)).toMatch(/^[0-9a-f-]{36}$/)
})
