import { setTimeout as sleep } from 'node:timers/promises'
import { hasRedis, startRedisWithUsers } from '@sonde/testkit'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { probesQueue, resultsQueue } from './names.ts'
import { openQueues } from './queues.ts'

const schema = z.object({ number: z.int() })
const queue = (name: string) => ({ name, schema })
const eu = queue(probesQueue('eu').name)
const us = queue(probesQueue('us').name)
const results = queue(resultsQueue.name)

async function until(holds: () => boolean, seconds: number): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > seconds * 20) throw new Error(`not within ${seconds} s`)
    await sleep(50)
  }
}

describe.skipIf(!hasRedis()).concurrent.each(['one Redis', 'a cluster'] as const)(
  'on %s',
  { timeout: 60_000 },
  (kind) => {
    test('the user of a region does all that its workers do, and asks for nothing that it may not', async () => {
      await using server = await startRedisWithUsers(kind)
      const errors: string[] = []
      const open = (url: string) => openQueues({ kind: 'redis', url }, (error) => errors.push(error.message))
      const control = open(server.adminUrl)
      await control.assertUsable()
      const handled: number[] = []
      const received: number[] = []
      let rejections = 0

      // A first worker takes a job and is gone: what it had in hand is free once its lock is.
      const lost = open(server.workerUrl('eu'))
      await lost.ping()
      const taken = Promise.withResolvers<void>()
      await lost.consume(
        eu,
        async () => {
          taken.resolve()
          await sleep(60_000, undefined, { ref: false })
        },
        { concurrency: 1 },
      )
      await control.send(eu, [{ id: 'lost', data: { number: 0 } }])
      await taken.promise
      await lost.close()
      for (const port of server.ports) {
        const redis = new Redis({ port, password: 'admin' })
        for (const key of await redis.keys('*:lost:lock')) await redis.del(key)
        redis.disconnect()
      }

      const worker = open(server.workerUrl('eu'))
      await worker.ping()
      const consumer = await worker.consume(
        eu,
        async ({ number }) => {
          if (number === 1 && rejections++ === 0) throw new Error('once more')
          // Longer than it takes until the lock of a job in hand is extended.
          if (number === 2) await sleep(8000)
          // A part is given back, as a worker does that stops.
          if (number === 3) await worker.send(eu, [{ data: { number: 4 } }])
          handled.push(number)
          await worker.send(results, [{ data: { number } }])
        },
        { concurrency: 10 },
      )
      await control.send(eu, [
        { id: 'once-more', data: { number: 1 } },
        { id: 'long', data: { number: 2 } },
        { data: { number: 3 } },
        { data: { number: 5 } },
        { data: { number: 6.5 } },
      ])
      await control.consume(results, async ({ number }) => void received.push(number), { concurrency: 1 })
      await until(() => received.length >= 6, 20)
      await consumer.close()
      const inOrder = (numbers: number[]) => numbers.toSorted((a, b) => a - b)
      expect(inOrder(handled)).toEqual([0, 1, 2, 3, 4, 5])
      expect(inOrder(received)).toEqual([0, 1, 2, 3, 4, 5])
      // The one that does not match the schema is set aside, which the worker may do too.
      expect(errors.filter((message) => !/set aside/.test(message))).toEqual([])
      await worker.close()
      await control.close()
      expect(await denials(server.ports)).toEqual([])
    })
  },
)

/** What was refused for want of a right, as the servers note it: user, what, and in which context. */
async function denials(ports: number[]): Promise<string[]> {
  const logs = await Promise.all(
    ports.map(async (port) => {
      const redis = new Redis({ port, password: 'admin' })
      const log = (await redis.acl('LOG')) as string[][]
      redis.disconnect()
      return log.map((entry) => `${entry[entry.indexOf('username') + 1]} ${entry[entry.indexOf('object') + 1]}`)
    }),
  )
  return logs.flat()
}

describe.skipIf(!hasRedis())('the user of a region', () => {
  test('reads and writes no other queue, and no job of the results', async () => {
    await using server = await startRedisWithUsers('one Redis')
    const [port = 0] = server.ports
    const control = openQueues({ kind: 'redis', url: server.adminUrl }, () => undefined)
    await control.send(us, [{ id: 'theirs', data: { number: 1 } }])
    await control.send(results, [{ data: { number: 1 } }])
    await control.close()
    const redis = new Redis(server.workerUrl('eu'), { enableReadyCheck: false })
    const admin = new Redis({ port, password: 'admin' })
    const before = await dump(admin)

    // A queue of its own that is another's, by way of the queue's own code.
    const errors: string[] = []
    const worker = openQueues({ kind: 'redis', url: server.workerUrl('eu') }, ({ message }) => errors.push(message))
    await worker.ping()
    await expect(worker.send(us, [{ data: { number: 2 } }])).rejects.toThrow(/NOPERM/)
    const [theirs, answers] = await Promise.all([
      worker.consume(us, async () => undefined, { concurrency: 1 }),
      worker.consume(results, async () => undefined, { concurrency: 1 }),
    ])
    await until(() => errors.filter((message) => /NOPERM/.test(message)).length >= 2, 5)
    await Promise.all([theirs.close(), answers.close()])
    await worker.close()

    for (const command of forbidden) {
      await expect(redis.call(...command), command.join(' ')).rejects.toThrow(refusal)
    }
    expect(await dump(admin)).toEqual(before)
    redis.disconnect()
    admin.disconnect()
  })
})

// In a script Redis 7 says it in other words.
const refusal = /NOPERM|^ERR The user executing the script can't (?:access|run)/

type Command = [string, ...string[]]

const forbidden: Command[] = [
  ...['theirs', 'wait', 'meta'].flatMap((key): Command[] => [
    ['EXISTS', `sonde:probes.us:${key}`],
    ['DEL', `sonde:probes.us:${key}`],
    ['EVAL', 'return redis.call("DEL", KEYS[1])', '1', `sonde:probes.us:${key}`],
    ['EVAL', `return redis.call("DEL", "sonde:probes.us:${key}")`, '0'],
  ]),
  ['HGETALL', 'sonde:probes.us:theirs'],
  ['LRANGE', 'sonde:probes.us:wait', '0', '-1'],
  ['LPUSH', 'sonde:probes.us:wait', 'x'],
  ['RPOPLPUSH', 'sonde:probes.us:wait', 'sonde:probes.eu:wait'],
  ['HGETALL', 'sonde:results:1'],
  ['HGET', 'sonde:results:1', 'data'],
  ['EVAL', 'return redis.call("HGETALL", KEYS[1])', '1', 'sonde:results:1'],
  ['EVAL', 'return redis.call("HGETALL", "sonde:results:1")', '0'],
  ['DEL', 'sonde:results:1'],
  ['LRANGE', 'sonde:results:wait', '0', '-1'],
  ['RPOPLPUSH', 'sonde:results:wait', 'sonde:probes.eu:wait'],
  ['LREM', 'sonde:results:wait', '0', '1'],
  ['BZPOPMIN', 'sonde:results:marker', '1'],
  ['SORT', 'sonde:probes.eu:wait', 'GET', 'sonde:results:*->data'],
  ['COPY', 'sonde:results:1', 'sonde:probes.eu:x'],
  ['RENAME', 'sonde:results:1', 'sonde:probes.eu:x'],
  ['SET', 'anything', '1'],
  ['KEYS', '*'],
  ['SCAN', '0'],
  ['RANDOMKEY'],
  ['DBSIZE'],
  ['FLUSHALL'],
  ['FLUSHDB'],
  ['SWAPDB', '0', '1'],
  ['CONFIG', 'GET', '*'],
  ['CONFIG', 'SET', 'maxmemory', '1'],
  ['INFO'],
  ['ACL', 'LIST'],
  ['ACL', 'SETUSER', 'worker-eu', 'allkeys'],
  ['CLIENT', 'LIST'],
  ['CLIENT', 'KILL', 'TYPE', 'normal'],
  ['MONITOR'],
  ['SAVE'],
  ['BGREWRITEAOF'],
  ['SHUTDOWN', 'NOSAVE'],
  ['REPLICAOF', 'NO', 'ONE'],
  ['SCRIPT', 'FLUSH'],
  ['FUNCTION', 'FLUSH'],
  ['MODULE', 'LIST'],
  ['PUBLISH', 'x', 'y'],
  ['SUBSCRIBE', 'x'],
  ['SLOWLOG', 'GET'],
  ['LATENCY', 'RESET'],
]

/** Every key with its value as Redis writes it to disk. */
async function dump(redis: Redis): Promise<Record<string, string | undefined>> {
  const keys = (await redis.keys('*')).toSorted()
  return Object.fromEntries(
    await Promise.all(keys.map(async (key) => [key, (await redis.dumpBuffer(key))?.toString('hex')])),
  )
}
