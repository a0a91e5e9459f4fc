import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cadence, firstSlot, slotsBetween } from './slot.ts'

const Interval = fc.integer({ min: 1000, max: 86_400_000 })
const Instant = fc.integer({ min: 0, max: 4_000_000_000_000 })
const CheckId = fc.integer({ min: 1, max: 2 ** 31 - 1 })

test('cutting a span into ticks finds every slot exactly once', () => {
  fc.assert(
    fc.property(
      CheckId,
      Interval,
      Instant,
      fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 20 }),
      (id, interval, from, steps) => {
        const check = cadence(id, 'local', interval)
        const ends = steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? from) + step], [])
        const cut = ends.flatMap((to, index) =>
          slotsBetween(check, index === 0 ? from : (ends[index - 1] as number), to),
        )
        expect(cut).toEqual(slotsBetween(check, from, ends.at(-1) ?? from))
      },
    ),
  )
})

test('the first slot is at or after the instant, less than an interval later, and on the cadence', () => {
  fc.assert(
    fc.property(CheckId, Interval, Instant, (id, intervalMs, from) => {
      const check = cadence(id, 'local', intervalMs)
      const slot = firstSlot(check, from)
      expect(slot).toBeGreaterThanOrEqual(from)
      expect(slot - from).toBeLessThan(intervalMs)
      expect((slot - check.phaseMs) % intervalMs === 0).toBe(true)
    }),
  )
})

test('the phase of a check in a region never changes', () => {
  expect([1, 2, 3].map((id) => cadence(id, 'eu', 30_000).phaseMs)).toEqual([27_565, 16_106, 4647])
  expect(cadence(1, 'us', 30_000).phaseMs).not.toBe(cadence(1, 'eu', 30_000).phaseMs)
})

/** The most that any second of the interval holds, over its share. */
function unevenness(ids: readonly number[], regions: readonly string[], intervalMs: number): number {
  const seconds = new Map<number, number>()
  for (const id of ids) {
    for (const region of regions) {
      const second = Math.floor(cadence(id, region, intervalMs).phaseMs / 1000)
      seconds.set(second, (seconds.get(second) ?? 0) + 1)
    }
  }
  return Math.max(...seconds.values()) / ((ids.length * regions.length * 1000) / intervalMs)
}

test.each([1, 5, 10, 20, 30, 60, 120, 300])(
  'of 10,000 checks every %i s no second holds more than 1.2 times its share, whatever their numbers and regions',
  (seconds) => {
    const RegionName = fc.stringMatching(/^[a-z]{1,8}$/)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.uniqueArray(RegionName, { minLength: 1, maxLength: 3 }),
        // Now and then a number is left out: of a check that was deleted, or a write that came to nothing.
        fc.integer({ min: 3, max: 1000 }),
        (first, regions, gapEvery) => {
          const ids = Array.from({ length: 10_000 }, (_, index) => first + index + Math.floor(index / gapEvery))
          expect(unevenness(ids, regions, seconds * 1000)).toBeLessThanOrEqual(1.2)
        },
      ),
      { numRuns: 20 },
    )
  },
)

test('checks of several intervals that were made in turn are spread as evenly, each interval by itself', () => {
  for (const every of [2, 3, 4, 7, 10]) {
    const ids = Array.from({ length: 10_000 }, (_, index) => 1 + index * every)
    expect(unevenness(ids, ['eu'], 60_000)).toBeLessThanOrEqual(1.2)
  }
})
