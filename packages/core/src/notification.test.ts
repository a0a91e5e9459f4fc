import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliveryLimitMs, nextAttemptMs } from './notification.ts'

test('attempts come after 5 s, 30 s, 5 m, 30 m and 2 h, each a tenth more or less', () => {
  expect([1, 2, 3, 4, 5, 6].map((attempts) => nextAttemptMs(attempts, 0, 0.5, undefined))).toEqual([
    5000, 30_000, 300_000, 1_800_000, 7_200_000, 14_400_000,
  ])
  expect(nextAttemptMs(1, 0, 0, undefined)).toBe(4500)
  expect(nextAttemptMs(1, 0, 1, undefined)).toBe(5500)
})

test('what the receiver asks for goes before, and a day is the end', () => {
  expect(nextAttemptMs(1, 0, 0.5, 60_000)).toBe(60_000)
  expect(nextAttemptMs(3, 0, 0.5, 60_000)).toBe(300_000)
  expect(nextAttemptMs(1, deliveryLimitMs - 4000, 0.5, undefined)).toBeUndefined()
})

test('every message is tried at least eight times and given up within a day', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 }), (jitters) => {
      let age = 0
      let attempts = 1
      for (; attempts < 30; attempts++) {
        const delay = nextAttemptMs(attempts, age, jitters[attempts] ?? 0, undefined)
        if (delay === undefined) break
        age += delay
      }
      expect(attempts).toBeGreaterThanOrEqual(8)
      expect(age).toBeLessThanOrEqual(deliveryLimitMs)
    }),
  )
})
