import { durationMs } from '@sonde/core'
import { aCheck } from '@sonde/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchesOf, type Scheduled, scheduled } from './batches.ts'
import { dueSlots } from './due.ts'
import { maturesAfterMs } from './maturity.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const entries = (interval: string) =>
  Array.from({ length: 40 }, (_, id) => scheduled(id, aCheck({ key: `c-${id}`, interval }), ['eu', 'us']) as Scheduled)

test('what is noted as due is what is handed out, slot by slot', () => {
  fc.assert(
    fc.property(fc.constantFrom('1s', '7s', '30s'), fc.integer({ min: 1, max: 60 }), (interval, ticks) => {
      const all = entries(interval)
      const noted = dueSlots(all, start, start + ticks * 1000).flatMap(({ region, checkIds, slotsMs }) =>
        checkIds.map((id, index) => `${region} ${id} ${slotsMs[index]}`),
      )
      const handed = Array.from({ length: ticks }, (_, tick) => [
        ...batchesOf(all, start + tick * 1000, start + (tick + 1) * 1000).values(),
      ])
        .flat(2)
        .flatMap(({ data }) => data.probes.map(({ checkId, slotMs }) => `${data.region} ${checkId} ${slotMs}`))
      expect(noted.toSorted()).toEqual(handed.toSorted())
    }),
    { numRuns: 30 },
  )
})

test.each([
  ['1s', '500ms', 0],
  ['1s', '900ms', 5],
  ['30s', '5s', 2],
  ['24h', '10m', 5],
])(
  'with an interval of %s, a timeout of %s and %i retries a slot matures within three intervals, and not before its attempts could end',
  (interval, timeout, retries) => {
    const matures = maturesAfterMs({ interval, timeout, retries })
    expect(matures).toBeGreaterThanOrEqual(durationMs(interval) + durationMs(timeout))
    expect(matures).toBeLessThanOrEqual(durationMs(interval) * 2.5)
  },
)

test('what is told as missed together matures within a second, and with short intervals within a quarter of one', () => {
  for (const [interval, mostMs] of [
    ['1s', 250],
    ['7s', 250],
    ['30s', 1000],
  ] as const) {
    const all = entries(interval)
    const groups = dueSlots(all, start, start + 60_000)
    const late = groups.flatMap(({ matureAtMs, slotsMs }) =>
      slotsMs.map((slotMs) => matureAtMs - slotMs - (all[0] as Scheduled).matureMs),
    )
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...late)).toBeLessThan(mostMs)
  }
})
