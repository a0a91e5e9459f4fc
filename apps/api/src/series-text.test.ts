import { figureAt, type Measure, measures, type SeriesPoint } from '@sonde/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeriesText } from './series-text.ts'

const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const about = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z', step: '5m' }
const figures = { count: 3, meanMs: 1, minMs: 1, maxMs: 1, p50Ms: 1, p90Ms: 1, p95Ms: 1, p99Ms: 1 }

/** Figures by name, of each measure that has any. */
type Named = Partial<Record<Measure, typeof figures>>

function aPoint(named: Named): SeriesPoint {
  const latency: SeriesPoint['latency'] = {}
  for (const [measure, own] of Object.entries(named) as [Measure, typeof figures][])
    latency[measure] = Float64Array.from(Object.keys(figureAt), (name) => own[name as keyof typeof figureAt])
  return { startMs, up: 9, down: 1, missed: 0, maintenance: 2, codes: { dns_bogus: 1 }, latency }
}

function seriesText(head: typeof about, points: readonly SeriesPoint[]): Buffer {
  const text = new SeriesText(head)
  for (const point of points) text.add(point)
  const whole = Buffer.from(text.end())
  // The next is written over it.
  text.release()
  return whole
}

function shown(ms: number): unknown {
  const text = seriesText(about, [aPoint({ total: { ...figures, meanMs: ms } })])
  return JSON.parse(text.toString()).items[0].latency.total.meanMs
}

test('is the JSON of the series', () => {
  const latencies: Named[] = [{}, { total: figures, ttfb: { ...figures, p99Ms: 2.5 } }]
  const text = seriesText(
    about,
    latencies.map((latency) => aPoint(latency)),
  )
  const counts = { up: 9, down: 1, missed: 0, maintenance: 2, codes: { dns_bogus: 1 } }
  const items = latencies.map((latency) => ({ from: about.from, availability: 0.9, ...counts, latency }))
  expect(JSON.parse(text.toString())).toEqual({ ...about, items, nextCursor: null })
  expect(JSON.parse(seriesText(about, []).toString())).toEqual({ ...about, items: [], nextCursor: null })
})

test.each([
  [0, 0],
  [12, 12],
  [83.1, 83.1],
  [83.123456, 83.123],
  [999.9996, 1000],
  [1.05, 1.05],
  [0.9999999, 1],
  [0.0123456, 0.012346],
  [0.0000001, 0],
  [123_456_789.5, 123_456_789.5],
  [1e12, 1e12],
])('%d ms are told as %d', (ms, told) => {
  expect(shown(ms)).toBe(told)
})

test('any latency is told within a microsecond, in answers of any length', () => {
  const figure = fc.double({ min: 0, max: 1e8, noNaN: true })
  const latency = fc.dictionary(
    fc.constantFrom(...measures),
    fc.record({
      count: fc.nat(),
      meanMs: figure,
      minMs: figure,
      maxMs: figure,
      p50Ms: figure,
      p90Ms: figure,
      p95Ms: figure,
      p99Ms: figure,
    }),
  )
  fc.assert(
    fc.property(fc.array(latency, { maxLength: 100 }), (latencies) => {
      const text = seriesText(
        about,
        latencies.map((one) => aPoint(one)),
      )
      const { items } = JSON.parse(text.toString())
      expect(items).toHaveLength(latencies.length)
      for (const [index, one] of latencies.entries()) {
        const told = items[index].latency
        expect(Object.keys(told).sort()).toEqual(Object.keys(one).sort())
        for (const [measure, all] of Object.entries(one) as [Measure, typeof figures][]) {
          expect(told[measure].count).toBe(all.count)
          for (const [name, ms] of Object.entries(all))
            if (Math.abs(told[measure][name] - ms) > (ms < 1 ? 0.51e-6 : 0.51e-3))
              throw new Error(`${ms} as ${told[measure][name]}`)
        }
      }
    }),
    { numRuns: 50 },
  )
})

test('any instant is told as it is', () => {
  const instant = fc.integer({ min: Date.UTC(1970), max: Date.UTC(2999) })
  fc.assert(
    fc.property(fc.array(instant, { minLength: 1, maxLength: 5 }), (instants) => {
      const text = seriesText(
        about,
        instants.map((at) => ({ ...aPoint({}), startMs: at })),
      )
      const told = JSON.parse(text.toString()).items.map(({ from }: { from: string }) => from)
      expect(told).toEqual(instants.map((at) => new Date(at).toISOString()))
    }),
  )
})

test('texts that are written at the same time do not share their memory', () => {
  const [first, second] = [new SeriesText(about), new SeriesText({ ...about, step: '1h' })]
  first.add(aPoint({ total: figures }))
  const told = first.end()
  second.add(aPoint({}))
  second.end()
  expect(JSON.parse(told.toString())).toMatchObject({ step: '5m', items: [{ latency: { total: figures } }] })
  first.release()
  second.release()
})
