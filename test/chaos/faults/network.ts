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
    run: async (stack) => {
      const proxies = stack.queue === 'redis' ? [] : Object.values(stack.queueProxies)
      for (const proxy of [stack.databaseProxy, ...proxies]) proxy.halfOpen()
    },
  },
  {
    name: 'every connection to Redis is half-open',
    queue: 'redis',
    run: async (stack) => {
      for (const proxy of Object.values(stack.queueProxies)) proxy.halfOpen()
    },
  },
  {
    name: 'a region is cut off for 10 minutes (90 s unless --long)',
    run: async (stack, { length }) => {
      stack.queueProxies.eu.cut()
      await sleep(length === 'long' ? 600_000 : 90_000)
      stack.queueProxies.eu.heal()
    },
  },
  {
    name: 'packets to a region are swallowed for 30 s',
    run: async (stack) => {
      stack.queueProxies.us.freeze()
      await sleep(30_000)
      stack.queueProxies.us.heal()
    },
  },
]
