import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantText } from './instant-text.ts'

test('every instant is written as toISOString writes it', () => {
  const first = Date.parse('0000-01-01T00:00:00Z')
  const last = Date.parse('9999-12-31T23:59:59.999Z')
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), (ms) => {
      expect(instantText(ms)).toBe(new Date(ms).toISOString())
    }),
  )
  for (const ms of [0, -1, 59_999, 60_000, first, last]) expect(instantText(ms)).toBe(new Date(ms).toISOString())
})
