import { expect, test } from 'vitest'
import type { Check } from '../check.ts'
import { type Managed, planHash, planSection } from './plan.ts'
import { readConfigFile } from './read.ts'

const http = { key: 'a', kind: 'http', target: 'https://a.example/' }
const options = { prune: false, manager: 'apply', takeOver: false }

function checks(...documents: object[]): Check[] {
  return readConfigFile({ checks: documents }).checks
}

function held(managedBy: string | null, ...documents: object[]): Managed<Check>[] {
  return checks(...documents).map((document) => ({ document, managedBy }))
}

test('a step has every field that differs, from what to what', () => {
  const current = held('apply', { ...http, retries: 1, labels: { team: 'web' }, regions: ['eu', 'us'] })
  const wanted = checks({
    ...http,
    interval: '1m',
    labels: { tier: 'one' },
    regions: ['eu'],
    assertions: [{ source: 'status', op: 'eq', value: 200 }],
  })
  expect(planSection('checks', current, wanted, options).steps).toEqual([
    {
      section: 'checks',
      key: 'a',
      action: 'change',
      fields: ['assertions', 'interval', 'labels', 'regions', 'retries'],
      adopts: false,
      changes: [
        { path: 'interval', from: '30s', to: '1m' },
        { path: 'regions', from: ['eu', 'us'], to: ['eu'] },
        { path: 'labels.team', from: 'web' },
        { path: 'labels.tier', to: 'one' },
        { path: 'retries', from: 1, to: 0 },
        { path: 'assertions[0].source', to: 'status' },
        { path: 'assertions[0].op', to: 'eq' },
        { path: 'assertions[0].value', to: 200 },
      ],
    },
  ])
})

test('what is made is shown without its defaults', () => {
  const { steps } = planSection('checks', [], checks({ ...http, http: { method: 'HEAD' } }), options)
  expect(steps).toMatchObject([
    {
      action: 'create',
      fields: [],
      changes: [
        { path: 'key', to: 'a' },
        { path: 'kind', to: 'http' },
        { path: 'target', to: 'https://a.example/' },
        { path: 'http.method', to: 'HEAD' },
      ],
    },
  ])
})

test('of a secret only that it is another one is told', () => {
  const withToken = (bearer: string) => ({ ...http, http: { auth: { bearer } } })
  const { steps } = planSection(
    'checks',
    held('apply', withToken('sealed:v1:0:one')),
    checks(withToken('sealed:v1:0:two')),
    options,
  )
  expect(steps).toMatchObject([
    { changes: [{ path: 'http.auth.bearer', from: '(secret)', to: '(secret)', secret: true }] },
  ])
  expect(JSON.stringify(steps)).not.toContain('sealed')
})

test('only what the same manager has is deleted, and only when told to', () => {
  const current = [
    ...held('apply', http),
    ...held(null, { ...http, key: 'by-hand' }),
    ...held('web', { ...http, key: 'of-web' }),
  ]
  expect(planSection('checks', current, [], options).steps).toEqual([])
  expect(planSection('checks', current, [], { ...options, prune: true }).steps).toMatchObject([
    { key: 'a', action: 'delete' },
  ])
})

test('what was made by hand is adopted without a change, a change of what another manager has is refused, or it is taken over', () => {
  expect(planSection('checks', held(null, http), checks(http), options)).toMatchObject({
    steps: [{ action: 'unchanged', adopts: true }],
    issues: [],
  })
  expect(planSection('checks', held('web', http), checks(http), options)).toMatchObject({
    steps: [{ action: 'unchanged', changes: [], adopts: false }],
    issues: [],
  })
  expect(planSection('checks', held('web', http), checks({ ...http, retries: 1 }), options).issues).toMatchObject([
    { at: ['checks', 0, 'key'], message: expect.stringContaining('is managed by "web", and this file is of "apply"') },
  ])
  expect(planSection('checks', held('web', http), checks(http), { ...options, takeOver: true })).toMatchObject({
    steps: [{ action: 'change', fields: ['managedBy'], changes: [{ path: 'managedBy', from: 'web', to: 'apply' }] }],
    issues: [],
  })
})

test('a plan has another hash when what it touches is another', () => {
  const { steps } = planSection('checks', held('apply', http), checks({ ...http, retries: 1 }), options)
  expect(planHash(steps, [{ a: 1, b: 2 }])).toBe(planHash(steps, [{ b: 2, a: 1 }]))
  expect(planHash(steps, [{ a: 1 }])).not.toBe(planHash(steps, [{ a: 2 }]))
})
