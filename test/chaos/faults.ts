import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Stack } from './stack.ts'

export type Fault = {
  name: string
  /** Does the harm and, when it is of the kind that passes, ends it. */
  run: (stack: Stack) => Promise<void>
  /** Also in `npm test`. */
  short?: true
}

const kill = (stack: Stack, role: string, signal: NodeJS.Signals) => process.kill(stack.pidOf(role), signal)

/** Ended and started again after a pause, as a supervisor would. */
function killed(role: string, pauseMs = 1000): Fault['run'] {
  return async (stack) => {
    kill(stack, role, 'SIGKILL')
    await sleep(pauseMs)
    await stack.start(role)
  }
}

/** Every way to lose a part, one after another. */
export const faults: Fault[] = [
  { name: 'a worker is killed', run: killed('worker-eu'), short: true },
  { name: 'the ingester is killed', run: killed('ingester') },
  { name: 'the API is killed', run: killed('api') },
  {
    name: 'the leading scheduler is killed',
    short: true,
    run: async (stack) => {
      // One of them leads; whichever it is, the other is there.
      await killed('scheduler-1', 6000)(stack)
      await killed('scheduler-2', 6000)(stack)
    },
  },
  {
    name: 'the leading scheduler is frozen, and wakes up',
    short: true,
    run: async (stack) => {
      for (const role of ['scheduler-1', 'scheduler-2']) {
        kill(stack, role, 'SIGSTOP')
        await sleep(8000)
        kill(stack, role, 'SIGCONT')
        await sleep(2000)
      }
    },
  },
  {
    name: 'FLUSHALL',
    short: true,
    run: async (stack) => {
      const redis = new Redis(stack.redisUrl())
      await redis.flushall()
      redis.disconnect()
    },
  },
  {
    name: 'Redis is gone for 10 s, and comes back empty',
    run: async (stack) => {
      await stack.stopRedis()
      await sleep(10_000)
      await stack.startRedis()
    },
  },
  {
    name: 'PostgreSQL is restarted',
    short: true,
    run: async (stack) => {
      await stack.stopDatabase()
      await stack.startDatabase()
    },
  },
  {
    name: 'PostgreSQL is gone for 20 s',
    run: async (stack) => {
      await stack.stopDatabase()
      await sleep(20_000)
      await stack.startDatabase()
    },
  },
  {
    name: 'packets to PostgreSQL are swallowed for 20 s',
    run: async (stack) => {
      stack.databaseProxy.freeze()
      await sleep(20_000)
      stack.databaseProxy.heal()
    },
  },
  {
    name: 'a region is cut off for 30 s',
    run: async (stack) => {
      stack.redisProxies.get('eu')?.cut()
      await sleep(30_000)
      stack.redisProxies.get('eu')?.heal()
    },
  },
  {
    name: 'packets to a region are swallowed for 30 s',
    run: async (stack) => {
      stack.redisProxies.get('us')?.freeze()
      await sleep(30_000)
      stack.redisProxies.get('us')?.heal()
    },
  },
]
