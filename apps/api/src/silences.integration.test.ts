import { explain, foldResults } from '@sonde/core'
import { createCheck, findCheck, ingest, openDatabase } from '@sonde/db'
import { aCheck, aResult } from '@sonde/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

const path = '/api/v1/silences'
const input = { checks: ['shop-*'], duration: '2h', comment: 'the switch is being replaced', createdBy: 'ann' }
type Answered = { id: string; startsAt: string; endsAt: string }
const lengthOf = ({ startsAt, endsAt }: Answered) => Date.parse(endsAt) - Date.parse(startsAt)

test('a silence begins now, and is read, made longer, replaced and deleted', async () => {
  const made = await api.ask('POST', path, input)
  expect(made).toMatchObject({
    status: 201,
    body: { checks: ['shop-*'], labels: {}, rules: [], comment: input.comment, createdBy: 'ann' },
  })
  const silence = made.body as Answered
  expect(Math.abs(Date.parse(silence.startsAt) - Date.now())).toBeLessThan(60_000)
  expect(lengthOf(silence)).toBe(7_200_000)
  const own = `${path}/${silence.id}`
  expect(made.headers.get('location')).toBe(own)
  expect((await api.ask('GET', own)).body).toEqual(silence)

  const merge = { 'content-type': 'application/merge-patch+json' }
  const longer = await api.ask('PATCH', own, { duration: '3h' }, merge)
  expect(lengthOf(longer.body as Answered)).toBe(10_800_000)
  const over = new Date(Date.parse(silence.startsAt) + 1).toISOString()
  expect((await api.ask('PATCH', own, { endsAt: over }, merge)).body).toMatchObject({ endsAt: over })
  const replaced = await api.ask('PUT', own, { ...input, rules: ['down'], checks: [], duration: '1h' })
  expect(replaced).toMatchObject({ status: 200, body: { id: silence.id, rules: ['down'], checks: [] } })

  const stale = { 'if-match': made.headers.get('etag') ?? '' }
  expect((await api.ask('DELETE', own, undefined, stale)).status).toBe(412)
  expect((await api.ask('DELETE', own)).status).toBe(204)
  expect((await api.ask('GET', own)).status).toBe(404)
  expect((await api.ask('GET', `${path}/none`)).status).toBe(400)
})

test('silences are listed newest first, by whether they hold', async () => {
  const ids = []
  for (const own of [
    { comment: 'now' },
    { comment: 'later', startsAt: '2100-01-01T00:00:00Z' },
    { comment: 'was', startsAt: '2026-01-01T00:00:00Z' },
  ])
    ids.push(((await api.ask('POST', path, { ...input, ...own })).body as Answered).id)
  const list = async (query: string) => {
    const { items, nextCursor } = (await api.ask('GET', `${path}?${query}`)).body as {
      items: { comment: string }[]
      nextCursor: string | null
    }
    return { comments: items.map(({ comment }) => comment), nextCursor }
  }
  expect((await list('state=active')).comments).toEqual(['now'])
  expect((await list('state=pending')).comments).toEqual(['later'])
  expect((await list('state=expired')).comments).toEqual(['was'])
  const first = await list('limit=2')
  expect(first.comments).toEqual(['was', 'later'])
  expect(await list(`limit=2&cursor=${first.nextCursor}`)).toEqual({ comments: ['now'], nextCursor: null })
  for (const id of ids) await api.ask('DELETE', `${path}/${id}`)
})

test('every wrong field of a silence is named', async () => {
  const wrong = { ...input, labels: { team: 1 }, rules: ['x'], colour: 'red' }
  const { status, body } = await api.ask('POST', path, wrong)
  expect(status).toBe(400)
  expect((body as { errors: { path: string }[] }).errors.map((error) => error.path).sort()).toEqual([
    'colour',
    'labels.team',
    'rules[0]',
  ])
  const past = { ...input, duration: undefined, endsAt: '2026-01-01T00:00:00Z' }
  expect(await api.ask('POST', path, past)).toMatchObject({ status: 400, body: { errors: [{ path: 'endsAt' }] } })
})

test('an open incident lists what mutes it', async () => {
  const database = openDatabase(api.databaseUrl, { name: 'test', onError: () => undefined })
  await createCheck(database.db, aCheck({ key: 'shop-front', interval: '1m', alerts: { failureThreshold: 1 } }))
  const { id, check } = (await findCheck(database.db, 'shop-front')) ?? { id: 0, check: aCheck({ key: 'x' }) }
  const failed = aResult(check, Date.now(), { outcome: 'down', error: explain('tcp_refused', 'nothing listens') })
  await ingest(database.db, [{ checkId: id, result: failed }], foldResults)
  await database.close()
  const [silence] = [(await api.ask('POST', path, input)).body as Answered]
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 19)
  await api.ask('POST', '/api/v1/maintenance', { key: 'all', start: day(-1), end: day(1) })

  const listed = (await api.ask('GET', '/api/v1/incidents?check=shop-front')).body as { items: { id: string }[] }
  expect(listed.items).toMatchObject([{ silencedBy: [silence.id], maintenance: ['all'] }])
  const one = `/api/v1/incidents/${listed.items[0]?.id}`
  await api.ask('DELETE', `${path}/${silence.id}`)
  await api.ask('DELETE', '/api/v1/maintenance/all')
  expect((await api.ask('GET', one)).body).toMatchObject({ silencedBy: [], maintenance: [] })
})
