import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoInstant } from './instant.ts'

test('an instant is written as Date has it, before 1970 and with parts of a millisecond too', () => {
  const instants = fc.oneof(
    fc.integer({ min: 1_790_000_000_000, max: 1_790_000_003_000 }),
    fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
    fc.double({ min: -5000, max: 5000, noNaN: true }),
  )
  fc.assert(
    fc.property(instants, (ms) => {
      expect(isoInstant(ms)).toBe(new Date(ms).toISOString())
    }),
    { numRuns: 2000 },
  )
})
