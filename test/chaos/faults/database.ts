import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { onConnection } from '../account.ts'
import type { Fault } from '../fault.ts'
import type { Stack } from '../stack.ts'

/** Takes every connection that the server has to give, again and again, and gives all of them back in the end. */
async function takeAllConnections(stack: Stack, forMs: number): Promise<void> {
  const taken: pg.Client[] = []
  const until = Date.now() + forMs
  while (Date.now() < until) {
    const client = new pg.Client({ connectionString: stack.directUrl(), connectionTimeoutMillis: 2000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      taken.push(client)
    } catch {
      await client.end().catch(() => undefined)
      // What the roles gave back meanwhile is taken a moment later.
      await sleep(20)
    }
  }
  await Promise.all(taken.map((client) => client.end()))
}

export const databaseFaults: Fault[] = [
  {
    name: 'PostgreSQL is restarted',
    short: 2,
    run: async (stack) => {
      await stack.stopDatabase()
      await stack.startDatabase()
    },
  },
  {
    name: 'PostgreSQL is killed',
    run: async (stack) => {
      await stack.killDatabase()
      await stack.startDatabase()
    },
  },
  {
    name: 'PostgreSQL is gone for 60 s, and roles are started meanwhile',
    mayEnd: ['scheduler-1', 'ingester-1'],
    run: async (stack) => {
      await stack.stopDatabase()
      await sleep(20_000)
      for (const name of ['scheduler-1', 'ingester-1']) {
        await stack.role(name).kill()
        stack.role(name).start()
      }
      await sleep(40_000)
      await stack.startDatabase()
    },
  },
  {
    name: 'others take every connection of PostgreSQL for 20 s',
    run: async (stack) => {
      await takeAllConnections(stack, 20_000)
    },
  },
  {
    name: 'statements that write results hang on a lock for 25 s',
    missesNothing: true,
    run: (stack) => lockFor(stack, 'results', 25_000),
  },
  {
    name: 'statements of the schedule hang on a lock for 15 s',
    run: (stack) => lockFor(stack, 'schedule, due_slots', 15_000),
  },
]

/** Holds tables as a careless migration or a person at a console would. */
function lockFor(stack: Stack, tables: string, forMs: number): Promise<void> {
  return onConnection(stack.directUrl(), async (client) => {
    await client.query('begin')
    await client.query(`lock table ${tables} in access exclusive mode`)
    await sleep(forMs)
    await client.query('rollback')
  })
}
