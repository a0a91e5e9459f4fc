import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'

// Every list is paged while others write: what was there all the time is seen exactly once, whatever comes, changes and goes meanwhile.

type List = {
  path: string
  filter?: string
  /** What names an item. */
  name: (item: Record<string, unknown>) => string
  /** Makes the item of this number. Those of numbers next to each other stand next to each other, and many are of one instant. */
  make: (number: number) => string
  change: (number: number) => string
  remove?: (number: number) => string
}

const key = (number: number) => `n${String(number).padStart(4, '0')}`
const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const sha = (number: number) => String(number).padStart(64, '0')
// Three items share an instant: a cursor that is the instant alone would lose two of them.
const at = (number: number) => `timestamptz '2026-01-01 00:00:00Z' + interval '1 second' * ${Math.floor(number / 3)}`
const doc = (number: number, text = 'a') =>
  `jsonb_build_object('key', '${key(number)}', 'name', '${text}', 'kind', 'tcp', 'target', '127.0.0.1:9', 'interval', '1m', 'timeout', '5s',
    'enabled', true, 'labels', '{"team": "web"}'::jsonb, 'alerts', '{"regions": "majority"}'::jsonb)`
const byKey = (item: Record<string, unknown>) => String(item['key'])
const byId = (item: Record<string, unknown>) => String(item['id'])

const ofChecks = {
  make: (n: number) => `insert into checks (key, doc) values ('${key(n)}', ${doc(n)})`,
  change: (n: number) => `update checks set doc = ${doc(n, 'b')} where key = '${key(n)}'`,
  remove: (n: number) => `delete from checks where key = '${key(n)}'`,
}
const documents = (table: string, document: string) => ({
  name: byKey,
  make: (n: number) => `insert into ${table} (key, doc) values ('${key(n)}', '${document.replace('KEY', key(n))}')`,
  change: (n: number) =>
    `update ${table} set updated_at = now(), doc = doc || '{"enabled": false}' where key = '${key(n)}'`,
  remove: (n: number) => `delete from ${table} where key = '${key(n)}'`,
})

const lists: List[] = [
  { path: '/checks', name: byKey, ...ofChecks },
  { path: '/status', name: (item) => String(item['checkKey']), ...ofChecks },
  { path: '/slo', name: (item) => String(item['checkKey']), ...ofChecks },
  {
    path: '/checks/{key}/results',
    name: ({ slot, region }) => `${String(slot)} ${String(region)}`,
    // Two regions of each slot, which come in no order.
    make: (n) => `insert into results (check_id, region_id, slot, outcome, duration_ms, attempts)
      select (select id from checks where key = 'subject'), id, timestamptz '2026-01-01 00:00:00Z' + interval '1 second' * ${Math.floor(n / 2)}, 'up', ${n}, 1
      from regions where name = '${n % 2 === 0 ? 'eu' : 'us'}'`,
    change: (n) => `update results set attempts = attempts + 1 where duration_ms = ${n}`,
    remove: (n) => `delete from results where duration_ms = ${n}`,
  },
  {
    path: '/incidents',
    name: byId,
    make: (n) => `insert into incidents (id, check_id, rule, subject, state, opened_at, resolved_at, summary, about)
      select '${uuid(n)}', id, 'down', '', 'resolved', ${at(n)}, ${at(n + 3)}, 's', doc from checks where key = 'subject'`,
    change: (n) => `update incidents set acknowledged_at = now(), acknowledged_by = 'x' where id = '${uuid(n)}'`,
    remove: (n) => `delete from incidents where id = '${uuid(n)}'`,
  },
  {
    path: '/certificates',
    name: ({ sha256 }) => String(sha256),
    make: (
      n,
    ) => `with c as (insert into certificates (sha256, subject, issuer, serial, not_before, not_after, san, key_type, signature, first_seen, last_seen)
        values ('${sha(n)}', 's', 'i', '1', now(), ${at(n)}, '[]', 'ec', 'x', now(), now()) returning sha256)
      insert into certificate_sightings select k.id, g.id, c.sha256, 0, true, now(), now() from c, checks k, regions g where k.key = 'subject' and g.name = 'eu'`,
    change: (n) =>
      `update certificate_sightings set current = not current, last_seen = now() where sha256 = '${sha(n)}'`,
    remove: (n) => `delete from certificates where sha256 = '${sha(n)}'`,
  },
  {
    path: '/channels',
    ...documents(
      'channels',
      '{"key": "KEY", "kind": "slack", "slack": {"url": "https://x.example/"}, "enabled": true}',
    ),
  },
  {
    path: '/notifications',
    name: byId,
    make: (
      n,
    ) => `insert into outbox (id, channel_key, type, doc, decided_at, created_at, state) values ('${uuid(n)}', 'none', 'test',
      '{"checkKey": "x", "rule": "down", "summary": "s"}', now(), ${at(n)}, 'dead')`,
    change: (n) => `update outbox set state = 'sent', attempts = attempts + 1 where id = '${uuid(n)}'`,
    remove: (n) => `delete from outbox where id = '${uuid(n)}'`,
  },
  {
    path: '/maintenance',
    ...documents(
      'maintenance',
      '{"key": "KEY", "start": "2027-01-01T00:00:00", "end": "2027-01-01T01:00:00", "timeZone": "UTC", "labels": {}, "checks": [], "mode": "silence"}',
    ),
  },
  {
    path: '/silences',
    name: byId,
    make: (
      n,
    ) => `insert into silences (id, matchers, starts_at, ends_at, comment, created_by, created_at) values ('${uuid(n)}',
      '{"labels": {"team": "web"}, "checks": [], "rules": []}', now(), now() + interval '1 day', 'c', 'me', ${at(n)})`,
    change: (n) => `update silences set comment = comment || 'd' where id = '${uuid(n)}'`,
    remove: (n) => `delete from silences where id = '${uuid(n)}'`,
  },
  {
    path: '/regions',
    name: ({ name }) => String(name),
    make: (n) => `insert into regions (name) values ('${key(n)}') on conflict (name) do update set retired_at = null`,
    change: (n) => `update regions set provider = 'x' where name = '${key(n)}'`,
    remove: (n) => `update regions set retired_at = now() where name = '${key(n)}'`,
  },
  {
    path: '/tokens',
    name: byId,
    make: (n) => `insert into tokens (id, digest, name, scopes) values ('${key(n)}', '\\x00', 't', '{read}')`,
    change: (n) => `update tokens set last_used_at = now(), name = name || 'x' where id = '${key(n)}'`,
    remove: (n) => `delete from tokens where id = '${key(n)}'`,
  },
  {
    // Nothing of it is ever changed or removed; what the other lists have left there is not looked at.
    path: '/audit',
    filter: 'action=run&',
    name: byId,
    make: (n) => `select audit_append('run', 'check', '${key(n)}', '{}')`,
    change: () => 'select 1',
  },
]

type Page = { items: Record<string, unknown>[]; nextCursor: string | null }

let api: TestApi
let client: pg.Client
let described: string[] = []
beforeAll(async () => {
  api = await startTestApi()
  client = new pg.Client({ connectionString: api.databaseUrl })
  await client.connect()
  await client.query(`insert into regions (name) values ('eu'), ('us')`)
  const { body } = await api.ask('GET', '/api/v1/openapi.json')
  const { paths } = body as { paths: Record<string, { get?: { parameters?: { name: string }[] } }> }
  described = Object.entries(paths).flatMap(([path, { get }]) =>
    get?.parameters?.some(({ name }) => name === 'cursor') === true ? [path.replace('/api/v1', '')] : [],
  )
})
afterAll(async () => {
  await client.end()
  await api[Symbol.asyncDispose]()
})

test('every list that the API describes is here', () => {
  expect(lists.map(({ path }) => path).sort()).toEqual(described.sort())
})

// What happens between two pages: an item is made, changed, or removed, wherever it stands in the order.
const happening = fc.record({ kind: fc.constantFrom('make', 'change', 'remove'), where: fc.nat({ max: 99 }) })
const course = fc.record({
  limit: fc.integer({ min: 1, max: 7 }),
  happenings: fc.array(fc.array(happening, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 30 }),
})
// Three at a time, which are of one instant where a list is in the order of time, and room for others between them.
const before = Array.from({ length: 21 }, (_, index) => Math.floor(index / 3) * 15 + (index % 3))

describe.each(lists)('$path', ({ path, filter = '', name, make, change, remove }) => {
  const pageOf = async (query: string) => {
    const answer = await api.ask('GET', `/api/v1${path.replace('{key}', 'subject')}?${filter}${query}`)
    if (answer.status !== 200) throw new Error(answer.text)
    return answer.body as Page
  }
  const whole = async () => (await pageOf('limit=1000')).items.map(name)

  test('what was there all the time is seen exactly once, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(course, async ({ limit, happenings }) => {
        await client.query(
          `delete from checks; delete from certificates; delete from incidents; delete from channels; delete from outbox; delete from maintenance;
           delete from silences; delete from tokens; delete from results; delete from regions where name not in ('eu', 'us');
           insert into checks (key, doc) values ('subject', ${doc(0).replace(key(0), 'subject')})`,
        )
        // What was removed is not made again: it would have been away in between.
        const known = new Set(before)
        const removed = new Set<number>()
        await client.query(before.map(make).join(';'))
        const first = await whole()
        const seen: string[] = []
        let cursor: string | null = null
        do {
          const page: Page = await pageOf(`limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`)
          expect(page.items.length).toBeLessThanOrEqual(limit)
          seen.push(...page.items.map(name))
          cursor = page.nextCursor
          const statements = (happenings.shift() ?? []).flatMap(({ kind, where }) => {
            if (kind === 'change') return change(where)
            if (kind === 'make' && !known.has(where)) {
              known.add(where)
              return make(where)
            }
            if (kind === 'remove' && remove !== undefined && known.has(where) && !removed.has(where)) {
              removed.add(where)
              return remove(where)
            }
            return []
          })
          if (statements.length > 0) await client.query(statements.join(';'))
        } while (cursor !== null)
        const last = new Set(await whole())
        const always = first.filter((one) => last.has(one))
        expect(new Set(seen).size).toBe(seen.length)
        expect(seen.filter((one) => first.includes(one) && last.has(one))).toEqual(always)
      }),
      { numRuns: 4 },
    )
  })

  test('a limit beyond its bounds, a cursor of its own making and a parameter that it does not know are refused', async () => {
    const url = `/api/v1${path.replace('{key}', 'subject')}`
    const wrongOf = async (query: string) => {
      const { status, body } = await api.ask('GET', `${url}?${query}`)
      return { status, paths: (body as { errors?: { path: string }[] }).errors?.map((one) => one.path).sort() }
    }
    for (const limit of ['0', '-1', 'x', '1.5', '%20', '10001'])
      expect(await wrongOf(`limit=${limit}&colour=red`)).toEqual({ status: 400, paths: ['colour', 'limit'] })
    expect(await wrongOf('cursor=!')).toEqual({ status: 400, paths: ['cursor'] })
  })
})
