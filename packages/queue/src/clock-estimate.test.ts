import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adopt, estimateOf, type TimeSample } from './clock-estimate.ts'

/** A question on its way for `out` ms and an answer for `back`, to a server that is `base` ahead of the monotonic clock. */
const sample = (askedMs: number, base: number, out: number, back: number): TimeSample => ({
  askedMs,
  answeredMs: askedMs + out + back,
  serverMs: askedMs + out + base,
})

test('the sample of the shortest round trip counts, and is wrong by half of it at most', () => {
  const estimate = estimateOf([sample(0, 5000, 40, 2), sample(50, 5000, 1, 3), sample(60, 5000, 300, 0)])
  expect(estimate).toEqual({ baseMs: 4999, errorMs: 2, atMs: 54 })
})

test('whatever way the packets take, the server is where the estimate says within its error', () => {
  const way = fc.double({ min: 0, max: 2000, noNaN: true })
  fc.assert(
    fc.property(fc.array(fc.tuple(way, way), { minLength: 1, maxLength: 5 }), (ways) => {
      const [first, ...rest] = ways.map(([out, back], index) => sample(index * 5000, 7_200_000, out, back))
      const { baseMs, errorMs } = estimateOf([first as TimeSample, ...rest])
      expect(Math.abs(baseMs - 7_200_000)).toBeLessThanOrEqual(errorMs + 1e-6)
    }),
  )
})

test.each([
  ['a slower answer moves nothing', { baseMs: 1040, errorMs: 100, atMs: 10_000 }, 1000],
  ['a better one does', { baseMs: 1001, errorMs: 0.2, atMs: 10_000 }, 1001],
  [
    'one that contradicts it holds, however slow: a clock was set',
    { baseMs: 3_601_000, errorMs: 900, atMs: 10_000 },
    3_601_000,
  ],
  ['a small contradiction is one as well', { baseMs: 1012, errorMs: 1, atMs: 1001 }, 1012],
  ['what was known well is known less well after an hour', { baseMs: 1002, errorMs: 3, atMs: 3_600_000 }, 1002],
])('%s', (_, measured, baseMs) => {
  expect(adopt({ baseMs: 1000, errorMs: 1, atMs: 0 }, measured).baseMs).toBe(baseMs)
})
