import { setTimeout as sleep } from 'node:timers/promises'
import { delayMonitor } from '@sonde/probes'
import { expect, test } from 'vitest'
import { lookEveryMs, nextLimit } from './admission.ts'
import { Gate } from './gate.ts'

const at = (slotMs: number, overMs = Number.POSITIVE_INFINITY) => ({ slotMs, overMs })

/** Work that lasts until it is ended. */
function work() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const one = { began: false, end: resolve, run: () => ((one.began = true), promise) }
  return one
}

test('no more are let in at once than the limit says, and the newest slot is next', async () => {
  const gate = new Gate(2, 100)
  const all = [0, 1, 2, 3, 4].map(() => work())
  const passed = all.map(({ run }, slotMs) => gate.pass(run, at(slotMs)))
  expect(all.map(({ began }) => began)).toEqual([true, true, false, false, false])
  expect([gate.running, gate.waiting]).toEqual([2, 3])
  all[0]?.end()
  await passed[0]
  expect(all.map(({ began }) => began)).toEqual([true, true, false, false, true])
  for (const one of all) one.end()
  await Promise.all(passed)
  expect([gate.running, gate.waiting, gate.takeBusiest(), gate.takeBusiest()]).toEqual([0, 0, 2, 0])
})

test('those that wait for their target keep nobody out, until the most are inside', async () => {
  const gate = new Gate(2, 4)
  const hanging = [0, 1, 2, 3, 4].map(() => work())
  const passed = hanging.map(({ run }) => gate.pass(run, at(0)))
  expect(gate.running).toBe(2)
  await sleep(250)
  expect([gate.running, gate.waiting]).toEqual([4, 1])
  hanging[0]?.end()
  await sleep(10)
  expect([gate.running, gate.waiting]).toEqual([4, 0])
  for (const one of hanging) one.end()
  await Promise.all(passed)
})

test('whoever waits past its time is let go, and all are at the end', async () => {
  const gate = new Gate(1, 1)
  const [first, late, early] = [work(), work(), work()]
  const passed = [first, late, early].map(({ run }, index) => gate.pass(run, at(index, 1000 * (index + 1))))
  gate.letGo(2500)
  await sleep(0)
  expect([late.began, early.began]).toEqual([true, false])
  gate.open()
  await sleep(0)
  expect(early.began).toBe(true)
  for (const one of [first, late, early]) one.end()
  await Promise.all(passed)
})

test('work that rejects leaves its place', async () => {
  const gate = new Gate(1, 1)
  await expect(gate.pass(() => Promise.reject(new Error('no')), at(0))).rejects.toThrow('no')
  expect(await gate.pass(async () => 'in', at(0))).toBe('in')
})

test('work that holds the event loop up is admitted less at once, and more again when it is over', async () => {
  const most = 1000
  const gate = new Gate(most, most)
  delayMonitor.watch()
  const look = setInterval(() => {
    gate.limit = nextLimit(gate.limit, { delayMs: delayMonitor.takeLongestMs(), busiest: gate.takeBusiest() }, most)
  }, lookEveryMs)
  // Each computes for a while, waits as if for a target, and computes again.
  const busy = async (waitMs: number) => {
    for (let step = 0; step < 3; step++) {
      const untilMs = performance.now() + 1
      while (performance.now() < untilMs);
      await sleep(waitMs)
    }
  }
  const began = performance.now()
  let ended = 0
  for (let index = 0; performance.now() - began < 3000; index++) {
    if (gate.waiting < 200)
      for (let more = 0; more < 100; more++) void gate.pass(() => busy(5 + (more % 40)), at(index)).then(() => ended++)
    await sleep(20)
  }
  expect(gate.limit).toBeLessThan(500)
  expect(ended).toBeGreaterThan(100)
  const low = gate.limit
  const calm = performance.now() + 15_000
  while (gate.limit < low + 200 && performance.now() < calm) await sleep(100)
  expect(gate.limit).toBeGreaterThanOrEqual(low + 200)
  clearInterval(look)
  delayMonitor.release()
})
