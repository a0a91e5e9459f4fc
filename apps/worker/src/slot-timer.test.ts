import { expect, test } from 'vitest'
import { SlotTimer } from './slot-timer.ts'

test('thousands of waits end each at its time or a little later, and never before it', async () => {
  const timer = new SlotTimer()
  const began = performance.now()
  const waits = Array.from({ length: 3000 }, (_, index) => (index * 7) % 300)
  const early = await Promise.all(
    waits.map(async (waitMs) => {
      await timer.wait(waitMs)
      // Node's timers count whole milliseconds.
      return performance.now() - began < waitMs - 1
    }),
  )
  expect(early.filter(Boolean)).toEqual([])
})

test('what is due or overdue does not wait', async () => {
  const order: string[] = []
  const timer = new SlotTimer()
  const later = timer.wait(5).then(() => order.push('later'))
  await Promise.all([0, -1000].map((waitMs) => timer.wait(waitMs).then(() => order.push('now'))))
  await later
  expect(order).toEqual(['now', 'now', 'later'])
})

test('stopped, it lets go of all that wait and of all that come', async () => {
  const timer = new SlotTimer()
  const waiting = Promise.all([timer.wait(3_600_000), timer.wait(7_200_000)])
  timer.stop()
  await waiting
  await timer.wait(3_600_000)
})

test('of slots that lie close together the first waits for the last, five at most; one by itself waits for nobody', async () => {
  const timer = new SlotTimer()
  const began = performance.now()
  const wokenAt = async (waitMs: number) => {
    await timer.wait(waitMs)
    return performance.now() - began
  }
  // Five within 20 ms, a sixth, one that is far from it, and one that comes to wait later than those behind it.
  const waits = [100, 105, 110, 115, 120, 124, 200, 300].map(wokenAt)
  const before = wokenAt(50)
  const [first = 0, , , , fifth = 0, sixth = 0, alone = 0] = await Promise.all(waits)
  expect(await before).toBeLessThan(first)
  expect(fifth - first).toBeLessThan(1)
  expect(first).toBeGreaterThanOrEqual(119)
  expect(sixth).toBeGreaterThanOrEqual(fifth)
  expect(alone).toBeGreaterThanOrEqual(199)
  expect(sixth).toBeLessThan(alone)
})
