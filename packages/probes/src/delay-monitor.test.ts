import { setTimeout as sleep } from 'node:timers/promises'
import { startHttpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { delayMonitor } from './delay-monitor.ts'
import { probeHttp } from './probe.fixture.ts'

/** Holds the event loop up. */
function block(ms: number): void {
  const untilMs = performance.now() + ms
  while (performance.now() < untilMs);
}

test('a result taken while the process was held up says so', async () => {
  await using server = await startHttpServer((_, response) => {
    setTimeout(() => {
      block(100)
      response.end('ok')
    }, 20)
  })
  const result = await probeHttp(server.url)
  expect(result).toMatchObject({ outcome: 'up', timing: 'delayed' })
})

test('a delay counts for the probes that were running, and for no later one', async () => {
  const before = delayMonitor.watch()
  block(60)
  const during = delayMonitor.wasDelayedSince(before)
  const after = delayMonitor.watch()
  expect({ during, after: delayMonitor.wasDelayedSince(after) }).toEqual({ during: true, after: false })
  expect(delayMonitor.takeLongestMs()).toBeGreaterThan(35)
  expect(delayMonitor.takeLongestMs()).toBeLessThan(35)
  delayMonitor.release()
  delayMonitor.release()
})

test('a delay is seen after a time without probes, too', async () => {
  const first = delayMonitor.watch()
  delayMonitor.release()
  // Long enough for the watch to have found nobody, and ended.
  await sleep(30)
  const second = delayMonitor.watch()
  expect([first, second].map((startMs) => delayMonitor.wasDelayedSince(startMs))).toEqual([false, false])
  await sleep(30)
  block(60)
  await sleep(0)
  expect(delayMonitor.wasDelayedSince(second)).toBe(true)
  delayMonitor.release()
})
