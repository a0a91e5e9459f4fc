import { createLogger } from '@sonde/config'
import { type AuditEntry, ChainWalk } from '@sonde/core'
import { newSecretKey } from '@sonde/secrets'
import { query } from '@sonde/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi({ secretKey: newSecretKey() })
})
afterAll(() => api[Symbol.asyncDispose]())

type Item = {
  id: number
  action: string
  resource: string
  key: string
  token: string
  detail: { name: string; address: string; via: string; before?: object; after?: object; count?: number } | null
}

const site = { kind: 'http', target: 'https://site.example/', interval: '1m' }

async function entries(search = ''): Promise<Item[]> {
  return ((await api.ask('GET', `/api/v1/audit?limit=1000${search}`)).body as { items: Item[] }).items
}

async function exported(): Promise<AuditEntry[]> {
  const { text } = await api.ask('GET', '/api/v1/audit/export')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEntry)
}

async function chainProblem(): Promise<string | undefined> {
  const walk = new ChainWalk()
  for (const entry of await exported()) {
    const problem = walk.follow(entry)
    if (problem !== undefined) return problem
  }
  return undefined
}

test('each change is told with who, from where, and the document before and after', async () => {
  const token = await api.token(['read', 'write'])
  await api.ask('POST', '/api/v1/checks', { ...site, key: 'told' }, token)
  await api.ask('PUT', '/api/v1/checks/told', { ...site, interval: '2m' }, token)
  await api.ask('PUT', '/api/v1/checks/told', { ...site, interval: '2m' }, token)
  await api.ask('DELETE', '/api/v1/checks/told', undefined, token)
  const [removed, changed, created, ...more] = await entries('&resource=check&key=told')
  expect(more).toEqual([])
  expect(created).toMatchObject({
    action: 'create',
    detail: { name: 'read write of a test', address: '127.0.0.1', via: 'POST /checks', after: { interval: '1m' } },
  })
  expect(created?.detail?.before).toBeUndefined()
  expect(changed).toMatchObject({ action: 'change', detail: { before: { interval: '1m' }, after: { interval: '2m' } } })
  expect(removed).toMatchObject({ action: 'delete', detail: { before: { interval: '2m' } } })
  expect(new Set([removed, changed, created].map((entry) => entry?.token)).size).toBe(1)
})

const writes: [method: string, path: string, body: object | undefined, action: string, resource: string][] = [
  ['PUT', '/regions/mars', { latitude: 1, longitude: 1 }, 'create', 'region'],
  ['POST', '/checks', { ...site, key: 'w' }, 'create', 'check'],
  ['PATCH', '/checks/w', { interval: '5m' }, 'change', 'check'],
  ['POST', '/checks/w/run', undefined, 'run', 'check'],
  ['POST', '/apply', { checks: [{ ...site, key: 'w', interval: '9m' }] }, 'change', 'check'],
  ['DELETE', '/checks/w', undefined, 'delete', 'check'],
  [
    'POST',
    '/channels',
    { key: 'w', kind: 'alertmanager', alertmanager: { url: 'http://127.0.0.1:9' } },
    'create',
    'channel',
  ],
  ['PUT', '/channels/w', { kind: 'slack', slack: { url: 'https://hooks.example/x' } }, 'change', 'channel'],
  ['POST', '/channels/w/test', undefined, 'test', 'channel'],
  ['DELETE', '/channels/w', undefined, 'delete', 'channel'],
  ['DELETE', '/regions/mars', undefined, 'change', 'region'],
  ['POST', '/tokens', { name: 'n', scopes: ['read'] }, 'create', 'token'],
]
test.each(writes)('%s %s is in the audit log', async (method, path, body, action, resource) => {
  const before = (await entries())[0]?.id ?? 0
  expect([200, 201, 204, 502]).toContain((await api.ask(method, `/api/v1${path}`, body)).status)
  const news = (await entries()).filter(({ id }) => id > before)
  expect(news).toMatchObject([
    { action, resource, token: 'admin', detail: { via: expect.stringContaining(method) as string } },
  ])
})

test('a secret that changed is told as that, and stands in no entry', async () => {
  const withToken = (bearer: string) => ({ ...site, key: 'sealed', http: { auth: { bearer } } })
  await api.ask('POST', '/api/v1/checks', withToken('canary-one'))
  await api.ask('PUT', '/api/v1/checks/sealed', withToken('canary-two'))
  const all = JSON.stringify(await exported())
  expect(all).not.toContain('canary')
  expect(all).not.toContain('sealed:v1')
  expect(await entries('&key=sealed')).toMatchObject([
    { action: 'change', detail: { secretsChanged: true } },
    { action: 'create', detail: { after: { http: { auth: { bearer: '[secret]' } } } } },
  ])
})

test('what was refused or rolled back left no entry', async () => {
  const count = (await entries()).length
  await api.ask('POST', '/api/v1/apply', {
    checks: [
      { ...site, key: 'fine' },
      { ...site, key: 'No' },
    ],
  })
  await api.ask('POST', '/api/v1/apply?dryRun=true', { checks: [{ ...site, key: 'fine' }] })
  expect(await entries()).toHaveLength(count)
})

test('many who write at once, on two API processes, make one chain, and each entry names the right one', async () => {
  await using other = await startTestApi({}, { database: api.database })
  const tokens = await Promise.all(Array.from({ length: 6 }, () => api.token(['write'])))
  await Promise.all(
    Array.from({ length: 120 }, async (_, index) => {
      const at = index % 2 === 0 ? api : other
      const token = tokens[index % tokens.length] ?? {}
      expect((await at.ask('POST', '/api/v1/checks', { ...site, key: `n${index}` }, token)).status).toBe(201)
    }),
  )
  expect(await chainProblem()).toBeUndefined()
  const ids = tokens.map(({ authorization }) => authorization.split('_')[1])
  const made = (await entries('&resource=check&action=create')).filter(({ key }) => /^n\d+$/.test(key))
  expect(made).toHaveLength(120)
  for (const { key, token } of made) expect(token).toBe(ids[Number(key.slice(1)) % ids.length])
})

test('attempts that were denied are told, and a flood of them as a count', async () => {
  const reader = await api.token(['read'], { team: 'web' })
  await api.ask('POST', '/api/v1/checks', { ...site, key: 'theirs', labels: { team: 'ops' } })
  await api.ask('DELETE', '/api/v1/checks/theirs', undefined, reader)
  await api.ask('GET', '/api/v1/checks/theirs', undefined, reader)
  const id = reader.authorization.split('_')[1]
  // They are written beside the answer.
  await expect
    .poll(() => entries(`&action=denied&token=${id}`), { timeout: 5000 })
    .toMatchObject([
      {
        key: 'GET /checks/:key',
        detail: { status: 403, reason: 'beyond the labels of the token', address: '127.0.0.1' },
      },
      { key: 'DELETE /checks/:key', detail: { status: 403, reason: 'not allowed' } },
    ])
})

/** Entries on denied attempts at a route, and how many attempts they speak of. */
async function denied(key: string): Promise<{ entries: number; attempts: number; details: unknown[] }> {
  const found = (await entries('&action=denied')).filter((entry) => entry.key === key)
  const attempts = found.reduce((sum, { detail }) => sum + (detail?.count ?? 1), 0)
  return { entries: found.length, attempts, details: found.map(({ detail }) => detail) }
}

test('a flood of wrong tokens, on the API and on its metrics, is answered with 429 and told in full by a few entries', async () => {
  const metricsToken = 'a-token-for-metrics'
  const door = { rates: { perToken: 40, perAddress: 0, denied: 30 }, trustProxy: [], tls: undefined }
  const [wrong, right] = [`Bearer nonsense`, `Bearer ${metricsToken}`]
  {
    await using other = await startTestApi({ metricsToken, door }, { database: api.database })
    const flood = async (path: string, authorization: string) =>
      (await Promise.all(Array.from({ length: 50 }, () => other.ask('GET', path, undefined, { authorization })))).map(
        ({ status }) => status,
      )
    const ofMetrics = await flood('/metrics', wrong)
    expect([401, 429].map((status) => ofMetrics.filter((one) => one === status).length)).toEqual([30, 20])
    // All that is wrong from one address is counted together; who has the right one passes still.
    expect(new Set(await flood('/api/v1/slo', wrong))).toEqual(new Set([429]))
    expect((await other.ask('GET', '/metrics', undefined, { authorization: right })).status).toBe(200)
    const reader = await api.token(['read'])
    const statuses = await flood('/api/v1/regions', reader.authorization)
    expect(statuses.filter((status) => status === 429)).toHaveLength(10)
  }
  expect(await denied('GET /metrics')).toMatchObject({ attempts: 50 })
  expect(await denied('GET /slo')).toMatchObject({ attempts: 50 })
  const { attempts, details } = await denied('GET /regions')
  expect(attempts).toBe(10)
  for (const detail of details) {
    expect(detail).toMatchObject({ status: 429, reason: 'too many requests', name: 'read of a test' })
  }
  // One at once, and one at the end of each minute that it took.
  expect((await denied('GET /metrics')).entries).toBeLessThanOrEqual(4)
  expect(JSON.stringify(await entries('&action=denied'))).not.toContain('nonsense')
})

test('the head of the log goes into the log of the process, where cutting the end off does not reach', async () => {
  const said: unknown[] = []
  const log = createLogger('test', 'silent')
  log.info = (told: unknown) => void said.push(told)
  const last = (await exported()).at(-1)
  {
    await using _ = await startTestApi({}, { database: api.database, log })
  }
  expect(said).toContainEqual({ head: `${last?.id}:${last?.hash}` })
})

test('it is read page by page, by the scope admin alone', async () => {
  const seen: number[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await api.ask('GET', `/api/v1/audit?limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`)
    const page = body as { items: Item[]; nextCursor: string | null }
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  }
  expect(seen).toEqual((await entries()).map(({ id }) => id).slice(0, seen.length))
  const writer = await api.token(['read', 'write', 'run'])
  for (const path of ['', '/export']) {
    expect((await api.ask('GET', `/api/v1/audit${path}`, undefined, writer)).status).toBe(403)
  }
})

test('what it says of a token can be erased, and the chain holds', async () => {
  const token = await api.token(['write'])
  const id = token.authorization.split('_')[1]
  await api.ask('POST', '/api/v1/checks', { ...site, key: 'personal' }, token)
  expect(await api.ask('POST', '/api/v1/audit/erase', { token: id })).toMatchObject({
    status: 200,
    body: { erased: 1 },
  })
  expect(await entries('&key=personal')).toMatchObject([{ action: 'create', token: id, detail: null }])
  expect((await entries())[0]).toMatchObject({ action: 'erase', token: 'admin', detail: { erased: 1 } })
  expect(await chainProblem()).toBeUndefined()
  expect(await api.ask('POST', '/api/v1/audit/erase', {})).toMatchObject({ status: 400 })
})

const tampering: [name: string, statement: string, problem: RegExp][] = [
  [
    'an entry that was changed',
    "update audit set key = 'another' where id = 7",
    /^entry 7 is not as it was written: its hash/,
  ],
  ['an entry that was left out', 'delete from audit where id = 9', /^entry 9 is missing: entry 10 comes after 8/],
  [
    'details that were changed',
    "update audit_details set detail = '{}' where id = 11",
    /^entry 11 .* its details are others/,
  ],
  ['a beginning that was cut off', 'delete from audit where id < 4', /^entry 1 is missing/],
]
test.each(tampering)('%s is found, once somebody got past the triggers', async (_, statement, problem) => {
  await query(
    api.databaseUrl,
    'begin',
    'create table kept as table audit',
    'create table kept_details as table audit_details',
    'alter table audit disable trigger user',
    'alter table audit_details disable trigger user',
    statement,
    'commit',
  )
  expect(await chainProblem()).toMatch(problem)
  await query(
    api.databaseUrl,
    'begin',
    'delete from audit',
    'delete from audit_details',
    'insert into audit table kept',
    'insert into audit_details table kept_details',
    'drop table kept, kept_details',
    'alter table audit enable always trigger audit_kept, enable always trigger audit_not_emptied',
    'alter table audit_details enable always trigger audit_details_kept',
    'commit',
  )
  expect(await chainProblem()).toBeUndefined()
})
