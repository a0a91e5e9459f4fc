import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDocument, stringify } from 'yaml'
import { resolveDocument } from './resolve.ts'

const parse = (text: string) => parseDocument(text, { merge: true, logLevel: 'silent' })
const resolved = (text: string) => {
  const { problem, ...rest } = resolveDocument(parse(text)) as { problem?: object; value?: unknown }
  expect(problem, text).toBeUndefined()
  return rest.value
}

test('whatever is written, also with anchors for what stands in several places, is read as the library reads it', () => {
  const shared = fc.jsonValue({ maxDepth: 2 })
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), shared, (list, one) => {
      const text = stringify([one, ...list.flatMap((value) => [{ value, one }, one])])
      expect(resolved(text)).toEqual(parse(text).toJS({ maxAliasCount: -1 }))
    }),
  )
})

test.for([
  'a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }\nc: { y: 3, <<: *a }',
  'a: &a { x: 1 }\nb: &b { x: 2, y: 2 }\nc: { <<: [*a, *b], z: 1 }\nd: { <<: [*b, { z: 9 }] }',
  'a: { "<<": 1 }\nb: &b text\nc: *b\n*b : as a key',
  'a: &a 1\nb: &a 2\nc: *a',
  '? null\n: nothing\n1: number\ntrue: yes',
  '- a: 1\n- &x { __proto__: { y: 1 }, constructor: 2 }\n- <<: *x',
  '[a: 1, b, c: { d: }]',
  '',
])('%j is read as the library reads it', (text) => {
  expect(resolved(text)).toEqual(parse(text).toJS())
})
