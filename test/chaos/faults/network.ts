import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../fault.ts'

export const networkFaults: Fault[] = [
  {
    name: 'packets to PostgreSQL are swallowed for 20 s',
    run: async (stack) => {
      stack.databaseProxy.freeze()
      await sleep(20_000)
      stack.databaseProxy.heal()
    },
  },
  {
    name: 'every connection to PostgreSQL is half-open, LISTEN with them',
    short: 2,
    run: async (stack) => stack.databaseProxy.halfOpen(),
  },
  {
    name: 'every connection to Redis is half-open',
    run: async (stack) => {
      for (const proxy of Object.values(stack.redisProxies)) proxy.halfOpen()
    },
  },
  {
    name: 'a region is cut off for 10 minutes (90 s unless --long)',
    run: async (stack, { length }) => {
      stack.redisProxies.eu.cut()
      await sleep(length === 'long' ? 600_000 : 90_000)
      stack.redisProxies.eu.heal()
    },
  },
  {
    name: 'packets to a region are swallowed for 30 s',
    run: async (stack) => {
      stack.redisProxies.us.freeze()
      await sleep(30_000)
      stack.redisProxies.us.heal()
    },
  },
]
