import { explain, foldResults, type Result } from '@sonde/core'
import { findCheck, ingest, judgeAgain, makePartitions, openDatabase } from '@sonde/db'
import { aCheck, aResult, query } from '@sonde/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'

type Page = { items: { checkKey: string; verdict: string }[]; nextCursor: string | null }

const refused = { outcome: 'down', error: explain('tcp_refused', 'refused') } as const

let api: TestApi
let database: ReturnType<typeof openDatabase>
let slots: number[] = []
beforeAll(async () => {
  api = await startTestApi()
  database = openDatabase(api.databaseUrl, { name: 'test', onError: () => undefined })
  const now = Math.floor(Date.now() / 1000) * 1000
  slots = [now - 3000, now - 2000]
  await makePartitions(database.db, now)
  // More than are read at a time, none of which was ever probed.
  await query(
    api.databaseUrl,
    `insert into checks (key, doc) select 'quiet-' || lpad(n::text, 4, '0'), jsonb_build_object('key', 'quiet-' || lpad(n::text, 4, '0'),
       'kind', 'tcp', 'target', '127.0.0.1:9', 'interval', '1m', 'timeout', '5s', 'enabled', true, 'labels', '{}'::jsonb,
       'alerts', '{"regions": "majority"}'::jsonb) from generate_series(1, 1200) n`,
  )
  await store('a-up', [{ region: 'eu' }, { region: 'us' }], { labels: { team: 'web' } })
  await store(
    'b-down',
    [
      { region: 'eu', ...refused },
      { region: 'us', ...refused },
    ],
    { labels: { team: 'web' } },
  )
  await store('c-off', [{ region: 'eu', ...refused }], { enabled: false })
  await store('r-split', [{ region: 'eu' }, { region: 'us', ...refused }], { alerts: { regions: 'any' } })
  await store('z-down', [{ region: 'eu', ...refused }])
})
afterAll(async () => {
  await database.close()
  await api[Symbol.asyncDispose]()
})

async function store(key: string, results: Partial<Result>[], own: object = {}): Promise<void> {
  const check = aCheck({ key, interval: '1m', ...own })
  expect((await api.ask('POST', '/api/v1/checks', check)).status).toBe(201)
  const { id } = (await findCheck(database.db, key)) ?? { id: 0 }
  const items = slots.flatMap((slot) => results.map((one) => ({ checkId: id, result: aResult(check, slot, one) })))
  await ingest(database.db, items, foldResults)
}

async function status(query: string, headers = {}): Promise<Page> {
  const answer = await api.ask('GET', `/api/v1/status?${query}`, undefined, headers)
  expect(answer.status).toBe(200)
  return answer.body as Page
}
const keys = ({ items }: Page) => items.map(({ checkKey }) => checkKey)

test('all checks come with their verdicts, as a whole and by region', async () => {
  const all = await status('limit=10000')
  expect(all.items).toHaveLength(1205)
  expect(all.nextCursor).toBeNull()
  const [up, down, off, unknown] = all.items
  expect(up).toEqual({
    checkKey: 'a-up',
    name: null,
    kind: 'http',
    target: 'http://127.0.0.1:9/',
    labels: { team: 'web' },
    enabled: true,
    verdict: 'up',
    maintenance: [],
    regions: ['eu', 'us'].map((region) => ({
      region,
      verdict: 'up',
      since: new Date(slots[0] ?? 0).toISOString(),
      failures: 0,
      successes: 2,
      stale: false,
      lastSlot: new Date(slots[1] ?? 0).toISOString(),
      code: null,
    })),
  })
  expect(down).toMatchObject({ verdict: 'down', regions: [{ code: 'tcp_refused', failures: 2 }, { region: 'us' }] })
  expect(off).toMatchObject({ enabled: false, verdict: 'unknown', regions: [{ verdict: 'down', stale: true }] })
  expect(unknown).toMatchObject({ checkKey: 'quiet-0001', verdict: 'unknown', regions: [] })
})

test('each verdict is the one that the status of the check alone has', async () => {
  const { items } = await status('limit=10000')
  for (const key of ['a-up', 'b-down', 'c-off', 'r-split', 'quiet-0700', 'z-down']) {
    const { body } = await api.ask('GET', `/api/v1/checks/${key}/status`)
    const one = body as { verdict: string; regions: Record<string, unknown>[] }
    const listed = items.find(({ checkKey }) => checkKey === key)
    expect(listed).toMatchObject({
      verdict: one.verdict,
      regions: one.regions.map(({ lastResult, ...same }) => ({
        ...same,
        code: (lastResult as Result).error?.code ?? null,
      })),
    })
  }
})

test('those of one verdict are found however far apart they are, page by page', async () => {
  const first = await status('verdict=down&limit=2')
  expect(keys(first)).toEqual(['b-down', 'r-split'])
  const rest = await status(`verdict=down&limit=2&cursor=${first.nextCursor}`)
  expect(keys(rest)).toEqual(['z-down'])
  expect(rest.nextCursor).toBeNull()
})

test('labels, kind and the labels of a token keep to their checks', async () => {
  expect(keys(await status('label=team:web'))).toEqual(['a-up', 'b-down'])
  expect(keys(await status('kind=http&label=team:web&verdict=up'))).toEqual(['a-up'])
  expect(keys(await status('kind=tcp&limit=1'))).toEqual(['quiet-0001'])
  expect(keys(await status('', await api.token(['read'], { team: 'web' })))).toEqual(['a-up', 'b-down'])
})

test('what changes of a check is shown with the next answer', async () => {
  const shown = async () => (await status('limit=1')).items[0]
  expect(await shown()).toMatchObject({ name: null, enabled: true, verdict: 'up' })
  await api.ask('PATCH', '/api/v1/checks/a-up', { name: 'the "first"', enabled: false })
  expect(await shown()).toMatchObject({ name: 'the "first"', enabled: false, verdict: 'unknown' })
  await api.ask('PATCH', '/api/v1/checks/a-up', { name: null, enabled: true })
  expect(await shown()).toMatchObject({ name: null, enabled: true, verdict: 'up' })
})

test('the windows that a check is in are named', async () => {
  const local = (ms: number) => new Date(ms).toISOString().slice(0, 19)
  const window = {
    start: local(Date.now() - 60_000),
    end: local(Date.now() + 600_000),
    timeZone: 'UTC',
    checks: ['b-down'],
  }
  await api.ask('PUT', '/api/v1/maintenance/works', window)
  expect((await status('limit=2')).items).toMatchObject([{ maintenance: [] }, { maintenance: ['works'] }])
  await api.ask('DELETE', '/api/v1/maintenance/works')
})

test.each([
  ['limit=10001', 'limit', 'expected at most 10000, found 10001'],
  ['kind=htpp', 'kind', 'expected "http" or "tls" or "dns" or "tcp" or "icmp", found "htpp"; did you mean http?'],
  ['verdict=bad', 'verdict', 'expected "up" or "down" or "unknown", found "bad"'],
  ['region=eu', 'region', 'is not a field that Sonde knows'],
])('%s is refused', async (asked, path, message) => {
  expect((await api.ask('GET', `/api/v1/status?${asked}`)).body).toMatchObject({ errors: [{ path, message }] })
})

test('a check that is deleted and made again under its key begins anew', async () => {
  const path = '/api/v1/checks/again'
  await store('again', [{ region: 'eu', ...refused }])
  const old = (await api.ask('GET', path)).headers.get('etag')
  const incidents = async () => (await api.ask('GET', '/api/v1/incidents?check=again&state=open')).body
  expect(await incidents()).toMatchObject({ items: [{ rule: 'down' }] })
  expect((await api.ask('GET', `${path}/results`)).body).toMatchObject({ items: [{}, {}] })

  expect((await api.ask('DELETE', path)).status).toBe(204)
  const made = await api.ask('PUT', path, { ...aCheck({ key: 'again' }) })
  expect(made.status).toBe(201)
  expect(made.headers.get('etag')).not.toBe(old)
  expect((await api.ask('DELETE', path, undefined, { 'if-match': old ?? '' })).status).toBe(412)
  expect((await api.ask('GET', `${path}/status`)).body).toMatchObject({ verdict: 'unknown', regions: [], events: [] })
  expect((await api.ask('GET', `${path}/results`)).body).toEqual({ items: [], nextCursor: null })
  expect((await api.ask('GET', `${path}/series`)).body).toMatchObject({ items: [] })
  // What was open of the one before is resolved, and none of the new one opens in its place.
  await judgeAgain(database.db, Date.now())
  expect(await incidents()).toEqual({ items: [], nextCursor: null })
})
