import { setTimeout as sleep } from 'node:timers/promises'
import { freshRedis, hasRedis, startTcpProxy } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openQueues } from './queues.ts'

const numbers = { name: 'numbers', schema: z.object({ number: z.int() }) }

test.skipIf(!hasRedis())(
  'a connection to Redis that died without a word is given up, for producers and consumers',
  async () => {
    await using redis = await freshRedis()
    const url = new URL(redis.url)
    await using proxy = await startTcpProxy(Number(url.port))
    url.port = String(proxy.port)
    const queues = openQueues({ kind: 'redis', url: url.href }, () => undefined)
    await queues.assertUsable()
    const seen: number[] = []
    await queues.consume(numbers, async ({ number }) => void seen.push(number), { concurrency: 2 })
    await queues.send(numbers, [{ data: { number: 1 } }])
    for (let tries = 0; tries < 100 && seen.length < 1; tries++) await sleep(50)
    proxy.halfOpen()
    const began = performance.now()
    const send = () => queues.send(numbers, [{ data: { number: 2 } }])
    while (
      !(await send().then(
        () => true,
        () => false,
      ))
    )
      await sleep(100)
    for (let tries = 0; tries < 200 && !seen.includes(2); tries++) await sleep(100)
    expect(seen).toContain(2)
    expect(performance.now() - began).toBeLessThan(25_000)
    await queues.close()
  },
)
