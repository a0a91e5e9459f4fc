import { setTimeout as sleep } from 'node:timers/promises'
import { freshDatabase, freshRedis, hasRedis, startRedisServer } from '@sonde/testkit'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { QueueLocation } from './backend.ts'
import { openQueues, Unprocessable } from './queues.ts'

const numbers = { name: 'numbers', schema: z.object({ number: z.int() }) }

const backends: {
  kind: QueueLocation['kind']
  fresh: () => Promise<AsyncDisposable & { url: string }>
  absent: boolean
}[] = [
  { kind: 'postgres', fresh: () => freshDatabase(), absent: false },
  { kind: 'redis', fresh: () => freshRedis(), absent: !hasRedis() },
]

describe.each(backends)('queues on $kind', ({ kind, fresh, absent }) => {
  async function open() {
    const server = await fresh()
    const errors: string[] = []
    const queues = openQueues({ kind, url: server.url }, (error) => errors.push(error.message))
    await queues.ping()
    return {
      queues,
      errors,
      [Symbol.asyncDispose]: async () => {
        await queues.close()
        await server[Symbol.asyncDispose]()
      },
    }
  }
  const until = async (condition: () => boolean, describe: () => string) => {
    for (let tries = 0; !condition(); tries++) {
      if (tries > 200) throw new Error(`not within 10 s: ${describe()}`)
      await sleep(50)
    }
  }

  test.skipIf(absent)('every job is handled once, and its id keeps a second from being added', async () => {
    await using opened = await open()
    const { queues } = opened
    const seen: number[] = []
    const jobs = Array.from({ length: 50 }, (_, number) => ({ id: `n-${number}`, data: { number } }))
    await queues.send(numbers, jobs)
    await queues.send(numbers, jobs)
    const consumer = await queues.consume(numbers, async ({ number }) => void seen.push(number), { concurrency: 4 })
    await until(
      () => seen.length >= 50,
      () => `saw ${seen.length}`,
    )
    await queues.send(numbers, jobs)
    await sleep(500)
    expect(seen.toSorted((a, b) => a - b)).toEqual(jobs.map(({ data }) => data.number))
    await consumer.close()
  })

  test.skipIf(absent)('a job whose handler rejects comes back until it does not', async () => {
    await using opened = await open()
    const { queues } = opened
    let tries = 0
    await queues.send(numbers, [{ data: { number: 1 } }])
    const consumer = await queues.consume(
      numbers,
      async () => {
        if (++tries < 4) throw new Error('not yet')
      },
      { concurrency: 1 },
    )
    await until(
      () => tries === 4,
      () => `${tries} tries`,
    )
    await sleep(300)
    expect(tries).toBe(4)
    expect(await queues.depth(numbers)).toBe(0)
    await consumer.close()
  })

  test.skipIf(absent)('what does not match the schema, or cannot be processed, is set aside and told', async () => {
    await using opened = await open()
    const { queues, errors } = opened
    const seen: number[] = []
    await queues.send(numbers, [{ data: { number: 1.5 } }, { data: { number: 2 } }, { data: { number: 3 } }])
    const consumer = await queues.consume(
      numbers,
      async ({ number }) => {
        if (number === 2) throw new Unprocessable('two is not wanted')
        seen.push(number)
      },
      { concurrency: 1 },
    )
    await until(
      () => seen.length === 1 && errors.length === 2,
      () => `${seen.join()} ${errors.join()}`,
    )
    expect(errors).toEqual([
      expect.stringMatching(/^job \S+ of queue numbers is set aside: its payload does not match: number: /),
      expect.stringMatching(/set aside: two is not wanted$/),
    ])
    await consumer.close()
  })

  test.skipIf(absent)('the age of a queue is that of the job that waits longest', async () => {
    await using opened = await open()
    const { queues } = opened
    expect(await queues.oldestAgeMs(numbers)).toBe(0)
    await queues.send(numbers, [{ data: { number: 1 } }])
    await sleep(400)
    await queues.send(numbers, [{ data: { number: 2 } }])
    const ageMs = await queues.oldestAgeMs(numbers)
    expect(ageMs).toBeGreaterThanOrEqual(390)
    expect(ageMs).toBeLessThan(5000)
    expect(await queues.waiting(numbers)).toBe(2)
  })

  test.skipIf(absent)(
    'a queue that says so hands out the newest first, and its age is still that of the oldest',
    async () => {
      await using opened = await open()
      const { queues } = opened
      const newest = { ...numbers, name: 'newest', first: 'newest' as const }
      for (const number of [1, 2, 3]) {
        await queues.send(newest, [{ data: { number } }])
        await sleep(100)
      }
      expect(await queues.oldestAgeMs(newest)).toBeGreaterThanOrEqual(290)
      const seen: number[] = []
      const consumer = await queues.consume(newest, async ({ number }) => void seen.push(number), { concurrency: 1 })
      await until(
        () => seen.length === 3,
        () => `saw ${seen.length}`,
      )
      expect(seen).toEqual([3, 2, 1])
      await consumer.close()
    },
  )

  test.skipIf(absent).each(['oldest', 'newest'] as const)(
    'a backlog is shed by age and by number, the oldest first, where the %s is taken first',
    async (first) => {
      await using opened = await open()
      const { queues } = opened
      await queues.assertUsable()
      const queue = { ...numbers, name: `backlog-${first}`, first }
      const add = (from: number, to: number) =>
        queues.send(
          queue,
          Array.from({ length: to - from }, (_, index) => ({ data: { number: from + index } })),
        )
      await add(0, 20)
      await sleep(600)
      await add(20, 50)
      expect(await queues.shed(queue, { olderThanMs: 3000, keep: 50 })).toBe(0)
      expect(await queues.shed(queue, { olderThanMs: 400, keep: 50 })).toBe(20)
      await sleep(10)
      await add(50, 55)
      // Those that were added together go together.
      expect(await queues.shed(queue, { olderThanMs: 3000, keep: 5 })).toBe(30)
      expect(await queues.waiting(queue)).toBe(5)
      const seen: number[] = []
      const consumer = await queues.consume(queue, async ({ number }) => void seen.push(number), { concurrency: 1 })
      await until(
        () => seen.length === 5,
        () => `saw ${seen.join()}`,
      )
      expect(seen.toSorted((a, b) => a - b)).toEqual([50, 51, 52, 53, 54])
      await consumer.close()
    },
  )

  test.skipIf(absent)("the clock is the server's from the first use on", async () => {
    await using opened = await open()
    const { queues } = opened
    await queues.assertUsable()
    // The server runs on this very machine, so the two must agree, to within a round trip.
    expect(Math.abs(queues.clock.offsetMs)).toBeLessThan(50)
    expect(Math.abs(queues.clock.now() - Date.now())).toBeLessThan(50)
  })

  test.skipIf(absent)('closing a consumer waits for the job in hand', async () => {
    await using opened = await open()
    const { queues } = opened
    let done = false
    const started = Promise.withResolvers<void>()
    await queues.send(numbers, [{ data: { number: 1 } }])
    const consumer = await queues.consume(
      numbers,
      async () => {
        started.resolve()
        await sleep(300)
        done = true
      },
      { concurrency: 1 },
    )
    await started.promise
    await consumer.close()
    expect(done).toBe(true)
  })
})

test('a server that is not there is one line that names the variable', async () => {
  const queues = openQueues({ kind: 'redis', url: 'redis://127.0.0.1:9' }, () => undefined)
  await expect(queues.ping()).rejects.toThrow(
    'REDIS_URL: no connection to Redis at 127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9',
  )
  await queues.close()
})

test.skipIf(!hasRedis())('a Redis that evicts is refused, with the line that mends it', async () => {
  await using server = await startRedisServer()
  const url = server?.url ?? ''
  const redis = new Redis(url)
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const queues = openQueues({ kind: 'redis', url }, () => undefined)
  await expect(queues.assertUsable()).rejects.toThrow(
    /^REDIS_URL: Redis at 127\.0\.0\.1:\d+ drops jobs when memory runs short \(maxmemory-policy is allkeys-lru\); set it: redis-cli config set maxmemory-policy noeviction/,
  )
  await redis.config('SET', 'maxmemory-policy', 'noeviction')
  await queues.assertUsable()
  redis.disconnect()
  await queues.close()
})
