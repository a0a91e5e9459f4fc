import { openDatabase } from '@sonde/db'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

const site = { kind: 'http', target: 'https://site.example/' }
const once = (key: string, more = {}) => ({ 'idempotency-key': key, ...more })
const make = (key: string, body: unknown, more = {}) => api.ask('POST', '/api/v1/checks', body, once(key, more))

async function rows(): Promise<Record<string, unknown>[]> {
  const { db, close } = openDatabase(api.databaseUrl, { name: 'test', onError: () => undefined })
  const { rows } = await db.execute(sql`select *, encode(key_digest, 'escape') as key from idempotency_keys`)
  await close()
  return rows
}

test('who asks again has the same answer, and nothing is done twice', async () => {
  const first = await make('"k-1"', { ...site, key: 'once' })
  expect(first.status).toBe(201)
  expect(first.headers.has('idempotency-replayed')).toBe(false)
  await api.ask('DELETE', '/api/v1/checks/once')
  const again = await make('k-1', { ...site, key: 'once' })
  expect(again).toMatchObject({ status: 201, type: first.type, body: first.body })
  for (const name of ['etag', 'location']) expect(again.headers.get(name)).toBe(first.headers.get(name))
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'))
  expect((await api.ask('GET', '/api/v1/checks/once')).status).toBe(404)
})

test('a refusal is an answer too, and a request that is not valid takes no key', async () => {
  await make('k-2', { ...site, key: 'taken' })
  expect((await make('k-3', { ...site, key: 'taken' })).status).toBe(409)
  await api.ask('DELETE', '/api/v1/checks/taken')
  expect((await make('k-3', { ...site, key: 'taken' })).headers.get('idempotency-replayed')).toBe('true')
  expect((await make('k-4', { ...site, key: 'No' })).status).toBe(400)
  expect((await make('k-4', { ...site, key: 'no' })).status).toBe(201)
})

test('a key stands for one request of one token', async () => {
  await make('k-5', { ...site, key: 'one' })
  for (const other of [
    () => make('k-5', { ...site, key: 'two' }),
    () => api.ask('POST', '/api/v1/channels', { key: 'c', kind: 'ntfy', ntfy: { url: 'http://x/y' } }, once('k-5')),
  ])
    expect(await other()).toMatchObject({ status: 422, body: { errors: [{ path: 'idempotency-key' }] } })
  expect((await make('k-5', { ...site, key: 'two' }, await api.token(['write']))).status).toBe(201)
})

test('of many that come at once with one key, one is done and none gets another answer', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => make('k-6', { ...site, key: 'crowd' })))
  const done = answers.filter(({ status }) => status === 201)
  expect(done.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1)
  for (const { status, body } of answers) {
    expect([201, 409]).toContain(status)
    if (status === 409) expect(body).toMatchObject({ title: 'It is under way' })
  }
})

test('a new token is shown again to who made it, and stands in the database sealed', async () => {
  const ask = () => api.ask('POST', '/api/v1/tokens', { name: 'twice', scopes: ['read'] }, once('"key of a token"'))
  const [first, again] = [await ask(), await ask()]
  expect(first.status).toBe(201)
  expect(again.body).toEqual(first.body)
  const stored = JSON.stringify(await rows())
  expect(stored).not.toContain((first.body as { token: string }).token)
  expect(stored).not.toContain('key of a token')
})

test('a key is forgotten after a day, and one whose process is gone is free after eleven minutes', async () => {
  const { db, close } = openDatabase(api.databaseUrl, { name: 'test', onError: () => undefined })
  const age = (interval: string) =>
    db.execute(sql`update idempotency_keys set begun_at = begun_at - ${interval}::interval`)
  await make('k-8', { ...site, key: 'old' })
  await age('1 day 1 second')
  expect((await make('k-8', { ...site, key: 'new' })).status).toBe(201)
  await db.execute(sql`update idempotency_keys set status = null, body = null`)
  expect((await make('k-8', { ...site, key: 'new' })).status).toBe(409)
  await age('12 minutes')
  expect((await make('k-8', { ...site, key: 'newer' })).status).toBe(201)
  await close()
})

test.each(['', '""', 'ü', 'x'.repeat(256), '"a"b"'])('%j is no key', async (key) => {
  const encoded = Buffer.from(key).toString('latin1')
  const answer = await make(encoded, { ...site, key: 'nokey' })
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'idempotency-key' }] } })
})
