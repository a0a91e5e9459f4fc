import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histogramOf, quantile } from './histogram.ts'
import { figureAt } from './latency-merger.ts'
import { aResult } from './result.fixture.ts'
import { emptyRollup, type Measure, mergeRollups, rollupOf } from './rollup.ts'
import { encodeLatency } from './rollup-codec.ts'
import { defaultStepMs, type EncodedSpans, SeriesMerger, type SeriesPoint, tierFor } from './series.ts'

const hour = 3_600_000
const day = 24 * hour

const spanOf = (startMs: number, ...durations: number[]): EncodedSpans => {
  const rollup = mergeRollups([emptyRollup, ...durations.map((durationMs) => rollupOf(aResult({ durationMs }), false))])
  return { ...rollup, startMs, codes: [rollup.codes], latency: encodeLatency(rollup.latency) }
}

/** The points of spans; of each a copy, as the next is filled into the same figures. */
function seriesOf(spans: readonly EncodedSpans[], stepMs: number): SeriesPoint[] {
  const merger = new SeriesMerger(stepMs)
  const points = spans.map((one) => structuredClone(merger.add(one)))
  return [...points, merger.end()].filter((point) => point !== undefined)
}

/** The figures of a measure by name. */
function figuresOf(point: SeriesPoint | undefined, measure: Measure = 'total') {
  const figures = point?.latency[measure]
  if (figures === undefined) return undefined
  const named = Object.entries(figureAt).map(([name, at]) => [name, figures[at]])
  return Object.fromEntries(named) as Record<keyof typeof figureAt, number>
}

test('spans of all regions are summed by step, and empty steps are left out', () => {
  const spans = [spanOf(0, 10), spanOf(0, 20), spanOf(hour - 300_000, 30), spanOf(5 * hour, 99)]
  const points = seriesOf(spans, hour).map((one) => [one.startMs, one.up, figuresOf(one)?.maxMs])
  expect(points).toEqual([
    [0, 3, 30],
    [5 * hour, 1, 99],
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
  expect(figuresOf(seriesOf([spanOf(0, 100, 100, 100)], hour)[0])).toEqual({
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

test('figures are those of the merged histograms, for any durations in any number of spans, by themselves or laid end to end', () => {
  const durations = fc.array(fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 20 }), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(durations, fc.boolean(), (spans, endToEnd) => {
      const all = spans.flat()
      const parts = spans.map((span) => spanOf(0, ...span))
      const laid = { ...spanOf(0), latency: Buffer.concat(parts.map(({ latency }) => latency)) }
      const [point] = seriesOf(endToEnd ? [laid] : parts, hour)
      const figures = figuresOf(point)
      expect(figures === undefined).toBe(all.length === 0)
      if (all.length === 0) return
      expect(figures?.count).toBe(all.length)
      expect(figures?.minMs).toBe(Math.min(...all))
      expect(figures?.maxMs).toBe(Math.max(...all))
      const within = (ms: number) => Math.min(Math.max(ms, Math.min(...all)), Math.max(...all))
      for (const [q, ms] of [
        [0.5, figures?.p50Ms],
        [0.9, figures?.p90Ms],
        [0.95, figures?.p95Ms],
        [0.99, figures?.p99Ms],
      ] as const) {
        expect(ms).toBe(within(quantile(histogramOf(all), q) ?? 0))
      }
    }),
  )
})
