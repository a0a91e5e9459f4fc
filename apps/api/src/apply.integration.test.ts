import { newSecretKey } from '@sonde/secrets'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi({ secretKey: newSecretKey() })
})
afterAll(() => api[Symbol.asyncDispose]())
beforeEach(async () => {
  await apply({ checks: [], manager: 'web' }, { prune: 'true' })
  await apply({ checks: [] }, { prune: 'true' })
})

async function ask(method: string, path: string, body?: unknown) {
  const answer = await api.ask(method, `/api/v1${path}`, body)
  return { status: answer.status, body: answer.body as Record<string, unknown> }
}

function apply(document: object, query: Record<string, string> = {}) {
  return ask('POST', `/apply?${new URLSearchParams(query).toString()}`, document)
}

const check = { key: 'shop', kind: 'http', target: 'https://shop.example/', alerts: { channels: ['ops'] } }
const guarded = { ...check, key: 'guarded', http: { auth: { bearer: 'a-secret-token' } } }
const channel = { key: 'ops', kind: 'slack', slack: { url: 'https://hooks.slack.example/services/secret' } }
const region = { name: 'eu-west', provider: 'Example Cloud', latitude: 53.3, longitude: -6.2 }
const whole = { regions: [region], channels: [channel], checks: [check, guarded] }

function actions({ body }: { body: Record<string, unknown> }): string[] {
  const plan = body.plan as { action: string; section: string; key: string }[]
  return plan.map(({ action, section, key }) => `${action} ${section}/${key}`)
}

test('a document makes regions, channels and checks, and a second time there is nothing to do, secrets and all', async () => {
  const dry = await apply(whole, { dryRun: 'true' })
  const steps = ['regions/eu-west', 'channels/ops', 'checks/shop', 'checks/guarded']
  expect(actions(dry)).toEqual(steps.map((step) => `create ${step}`))
  expect(JSON.stringify(dry.body)).not.toMatch(/secret-token|services/)
  expect((await ask('GET', '/checks/shop')).status).toBe(404)

  expect(actions(await apply(whole))).toEqual(steps.map((step) => `create ${step}`))
  expect((await ask('GET', '/regions')).body.items).toMatchObject([region])
  expect(await ask('GET', '/channels/ops')).toMatchObject({ status: 200, body: { kind: 'slack' } })
  expect(await ask('GET', '/checks/guarded')).toMatchObject({ status: 200, body: { alerts: { channels: ['ops'] } } })
  expect(actions(await apply(whole))).toEqual(steps.map((step) => `unchanged ${step}`))
})

test('what the document has no more is deleted by --prune alone, and only what the same manager made', async () => {
  await apply(whole)
  await apply({ manager: 'web', checks: [{ ...check, key: 'of-web' }] })
  await ask('POST', '/checks', { ...check, key: 'by-hand' })
  await apply({ checks: [check] })
  expect((await ask('GET', '/channels/ops')).status).toBe(200)
  expect(actions(await apply({ checks: [check] }, { prune: 'true' }))).toEqual([
    'delete regions/eu-west',
    'delete channels/ops',
    'unchanged checks/shop',
    'delete checks/guarded',
  ])
  expect((await ask('GET', '/regions')).body.items).toEqual([])
  expect((await ask('GET', '/channels/ops')).status).toBe(404)
  for (const key of ['of-web', 'by-hand']) expect((await ask('GET', `/checks/${key}`)).status).toBe(200)
  await ask('DELETE', '/checks/by-hand')
})

test('what was made by hand is adopted by the document that names it, and then goes with it', async () => {
  await ask('POST', '/checks', check)
  expect((await apply({ checks: [check] })).body.plan).toMatchObject([{ action: 'unchanged', adopts: true }])
  expect((await apply({ checks: [check] })).body.plan).toMatchObject([{ action: 'unchanged', adopts: false }])
  expect(actions(await apply({ checks: [] }, { prune: 'true' }))).toEqual(['delete checks/shop'])
})

test('to change what another manager has is refused, field by field, until it is to be taken over', async () => {
  await apply({ manager: 'web', checks: [check] })
  expect((await apply({ checks: [check] })).body.plan).toMatchObject([{ action: 'unchanged', adopts: false }])
  expect(await apply({ checks: [{ ...check, retries: 1 }] })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'checks[0].key', message: expect.stringContaining('is managed by "web"') }] },
  })
  expect((await apply({ checks: [check] }, { takeOver: 'true' })).body.plan).toMatchObject([
    { action: 'change', changes: [{ path: 'managedBy', from: 'web', to: 'apply' }] },
  ])
  expect(actions(await apply({ checks: [] }, { prune: 'true' }))).toEqual(['delete checks/shop'])
})

test('one mistake keeps all sections as they were, and every one is told', async () => {
  const sealedElsewhere = `sealed:v1:00000000:${'A'.repeat(60)}`
  const answer = await apply({
    ...whole,
    channels: [{ ...channel, slack: { url: sealedElsewhere } }],
    checks: [check, { ...guarded, http: { auth: { bearer: sealedElsewhere } } }],
  })
  const message = 'expected the secret itself, or its sealed form as this server shows it here'
  expect(answer).toMatchObject({
    status: 400,
    body: {
      errors: [
        { path: 'channels[0].slack.url', message },
        { path: 'checks[1].http.auth.bearer', message },
      ],
    },
  })
  expect((await ask('GET', '/regions')).body.items).toEqual([])
  const circle = {
    checks: [
      { ...check, dependsOn: ['guarded'] },
      { ...guarded, dependsOn: ['shop'] },
    ],
  }
  expect(await apply(circle)).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'checks[0].dependsOn', message: expect.stringContaining('shop → guarded → shop') }] },
  })
  expect((await ask('GET', '/checks/shop')).status).toBe(404)
})

test('a channel that is nowhere is warned of', async () => {
  expect((await apply({ checks: [check] })).body.warnings).toEqual([
    { path: 'checks[0].alerts.channels[0]', message: 'there is no channel "ops": nobody is told through it' },
  ])
  expect((await apply({ channels: [channel], checks: [check] })).body.warnings).toEqual([])
})

test('a plan is carried out only on the server that it was made for', async () => {
  await apply({ checks: [check] })
  const wanted = { checks: [{ ...check, interval: '1m' }] }
  const { hash } = (await apply(wanted, { dryRun: 'true' })).body as { hash: string }
  await ask('PUT', '/checks/shop', { ...check, retries: 3 })
  expect(await apply(wanted, { hash })).toMatchObject({
    status: 409,
    body: { detail: 'the server has changed since this plan was made; look at a new one' },
  })
  expect((await ask('GET', '/checks/shop')).body).toMatchObject({ interval: '30s', retries: 3 })
  const again = (await apply(wanted, { dryRun: 'true' })).body as { hash: string }
  expect(await apply(wanted, { hash: again.hash })).toMatchObject({ status: 200 })
})

test("a team's token applies its team's checks alone, also where a template gives the label, and prunes no other", async () => {
  await apply({ ...whole, checks: [check, { ...check, key: 'of-web', labels: { team: 'web' } }] })
  const token = await api.token(['write'], { team: 'web' })
  const asTeam = async (document: object, query = '') => {
    const { status, body } = await api.ask('POST', `/api/v1/apply${query}`, document, token)
    return { status, body: body as Record<string, unknown> }
  }
  const templates = { web: { labels: { team: 'web' } } }
  const more = { ...check, key: 'more', template: 'web' }
  expect(actions(await asTeam({ templates, checks: [more] }, '?prune=true'))).toEqual([
    'create checks/more',
    'delete checks/of-web',
  ])
  const refused = await asTeam({
    channels: [channel],
    templates,
    checks: [
      { ...more, key: 'shop' },
      { ...check, key: 'foreign' },
    ],
  })
  expect(refused).toMatchObject({
    status: 403,
    body: {
      errors: [
        { path: 'channels[0]', message: 'a channel is of no team, and this token is bound to team=web' },
        { path: 'checks[0].key', message: '"shop" is taken' },
        { path: 'checks[1].labels', message: 'expected team=web, which this token is bound to' },
      ],
    },
  })
  expect((await ask('GET', '/channels/ops')).status).toBe(200)
})

test('two thousand checks are one transaction, and two that apply at once do not mix', async () => {
  const many = (interval: string) => ({
    checks: Array.from({ length: 2000 }, (_, index) => ({ ...check, key: `many-${index}`, interval })),
  })
  const answers = await Promise.all([apply(many('1m')), apply(many('2m'))])
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  const { items } = (await ask('GET', '/checks?limit=1000')).body as { items: { interval: string }[] }
  expect(new Set(items.map(({ interval }) => interval)).size).toBe(1)
})

test('maintenance windows are applied, exported and pruned like the rest, and a check that one names and nobody has is warned of', async () => {
  const window = {
    key: 'sunday',
    start: '2026-01-04T02:00:00',
    end: '2026-01-04T04:00:00',
    rrule: 'FREQ=WEEKLY',
    checks: ['shop', 'gone'],
  }
  const answer = await apply({ checks: [check], channels: [channel], maintenance: [window] })
  expect(actions(answer)).toContain('create maintenance/sunday')
  expect(answer.body.warnings).toEqual([{ path: 'maintenance[0].checks[1]', message: 'there is no check "gone"' }])
  expect((await ask('GET', '/export')).body).toMatchObject({ maintenance: [window] })
  expect((await ask('GET', '/maintenance/sunday')).status).toBe(200)
  expect(actions(await apply({ checks: [] }, { prune: 'true' }))).toContain('delete maintenance/sunday')
})

test('the JSON Schema of the document is there for editors, which have no token', async () => {
  const { status, type, body } = await api.ask('GET', '/api/v1/schema.json', undefined, { authorization: '' })
  expect(status).toBe(200)
  expect(type).toContain('application/schema+json')
  expect(body).toMatchObject({ properties: { checks: {}, maintenance: {} } })
})
