import { setTimeout as sleep } from 'node:timers/promises'
import { freshDatabase } from '@sonde/testkit'
import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openQueues } from './queues.ts'

const numbers = { name: 'numbers', schema: z.object({ number: z.int() }) }

async function open() {
  const database = await freshDatabase()
  const queues = openQueues({ kind: 'postgres', url: database.url }, () => undefined)
  await queues.assertUsable()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  return {
    queues,
    rows: async <Row extends pg.QueryResultRow>(query: string) => (await client.query<Row>(query)).rows,
    [Symbol.asyncDispose]: async () => {
      await queues.close()
      await client.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries > 200) throw new Error('not within 10 s')
    await sleep(50)
  }
}

test.each([3_600_000, -3_600_000])(
  "with a machine's clock %i ms off, jobs are locked, ended and watched by the server's",
  async (offMs) => {
    await using run = await open()
    const { queues } = run
    const trueNow = Date.now
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => trueNow() + offMs)
    try {
      const goOn = Promise.withResolvers<void>()
      const consumer = await queues.consume(numbers, () => goOn.promise, { concurrency: 1 })
      await queues.send(numbers, [{ id: 'one', data: { number: 1 } }])
      const offBy = async (column: string, from: string) =>
        (
          await run.rows<{ ms: number }>(
            `select (${column} - extract(epoch from clock_timestamp()) * 1000)::float8 as ms from ${from}`,
          )
        )[0]?.ms ?? Number.NaN
      const hasLock = async () => (await run.rows("select from bullmq.job where state = 'active'")).length === 1
      await until(hasLock)
      const lockMs = await offBy('locked_until_ms', 'bullmq.job')
      expect(lockMs).toBeGreaterThan(10_000)
      expect(lockMs).toBeLessThanOrEqual(15_000)
      await until(async () => (await run.rows("select from bullmq.meta where field = 'stalled-check'")).length === 1)
      expect(Math.abs(await offBy('value::bigint', "bullmq.meta where field = 'stalled-check'"))).toBeLessThan(10_000)
      goOn.resolve()
      await until(async () => !(await hasLock()))
      expect(Math.abs(await offBy('finished_at_ms', 'bullmq.job'))).toBeLessThan(5000)
      await consumer.close()
    } finally {
      clock.mockRestore()
    }
  },
)

test("a job that takes long keeps its lock where a machine's clock is an hour behind", async () => {
  await using run = await open()
  const { queues } = run
  const trueNow = Date.now
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => trueNow() - 3_600_000)
  try {
    const goOn = Promise.withResolvers<void>()
    const consumer = await queues.consume(numbers, () => goOn.promise, { concurrency: 1 })
    await queues.send(numbers, [{ id: 'one', data: { number: 1 } }])
    const lockedUntil = async () =>
      Number(
        (await run.rows<{ ms: string }>("select locked_until_ms as ms from bullmq.job where state = 'active'"))[0]?.ms,
      )
    await until(async () => (await lockedUntil()) > 0)
    const first = await lockedUntil()
    // It looks every 3.75 s, and renews what is as old as that.
    await until(async () => (await lockedUntil()) > first)
    goOn.resolve()
    await consumer.close()
  } finally {
    clock.mockRestore()
  }
})

test('what becomes of a job leaves no events, which nobody reads', async () => {
  await using run = await open()
  const { queues } = run
  let done = 0
  await queues.consume(numbers, async () => void done++, { concurrency: 2 })
  await queues.send(
    numbers,
    [1, 2, 3].map((number) => ({ data: { number } })),
  )
  await until(() => done === 3)
  expect(await run.rows('select from bullmq.event')).toEqual([])
})
