import { setTimeout as sleep } from 'node:timers/promises'
import { freshDatabase, freshRedis, hasRedis } from '@sonde/testkit'
import { Redis } from 'ioredis'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openQueues } from './queues.ts'

const numbers = { name: 'numbers', schema: z.object({ number: z.int() }) }

/** A server that hands out no job, though it answers, until it is mended. */
async function refusingPostgres() {
  const database = await freshDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('alter routine bullmq.move_to_active rename to withheld')
  return {
    url: database.url,
    mend: async () => void (await client.query('alter routine bullmq.withheld rename to move_to_active')),
    [Symbol.asyncDispose]: async () => {
      await client.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

async function refusingRedis() {
  const fresh = await freshRedis()
  const client = new Redis(fresh.url)
  const list = 'sonde:numbers:wait'
  await client.set(list, 'no list')
  return {
    url: fresh.url,
    mend: async () => void (await client.del(list)),
    [Symbol.asyncDispose]: async () => {
      client.disconnect()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

describe.concurrent.each([
  { kind: 'postgres' as const, refusing: refusingPostgres, absent: false },
  { kind: 'redis' as const, refusing: refusingRedis, absent: !hasRedis() },
])('a server of kind $kind that refuses', ({ kind, refusing, absent }) => {
  test.skipIf(absent)('is asked again once a second, and gives when it is mended', async () => {
    await using server = await refusing()
    const errors: string[] = []
    const queues = openQueues({ kind, url: server.url }, (error) => errors.push(error.message))
    try {
      await queues.ping()
      const seen: number[] = []
      const consumer = await queues.consume(numbers, async ({ number }) => void seen.push(number), { concurrency: 4 })
      await sleep(2500)
      expect(errors.length, errors[0]).toBeGreaterThan(0)
      expect(errors.length).toBeLessThanOrEqual(4)
      await server.mend()
      await queues.send(numbers, [{ data: { number: 1 } }])
      for (let tries = 0; seen.length === 0 && tries < 100; tries++) await sleep(50)
      expect(seen).toEqual([1])
      await consumer.close()
    } finally {
      await queues.close()
    }
  })
})
