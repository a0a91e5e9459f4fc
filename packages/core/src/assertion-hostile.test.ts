import { expect, test } from 'vitest'
import { evaluateAssertions } from './assertion.ts'
import { Assertion } from './assertion-schema.ts'
import { noPhases } from './probe.ts'

const mebibyte = 1024 * 1024

function judge(body: string, ...documents: object[]) {
  const http = { status: 200, version: '1.1', redirects: [], headers: {}, bodyBytes: body.length, finalUrl: '' }
  const facts = { ip: null, ipFamily: null, http: { ...http, bodyTruncated: false }, body }
  const startMs = performance.now()
  const results = evaluateAssertions(
    documents.map((document) => Assertion.parse(document)),
    { phases: noPhases, facts, durationMs: 1 },
  )
  return { results, tookMs: performance.now() - startMs }
}

const nested = (depth: number, inside: string): string => `${'['.repeat(depth)}${inside}${']'.repeat(depth)}`
const bush = (depth: number, width: number): unknown =>
  depth === 0 ? 1 : Array.from({ length: width }, () => bush(depth - 1, width))
const letters = Array.from({ length: mebibyte }, (_, index) => ((index * index) % 7 < 3 ? 'a' : 'b')).join('')

const bodies: [name: string, body: string][] = [
  ['half a million brackets', nested(mebibyte / 2, '')],
  ['a hundred thousand objects, 40 deep', nested(40, Array.from({ length: 100_000 }, () => '{"a":1}').join())],
  ['a bush of arrays', JSON.stringify(bush(12, 3))],
  ['a quarter of a million members', `[${Array.from({ length: 260_000 }, () => '[1]').join()}]`],
  ['one string', JSON.stringify('x'.repeat(mebibyte))],
]
const paths = ['$..*', '$..[*]..[*]', '$..[*]..[*]..[*]', '$..[?@..a]', '$..[?search(@, "(x+x+)+y")]', '$[*][*][*][*]']

test.each(bodies)('no JSONPath takes long on %s', (_, body) => {
  const wanted = paths.map((path) => ({ source: 'body.json', path, op: 'contains', value: 'nothing' }))
  const { results, tookMs } = judge(body, ...wanted)
  expect(results.map(({ ok }) => ok)).toEqual(paths.map(() => false))
  expect(tookMs).toBeLessThan(2500)
})

test.each([
  '\\pL{200}\\d',
  '[ab]*a[ab]{500}[cd]',
  '(?:[ab]?){300}[cd]',
  '((a|b)*|(ab)*|[a-z]+)*[0-9]',
  '\\b\\w{300}\\b[0-9]',
])('no pattern takes long on a mebibyte: %s', (value) => {
  const { results, tookMs } = judge(letters, { source: 'body', op: 'matches', value })
  expect(results[0]?.ok).toBe(false)
  expect(tookMs).toBeLessThan(2000)
})

test('what would take too long does not hold either way, and says so', () => {
  const path = '$..[?@..[?@..a]]'
  const { results, tookMs } = judge(
    JSON.stringify(bush(12, 3)),
    { source: 'body.json', path, op: 'exists' },
    { source: 'body.json', path, op: 'notExists' },
    { source: 'status', op: 'eq', value: 200 },
  )
  const said = 'not judged: it would take more than 1000 ms'
  expect(results).toMatchObject([{ actual: said, ok: false }, { actual: said, ok: false }, { ok: true }])
  expect(tookMs).toBeLessThan(2000)
})

test('an honest body of half a mebibyte is judged in full', () => {
  const records = Array.from({ length: 6000 }, (_, id) => ({ id, name: `n${id}`, tags: ['a', 'b'], meta: { x: 1 } }))
  const { results } = judge(
    JSON.stringify(records),
    { source: 'body.json', path: '$[5999].name', op: 'eq', value: 'n5999' },
    { source: 'body.json', path: '$[?@.id == 7].name', op: 'eq', value: 'n7' },
    { source: 'body.json', path: '$..x', op: 'contains', value: 1 },
    { source: 'body.json', path: '$[*].name', op: 'matches', value: '^n5998$' },
    { source: 'body', op: 'matches', value: '"id":5999,' },
  )
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true, true])
  expect(results[2]?.actual).toMatch(/^\[1,1,1.*… \(6000 values\)$/)
})
