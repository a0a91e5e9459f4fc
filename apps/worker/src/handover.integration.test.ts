import { setTimeout as sleep } from 'node:timers/promises'
import { openQueues, resultsQueue, type WorkerMessage } from '@sonde/queue'
import { aCheck, aResult, freshDatabase } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { Handover, patienceMs } from './handover.ts'

const result = (key: string) => ({ checkId: 1, result: aResult(aCheck({ key }), 1_767_600_000_000) })

async function setUp() {
  const fresh = await freshDatabase()
  const queues = openQueues({ kind: 'postgres', url: fresh.url }, () => undefined)
  const chunks: string[][] = []
  const take = async (message: WorkerMessage) => {
    if (message.type === 'results') chunks.push(message.items.map((item) => item.result.checkKey))
  }
  await queues.consume(resultsQueue, take, { concurrency: 4 })
  return {
    chunks,
    handover: new Handover(queues, () => undefined),
    [Symbol.asyncDispose]: async () => {
      await queues.close()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

test('results wait for each other, for as long as the most impatient of them', async () => {
  await using run = await setUp()
  const began = performance.now()
  const patient = run.handover.deliver(result('a'), { patienceMs: 60_000 })
  await sleep(100)
  const impatient = run.handover.deliver(result('b'), { patienceMs: 200 })
  await Promise.all([patient, impatient])
  expect(performance.now() - began).toBeGreaterThanOrEqual(299)
  await expect.poll(() => run.chunks).toEqual([['a', 'b']])
})

test('a full chunk waits for nothing, nor does the answer of a run now', async () => {
  await using run = await setUp()
  const full = Array.from({ length: 256 }, (_, index) => result(`c-${index}`))
  await Promise.all(full.map((one) => run.handover.deliver(one, { patienceMs: 60_000 })))
  const waiting = run.handover.deliver(result('a'), { patienceMs: 60_000 })
  const runId = '6f2a1f8e-3c0f-4c40-9d5c-0d6b5f0c1d2e'
  await run.handover.deliver(result('b'), { runId, patienceMs: 0 })
  await waiting
  await expect.poll(() => run.chunks.map((chunk) => chunk.length).sort((a, b) => a - b)).toEqual([1, 1, 256])
  expect(run.handover.pending).toBe(0)
})

test('whoever is looked at often is patient for less, and what is down at once', () => {
  expect([1000, 3000, 30_000].map((intervalMs) => patienceMs(intervalMs, 'up'))).toEqual([200, 300, 1000])
  expect(patienceMs(30_000, 'down')).toBe(200)
})
