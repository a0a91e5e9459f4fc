import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonical, isSame } from './mapping.ts'

const sorted = (value: unknown) =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )

test('the canonical form is JSON with sorted fields, and two values are the same when theirs is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (a, b) => {
      const again: unknown = JSON.parse(sorted(a))
      // -0 is written as 0.
      expect(JSON.parse(canonical(a))).toEqual(JSON.parse(JSON.stringify(a)))
      expect(canonical(again)).toBe(canonical(JSON.parse(JSON.stringify(a))))
      expect(isSame(a, again)).toBe(true)
      expect(isSame(a, b)).toBe(canonical(a) === canonical(b))
    }),
  )
})

test.each([
  [{ a: undefined }, {}, true],
  [{}, { a: undefined }, true],
  [{ a: 1 }, { b: 1 }, false],
  [{ a: null }, {}, false],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [JSON.parse('{"__proto__": 1}'), {}, false],
  [{}, JSON.parse('{"constructor": 1}'), false],
])('%j and %j are the same: %s', (a, b, same) => {
  expect(isSame(a, b)).toBe(same)
  expect(isSame(b, a)).toBe(same)
})
