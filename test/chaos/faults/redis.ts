import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { sonde } from '../../e2e/sonde.ts'
import type { Fault } from '../fault.ts'
import type { Stack } from '../stack.ts'

async function onRedis<Value>(stack: Stack, work: (redis: Redis) => Promise<Value>): Promise<Value> {
  const redis = new Redis(stack.redisUrl)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

const onlyRedis: Omit<Fault, 'queue'>[] = [
  {
    name: 'Redis is restarted and has kept its data',
    run: async (stack) => {
      await onRedis(stack, async (redis) => {
        await redis.config('SET', 'appendonly', 'yes')
        // Before the rewrite is done a restart would find half of it.
        for (;;) {
          const info = await redis.info('persistence')
          if (/aof_rewrite_in_progress:0/.test(info) && /aof_rewrite_scheduled:0/.test(info)) break
          await sleep(100)
        }
      })
      await stack.stopRedis()
      await sleep(1000)
      await stack.startRedis({ kept: true })
      await onRedis(stack, (redis) => redis.config('SET', 'appendonly', 'no'))
    },
  },
  {
    name: 'Redis is gone for 10 s, and comes back empty',
    short: 2,
    run: async (stack) => {
      await stack.stopRedis()
      await sleep(10_000)
      await stack.startRedis()
    },
  },
  {
    name: 'FLUSHALL',
    short: 1,
    run: (stack) => onRedis(stack, async (redis) => void (await redis.flushall())),
  },
  {
    name: 'Redis has no memory left for 20 s',
    run: async (stack) => {
      await onRedis(stack, async (redis) => {
        await redis.config('SET', 'maxmemory', '1')
        await sleep(20_000)
        await redis.config('SET', 'maxmemory', '0')
      })
    },
  },
  {
    name: 'a role is started on a Redis that evicts keys',
    missesNothing: true,
    run: (stack) =>
      onRedis(stack, async (redis) => {
        await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
        try {
          await using refused = sonde(['scheduler'], { env: stack.environment, cwd: stack.folder })
          const code = await Promise.race([refused.exited, sleep(20_000, 'no end')])
          await Promise.race([once(refused.child, 'close'), sleep(500)])
          const line = 'redis-cli config set maxmemory-policy noeviction'
          return code === 1 && refused.output().includes(line)
            ? []
            : [`it was not refused (${code}): ${refused.output()}`]
        } finally {
          await redis.config('SET', 'maxmemory-policy', 'noeviction')
        }
      }),
  },
]

export const redisFaults: Fault[] = onlyRedis.map((fault) => ({ ...fault, queue: 'redis' }))
