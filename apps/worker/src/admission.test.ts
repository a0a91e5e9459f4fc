import { expect, test } from 'vitest'
import { lookEveryMs, nextLimit } from './admission.ts'

test.each([
  ['rises by a step while nothing is held up', 500, { delayMs: 3, busiest: 500 }, 1000, 525],
  ['does not rise past the most', 990, { delayMs: 20, busiest: 10 }, 1000, 1000],
  ['falls by a third when probes hold the loop up', 900, { delayMs: 21, busiest: 300 }, 1000, 600],
  ['does not fall below the least', 70, { delayMs: 500, busiest: 70 }, 1000, 64],
  ['stays where it is when the delay is not of the probes’ making', 900, { delayMs: 500, busiest: 63 }, 1000, 900],
  ['knows a most that is below the usual least', 2, { delayMs: 500, busiest: 2 }, 2, 2],
])('the limit %s', (_, limit, seen, most, next) => {
  expect(nextLimit(limit, seen, most)).toBe(next)
})

test('it is down within two seconds of a lasting delay, and up again within eleven of its end', () => {
  const after = (seconds: number, from: number, delayMs: number) =>
    Array.from({ length: (seconds * 1000) / lookEveryMs }).reduce<number>(
      (limit) => nextLimit(limit, { delayMs, busiest: 100 }, 1000),
      from,
    )
  expect(after(2, 1000, 50)).toBe(64)
  expect(after(5, 64, 0)).toBeLessThan(700)
  expect(after(11, 64, 0)).toBe(1000)
})
