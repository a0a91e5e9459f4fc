import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cadence, firstSlot, slotsBetween } from './slot.ts'

const Interval = fc.integer({ min: 1000, max: 86_400_000 })
const Instant = fc.integer({ min: 0, max: 4_000_000_000_000 })

test('cutting a span into ticks finds every slot exactly once', () => {
  fc.assert(
    fc.property(
      fc.string(),
      Interval,
      Instant,
      fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 20 }),
      (key, interval, from, steps) => {
        const check = cadence(key, 'local', interval)
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
    fc.property(fc.string(), Interval, Instant, (key, intervalMs, from) => {
      const check = cadence(key, 'local', intervalMs)
      const slot = firstSlot(check, from)
      expect(slot).toBeGreaterThanOrEqual(from)
      expect(slot - from).toBeLessThan(intervalMs)
      expect((slot - check.phaseMs) % intervalMs === 0).toBe(true)
    }),
  )
})

test('the phase of a check in a region never changes', () => {
  expect(cadence('shop-front', 'eu', 30_000)).toEqual({
    intervalMs: 30_000,
    phaseMs: cadence('shop-front', 'eu', 30_000).phaseMs,
  })
  expect(cadence('shop-front', 'eu', 30_000).phaseMs).not.toBe(cadence('shop-front', 'us', 30_000).phaseMs)
})

test('10,000 checks spread evenly: no 10 s of a minute hold more than 1.1 times its share', () => {
  const seconds = Array.from({ length: 6 }, () => 0)
  for (let index = 0; index < 10_000; index++) {
    const tenth = Math.floor(cadence(`check-${index}`, 'local', 60_000).phaseMs / 10_000)
    seconds[tenth] = (seconds[tenth] ?? 0) + 1
  }
  for (const count of seconds) expect(count).toBeLessThan((10_000 / 6) * 1.1)
})
