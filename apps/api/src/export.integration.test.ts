import { configDocument, fillPlaceholders, readConfigFile } from '@sonde/core'
import { newSecretKey } from '@sonde/secrets'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { startTestApi, type TestApi } from './api.fixture.ts'
import { yamlText } from './routes/export.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi({ secretKey: newSecretKey() })
})
afterAll(() => api[Symbol.asyncDispose]())

const whole = {
  checks: [
    {
      key: 'shop',
      kind: 'http',
      target: 'https://shop.example/${path}',
      labels: { team: 'web' },
      http: { auth: { bearer: 'a-secret-token' }, body: 'line 1\nline 2: ${NOT_A_VARIABLE}\n' },
      alerts: { channels: ['ops'], latency: { percentile: 95, above: '1s', over: '5m' } },
    },
    { key: 'api', kind: 'dns', target: 'api.example', interval: '60s', retries: 0 },
  ],
  channels: [{ key: 'ops', kind: 'slack', slack: { url: 'https://hooks.slack.example/services/secret' } }],
  regions: ['us', { name: 'eu', provider: 'Example Cloud' }],
}

async function exported(headers: Record<string, string> = {}, query = '', on = api): Promise<unknown> {
  return (await on.ask('GET', `/api/v1/export${query}`, undefined, headers)).body
}

async function applied(document: unknown, on = api) {
  const { status, body } = await on.ask('POST', '/api/v1/apply', document)
  return { status, body: body as { plan: { action: string; adopts: boolean }[]; errors: { path: string }[] } }
}

test('what is exported has no defaults and no secrets, in a stable order, and applied again it changes nothing', async () => {
  expect((await applied(whole)).status).toBe(200)
  const document = await exported()
  expect(document).toEqual({
    regions: [{ name: 'eu', provider: 'Example Cloud' }, { name: 'us' }],
    channels: [{ key: 'ops', kind: 'slack', slack: { url: expect.stringMatching(/^sealed:v1:/) } }],
    checks: [
      { key: 'api', kind: 'dns', target: 'api.example', interval: '60s' },
      {
        ...whole.checks[0],
        http: { ...whole.checks[0]?.http, auth: { bearer: expect.stringMatching(/^sealed:v1:/) } },
      },
    ],
  })
  expect(JSON.stringify(document)).not.toMatch(/a-secret-token|services/)
  const { body } = await applied(document)
  expect(new Set(body.plan.map(({ action }) => action))).toEqual(new Set(['unchanged']))
})

test('as YAML it is the same, with what looks like a reference escaped', async () => {
  const text = await exported({ accept: 'application/yaml' })
  expect(text).toContain('target: https://shop.example/$${path}\n')
  expect(await exported({}, '?format=yaml')).toBe(text)
  const filled = fillPlaceholders(parse(String(text)), () => ({ problem: 'refers to something' }))
  expect(filled).toEqual({ value: await exported(), issues: [] })
  expect(await exported({ accept: 'application/json, application/yaml;q=0' })).toEqual(filled.value)
})

test('a list that is longer than what is written at a time is one list, in JSON and in YAML', async () => {
  const checks = Array.from({ length: 120 }, (_, index) => ({
    key: `many-${1000 + index}`,
    kind: 'dns',
    target: `${index}.example`,
  }))
  await using own = await startTestApi()
  expect((await applied({ manager: 'many', checks }, own)).status).toBe(200)
  const document = await exported({}, '?manager=many', own)
  expect(document).toEqual({ manager: 'many', checks })
  expect(parse(String(await exported({}, '?manager=many&format=yaml', own)))).toEqual(document)
})

test('on another server it says which secrets must be given', async () => {
  await using other = await startTestApi({ secretKey: newSecretKey() })
  const answer = await applied(await exported(), other)
  expect(answer.status).toBe(400)
  expect(answer.body.errors.map(({ path }) => path)).toEqual(['channels[0].slack.url', 'checks[1].http.auth.bearer'])
})

test("a team's token sees its own checks, and one manager's export has nothing of another", async () => {
  await applied({ manager: 'other', checks: [{ key: 'other', kind: 'dns', target: 'other.example' }] })
  const token = await api.token(['read'], { team: 'web' })
  expect((await api.ask('GET', '/api/v1/export', undefined, token)).body).toMatchObject({ checks: [{ key: 'shop' }] })
  expect((await api.ask('GET', '/api/v1/export', undefined, token)).body).not.toHaveProperty('channels')
  expect(await exported({}, '?manager=other')).toEqual({
    manager: 'other',
    checks: [{ key: 'other', kind: 'dns', target: 'other.example' }],
  })
})

test('what several managers have comes out as one document that changes nothing, and what one has says whose it is', async () => {
  const plans = async (document: unknown) =>
    (await applied(document)).body.plan.map(({ action, adopts }) => `${action} ${adopts}`)
  expect(await exported()).not.toHaveProperty('manager')
  expect(new Set(await plans(await exported()))).toEqual(new Set(['unchanged false']))
  expect((await applied(await exported({}, '?manager=other'))).body.plan).toMatchObject([{ action: 'unchanged' }])
  await using own = await startTestApi()
  await applied({ manager: 'web', checks: [{ key: 'a', kind: 'dns', target: 'a.example' }] }, own)
  const document = (await own.ask('GET', '/api/v1/export')).body
  expect(document).toMatchObject({ manager: 'web', checks: [{ key: 'a' }] })
  expect((await applied(document, own)).body.plan).toMatchObject([{ action: 'unchanged' }])
})

test('whatever a document says, its export reads as the same document', () => {
  const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })
  // What PostgreSQL cannot keep no document may say.
  const text = fc.string({ unit: 'binary', maxLength: 30 }).filter((one) => one.isWellFormed() && !one.includes('\0'))
  const check = fc.record({
    key: fc.stringMatching(/^[a-z0-9-]{1,10}$/),
    name: some(text.filter((one) => one.length > 0)),
    kind: fc.constant('http'),
    target: fc.webUrl(),
    enabled: some(fc.boolean()),
    labels: some(fc.dictionary(fc.constantFrom('team', 'tier', 'y', 'null'), text, { maxKeys: 3 })),
    http: some(fc.record({ body: some(text), headers: some(fc.constantFrom({ 'x-a': '${B}' }, { true: 'yes' })) })),
    assertions: some(
      fc.array(
        text.map((value) => ({ source: 'body', op: 'contains', value })),
        { maxLength: 2 },
      ),
    ),
    alerts: some(fc.record({ noData: some(fc.constantFrom(3, 5, { enabled: false })), down: some(fc.constant({})) })),
  })
  const documents = fc.record({
    checks: fc.uniqueArray(check, { selector: ({ key }) => key, maxLength: 3 }),
    regions: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/), { maxLength: 2 }),
  })
  fc.assert(
    fc.property(documents, (document) => {
      const config = readConfigFile(document)
      const file = yamlText(configDocument(config))
      const { value, issues } = fillPlaceholders(parse(file), () => ({ problem: 'refers to something' }))
      expect(issues).toEqual([])
      expect(readConfigFile(value)).toEqual(config)
    }),
  )
})
