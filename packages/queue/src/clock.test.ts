import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ServerClock } from './clock.ts'

const hourMs = 3_600_000
const fail = (error: Error) => expect.unreachable(error.message)

test('before it is told the time it is our own clock, then the server that it follows', async () => {
  const clock = new ServerClock(async () => Date.now() + hourMs, fail)
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(5)
  await clock.follow()
  expect(Math.abs(clock.now() - Date.now() - hourMs)).toBeLessThan(5)
  expect(Math.abs(clock.offsetMs + hourMs)).toBeLessThan(5)
  clock.close()
})

test('whoever waits is told when it has moved, and not when it has not', async () => {
  const clock = new ServerClock(async () => Date.now() - hourMs, fail)
  let steps = 0
  clock.onStep = () => steps++
  await clock.follow()
  expect(steps).toBe(1)
  clock.close()
  const same = new ServerClock(async () => Date.now(), fail)
  same.onStep = () => steps++
  await same.follow()
  expect(steps).toBe(1)
  same.close()
})

test.each([
  ['of less than a second is nobody’s business', 900, []],
  ['of more is told', hourMs, [hourMs]],
])('an offset %s', async (_, offsetMs, expected) => {
  const clock = new ServerClock(async () => Date.now() - offsetMs, fail)
  const told: number[] = []
  clock.onSkew = (ms) => told.push(Math.round(ms / 100) * 100)
  await clock.follow()
  expect(told).toEqual(expected)
  clock.close()
})

test('a server that does not tell its time is one line, and our own clock holds', async () => {
  const faults: string[] = []
  const clock = new ServerClock(
    () => Promise.reject(new Error("NOPERM this user has no permissions to run the 'time' command")),
    (error) => faults.push(error.message),
  )
  await clock.follow()
  await sleep(1500)
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(5)
  expect(faults).toEqual(["the queue's server does not tell its time; going by this machine's clock"])
  clock.close()
})
