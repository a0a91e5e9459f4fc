import { setTimeout as sleep } from 'node:timers/promises'
import { freshDatabase, freshRedis, hasRedis } from '@sonde/testkit'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openQueues } from './queues.ts'

const numbers = { name: 'numbers', schema: z.object({ number: z.int() }) }

describe.each([
  { kind: 'postgres' as const, fresh: () => freshDatabase(), absent: false },
  { kind: 'redis' as const, fresh: () => freshRedis(), absent: !hasRedis() },
])('on $kind', ({ kind, fresh, absent }) => {
  test.skipIf(absent)('a queue is done up to the oldest job that waits, is in hand, or has been rejected', async () => {
    await using server = await fresh()
    const [queues, others] = [0, 1].map(() => openQueues({ kind, url: server.url }, () => undefined))
    if (queues === undefined || others === undefined) throw new Error('not opened')
    await Promise.all([queues.assertUsable(), others.assertUsable()])
    const isRecent = async () => Math.abs((await others.doneUpTo(numbers)) - others.clock.now()) < 200
    expect(await isRecent()).toBe(true)

    const addedAt = queues.clock.now()
    const isHeldUp = async () => Math.abs((await others.doneUpTo(numbers)) - addedAt) < 200
    await queues.send(numbers, [{ data: { number: 1 } }])
    await sleep(500)
    expect(await isHeldUp()).toBe(true)

    const [taken, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let rejections = 0
    await queues.consume(
      numbers,
      async ({ number }) => {
        if (number !== 1) return
        taken.resolve()
        await Promise.race([written.promise, sleep(200)])
        if (rejections++ < 5) throw new Error('not yet')
        await written.promise
      },
      { concurrency: 2 },
    )
    await taken.promise
    // Later jobs overtake it, and it goes to and fro between waiting and being in hand.
    for (let times = 0; times < 8; times++) {
      await queues.send(numbers, [{ data: { number: 2 } }])
      expect(await isHeldUp()).toBe(true)
      await sleep(150)
    }
    expect(rejections).toBeGreaterThan(2)
    rejections = 5
    written.resolve()
    for (let tries = 0; tries < 100 && !(await isRecent()); tries++) await sleep(50)
    expect(await isRecent()).toBe(true)
    await Promise.all([queues.close(), others.close()])
  })
})
