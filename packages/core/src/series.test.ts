import { expect, test } from 'vitest'
import { aResult } from './result.fixture.ts'
import { mergeRollups, rollupOf } from './rollup.ts'
import { defaultStepMs, figuresOf, seriesOf, tierFor } from './series.ts'

const hour = 3_600_000
const day = 24 * hour

test('spans of all regions are summed by step, and empty steps are left out', () => {
  const rollup = (durationMs: number) => rollupOf(aResult({ durationMs }), false)
  const points = seriesOf(
    [
      { startMs: 0, rollup: rollup(10) },
      { startMs: hour - 300_000, rollup: rollup(30) },
      { startMs: 0, rollup: rollup(20) },
      { startMs: 5 * hour, rollup: rollup(99) },
    ],
    hour,
  )
  expect(points.map(({ startMs, rollup: { up } }) => [startMs, up])).toEqual([
    [0, 3],
    [5 * hour, 1],
  ])
})

test.each([
  [300_000, '5m'],
  [900_000, '5m'],
  [hour, '1h'],
  [6 * hour, '1h'],
  [day, '1d'],
  [7 * day, '1d'],
  [90_000, undefined],
])('steps of %i ms are made of %s', (stepMs, tier) => {
  expect(tierFor(stepMs)).toBe(tier)
})

test.each([
  [hour, 300_000],
  [day, 300_000],
  [7 * day, hour],
  [90 * day, day],
])('%i ms are shown in steps of %i', (spanMs, stepMs) => {
  expect(defaultStepMs(spanMs)).toBe(stepMs)
})

test('percentiles stay within the least and the most that was seen', () => {
  const { latency } = mergeRollups([100, 100, 100].map((durationMs) => rollupOf(aResult({ durationMs }), false)))
  expect(latency.total && figuresOf(latency.total)).toEqual({
    count: 3,
    meanMs: 100,
    minMs: 100,
    maxMs: 100,
    p50Ms: 100,
    p90Ms: 100,
    p95Ms: 100,
    p99Ms: 100,
  })
})
