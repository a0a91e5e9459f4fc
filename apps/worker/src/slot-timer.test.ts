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
