import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ServerClock } from './clock.ts'

const hourMs = 3_600_000
const fail = (error: Error) => expect.unreachable(error.message)
const never = new AbortController().signal

test('before it is told the time it is our own clock, then the server that it follows', async () => {
  const clock = new ServerClock(async () => Date.now() + hourMs, fail)
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(5)
  await clock.follow()
  expect(Math.abs(clock.now() - Date.now() - hourMs)).toBeLessThan(5)
  expect(Math.abs(clock.offsetMs + hourMs)).toBeLessThan(5)
  clock.close()
})

test('an instant is waited for by the server', async () => {
  const clock = new ServerClock(async () => Date.now() - hourMs, fail)
  await clock.follow()
  const began = performance.now()
  await clock.until(Date.now() - hourMs + 300, never)
  expect(performance.now() - began).toBeGreaterThan(290)
  expect(performance.now() - began).toBeLessThan(1000)
  await clock.until(Date.now() - hourMs - 1, never)
  clock.close()
})

test('whoever waits stops waiting when told to', async () => {
  const clock = new ServerClock(async () => Date.now(), fail)
  const stop = new AbortController()
  const waiting = clock.until(Date.now() + hourMs, stop.signal)
  stop.abort()
  await waiting
})

test("an offset past a second is told, and that it is gone; a small one is nobody's business", async () => {
  let offsetMs = 200
  const clock = new ServerClock(async () => Date.now() - offsetMs, fail)
  const told: number[] = []
  clock.onSkew = (ms) => told.push(Math.round(ms / 100))
  await clock.follow()
  offsetMs = hourMs
  const jump = new ServerClock(async () => Date.now() - offsetMs, fail)
  jump.onSkew = (ms) => told.push(Math.round(ms / 100))
  await jump.follow()
  expect(told).toEqual([36_000])
  clock.close()
  jump.close()
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
