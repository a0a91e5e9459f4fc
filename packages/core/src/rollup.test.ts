import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explain } from './failure.ts'
import { quantile } from './histogram.ts'
import { noPhases } from './probe.ts'
import { aResult } from './result.fixture.ts'
import type { Result } from './result.ts'
import { availability, emptyRollup, mergeRollups, type Rollup, rollupOf, spanStart } from './rollup.ts'
import { addToLatency, addToRollup, decodeLatency, decodeRollup, encodeLatency, encodeRollup } from './rollup-codec.ts'

const anyResult = fc
  .record({
    code: fc.constantFrom(null, 'http_status', 'tcp_timeout', 'no_worker' as const),
    durationMs: fc.double({ min: 0.01, max: 60_000, noNaN: true }),
    tlsMs: fc.option(fc.double({ min: 0.01, max: 9000, noNaN: true })),
    maintenance: fc.boolean(),
  })
  .map(({ code, durationMs, tlsMs, maintenance }) => {
    const outcome = code === null ? 'up' : code === 'no_worker' ? 'missed' : 'down'
    const error = code === null ? null : explain(code, 'seen')
    return rollupOf(aResult({ outcome, durationMs, phases: { ...noPhases, tlsMs }, error }), maintenance)
  })

/** Buckets in order, and sums to the tenth digit: doubles added in another order differ in the last. */
function plain(rollup: Rollup) {
  return {
    ...rollup,
    latency: Object.entries(rollup.latency).map(([measure, { histogram, sumMs, ...rest }]) => [
      measure,
      { ...rest, sumMs: sumMs.toPrecision(10), histogram: [...histogram].sort(([a], [b]) => a - b) },
    ]),
  }
}

test('a rollup of rollups is the rollup of all results, in whatever parts and order', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyResult, { maxLength: 20 }), { maxLength: 6 }), (parts) => {
      const whole = mergeRollups([emptyRollup, ...parts.flat()])
      const merged = mergeRollups([emptyRollup, ...parts.map((part) => mergeRollups([emptyRollup, ...part]))])
      expect(plain(merged)).toEqual(plain(whole))
      expect(plain(mergeRollups([...parts.flat().toReversed(), emptyRollup]))).toEqual(plain(whole))
      expect(whole.up + whole.down + whole.missed + whole.maintenance).toBe(parts.flat().length)
    }),
  )
})

test('latencies come back from their bytes as they went', () => {
  fc.assert(
    fc.property(fc.array(anyResult, { maxLength: 60 }), (results) => {
      const { latency } = mergeRollups([emptyRollup, ...results])
      expect(decodeLatency(encodeLatency(latency))).toEqual(latency)
    }),
  )
})

test('what is added to stored bytes is as if it had been merged with what they hold', () => {
  const results = fc.array(anyResult, { maxLength: 40 })
  fc.assert(
    fc.property(results, results, (before, added) => {
      const [stored, more] = [before, added].map((all) => mergeRollups([emptyRollup, ...all])) as [Rollup, Rollup]
      const together = addToRollup(encodeRollup(stored), more)
      expect(plain(decodeRollup(together))).toEqual(plain(mergeRollups([stored, more])))
      // To the byte: they stand in the same order.
      expect(together).toEqual(encodeRollup(mergeRollups([stored, more])))
    }),
  )
})

test('five thousand latencies within a factor of six take less than 400 bytes', () => {
  const results = Array.from({ length: 5000 }, (_, index) =>
    rollupOf(aResult({ durationMs: 20 + (index % 97) }), false),
  )
  expect(encodeLatency(mergeRollups(results).latency).length).toBeLessThan(400)
})

test('bytes of another version or that end too early are refused', () => {
  expect(() => decodeLatency(Uint8Array.of(9))).toThrow('version 9, expected 1')
  const bytes = encodeLatency(rollupOf(aResult({}), false).latency)
  for (const cut of [bytes.subarray(0, bytes.length - 7), bytes.subarray(0, 0)]) {
    expect(() => decodeLatency(cut)).toThrow(RangeError)
    expect(() => addToLatency(cut, {})).toThrow(RangeError)
  }
})

test('what was answered counts for latency, good or not; a timeout and a delayed timing do not', () => {
  const count = (own: Partial<Result>) => rollupOf(aResult(own), false).latency.total?.count ?? 0
  expect(count({})).toBe(1)
  expect(count({ outcome: 'down', error: explain('assertion_failed', 'slow') })).toBe(1)
  expect(count({ outcome: 'down', error: explain('http_status', '503') })).toBe(1)
  expect(count({ outcome: 'down', error: explain('tcp_timeout', 'none') })).toBe(0)
  expect(count({ outcome: 'missed', error: explain('expired', 'late') })).toBe(0)
  expect(count({ timing: 'delayed' })).toBe(0)
})

test('a slot in a maintenance window counts there alone', () => {
  const rollup = rollupOf(aResult({ outcome: 'down', error: explain('tcp_refused', 'no') }), true)
  expect(rollup).toEqual({ ...emptyRollup, maintenance: 1 })
})

test('availability leaves unknown time out', () => {
  expect(availability({ up: 3, down: 1 })).toBe(0.75)
  expect(availability({ up: 0, down: 0 })).toBeNull()
})

test('spans begin at whole multiples in UTC', () => {
  const at = Date.parse('2026-03-04T05:06:07Z')
  expect(new Date(spanStart('5m', at)).toISOString()).toBe('2026-03-04T05:05:00.000Z')
  expect(new Date(spanStart('1h', at)).toISOString()).toBe('2026-03-04T05:00:00.000Z')
  expect(new Date(spanStart('1d', at)).toISOString()).toBe('2026-03-04T00:00:00.000Z')
})

test('a percentile over regions is that of all their results, not the mean of theirs', () => {
  const region = (ms: number, count: number) =>
    mergeRollups(Array.from({ length: count }, () => rollupOf(aResult({ durationMs: ms }), false)))
  const merged = mergeRollups([region(10, 990), region(1000, 10)])
  expect(quantile(merged.latency.total?.histogram ?? new Map(), 0.95)).toBeCloseTo(10, 0)
})
