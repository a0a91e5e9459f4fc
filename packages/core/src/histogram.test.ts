import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histogramOf, mergeHistograms, quantile } from './histogram.ts'

// From a microsecond to a day, in ms, as a probe may take.
const latency = fc.double({ min: 0.001, max: 86_400_000, noNaN: true })

function exactQuantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1] as number
}

test('any quantile is within one percent of the exact one', () => {
  fc.assert(
    fc.property(
      fc.array(latency, { minLength: 1, maxLength: 500 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, q) => {
        const exact = exactQuantile(values, q)
        expect(Math.abs((quantile(histogramOf(values), q) as number) - exact)).toBeLessThanOrEqual(exact * 0.0100001)
      },
    ),
  )
})

test('the histogram of the whole is what the histograms of its parts add up to, in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.array(latency, { maxLength: 50 }), { maxLength: 8 }), (parts) => {
      const merged = mergeHistograms(parts.map(histogramOf))
      const ordered = (histogram: typeof merged) => [...histogram].sort(([a], [b]) => a - b)
      expect(ordered(merged)).toEqual(ordered(histogramOf(parts.flat())))
      expect(ordered(mergeHistograms(parts.toReversed().map(histogramOf)))).toEqual(ordered(merged))
    }),
  )
})

test('the 95th of 20 equal steps is the 19th', () => {
  const values = Array.from({ length: 20 }, (_, index) => (index + 1) * 100)
  expect(quantile(histogramOf(values), 0.95)).toBeCloseTo(1900, -2)
})

test('what is not there has no quantile, and zero counts as the smallest', () => {
  expect(quantile(new Map(), 0.5)).toBeNull()
  expect(quantile(histogramOf([0, -1]), 0.5)).toBeCloseTo(0.001, 4)
})
