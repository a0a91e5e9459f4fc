import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

const sunday = {
  key: 'sunday',
  start: '2026-01-04T02:00:00',
  end: '2026-01-04T04:00:00',
  timeZone: 'Europe/Berlin',
  rrule: 'FREQ=WEEKLY',
  labels: { team: 'web' },
  checks: ['shop-front'],
  mode: 'silence',
}
const path = '/api/v1/maintenance'

test('a window is made, read, replaced, changed and deleted', async () => {
  const made = await api.ask('POST', path, sunday)
  expect(made).toMatchObject({ status: 201, body: sunday })
  expect(made.headers.get('location')).toBe(`${path}/sunday`)
  expect(await api.ask('POST', path, sunday)).toMatchObject({ status: 409 })
  const read = await api.ask('GET', `${path}/sunday`)
  expect(read).toMatchObject({ status: 200, body: sunday })
  expect(read.headers.get('etag')).toBe(made.headers.get('etag'))

  const { start, end } = sunday
  expect(await api.ask('PUT', `${path}/sunday`, { start, end, mode: 'pause' })).toMatchObject({
    status: 200,
    body: { key: 'sunday', timeZone: 'UTC', checks: [], labels: {}, mode: 'pause' },
  })
  expect(await api.ask('PUT', `${path}/once`, { start, end })).toMatchObject({ status: 201 })
  const merge = { 'content-type': 'application/merge-patch+json' }
  const patched = await api.ask('PATCH', `${path}/sunday`, { rrule: 'FREQ=DAILY;COUNT=3', mode: null }, merge)
  expect(patched).toMatchObject({ status: 200, body: { rrule: 'FREQ=DAILY;COUNT=3', mode: 'silence' } })

  const first = await api.ask('GET', `${path}?limit=1`)
  expect(first.body).toMatchObject({ items: [{ key: 'once' }], nextCursor: expect.any(String) })
  const { nextCursor } = first.body as { nextCursor: string }
  expect((await api.ask('GET', `${path}?limit=1&cursor=${nextCursor}`)).body).toMatchObject({
    items: [{ key: 'sunday' }],
    nextCursor: null,
  })

  const stale = { 'if-match': made.headers.get('etag') ?? '' }
  expect((await api.ask('DELETE', `${path}/sunday`, undefined, stale)).status).toBe(412)
  expect((await api.ask('DELETE', `${path}/sunday`)).status).toBe(204)
  expect((await api.ask('GET', `${path}/sunday`)).status).toBe(404)
  expect((await api.ask('DELETE', `${path}/sunday`)).status).toBe(404)
})

test('every wrong field is named', async () => {
  const wrong = { ...sunday, key: 'wrong', timeZone: 'Berlin', rrule: 'FREQ=SECONDLY', mode: 'mute', colour: 'red' }
  const { status, body } = await api.ask('POST', path, wrong)
  expect(status).toBe(400)
  expect((body as { errors: { path: string }[] }).errors.map((error) => error.path).sort()).toEqual([
    'colour',
    'mode',
    'timeZone',
  ])
  const rule = await api.ask('POST', path, { ...sunday, key: 'wrong', rrule: 'FREQ=SECONDLY' })
  expect(rule.body).toMatchObject({
    errors: [{ path: 'rrule', message: expect.stringMatching(/^FREQ: expected DAILY, WEEKLY/) }],
  })
})

test('the status of a check says in which windows it is now', async () => {
  await api.ask('PUT', '/api/v1/checks/kept', { kind: 'http', target: 'https://site.example/', interval: '1m' })
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 19)
  await api.ask('PUT', `${path}/now`, { start: day(-1), end: day(1), checks: ['kept'] })
  await api.ask('PUT', `${path}/later`, { start: day(1), end: day(2), checks: ['kept'] })
  expect((await api.ask('GET', '/api/v1/checks/kept/status')).body).toMatchObject({ maintenance: ['now'] })
  await api.ask('DELETE', `${path}/now`)
  expect((await api.ask('GET', '/api/v1/checks/kept/status')).body).toMatchObject({ maintenance: [] })
})

test('windows are in the OpenAPI document', async () => {
  const { body } = await api.ask('GET', '/api/v1/openapi.json')
  const { paths } = body as { paths: Record<string, object> }
  expect(Object.keys(paths[path] ?? {}).sort()).toEqual(['get', 'post'])
  expect(Object.keys(paths[`${path}/{key}`] ?? {}).sort()).toEqual(['delete', 'get', 'patch', 'put'])
})
