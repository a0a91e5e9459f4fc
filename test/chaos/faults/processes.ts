import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../fault.ts'
import type { Role } from '../role.ts'
import { roleNames, type Stack } from '../stack.ts'
import { leaderOf } from '../watch.ts'

const takeOverMs = 5000

/** Ended and started again after a pause, as a supervisor would. */
function killed(name: string, pauseMs = 1000): Fault['run'] {
  return async (stack) => {
    await stack.role(name).kill()
    await sleep(pauseMs)
    stack.role(name).start()
  }
}

async function currentLeader(stack: Stack): Promise<Role> {
  for (let tries = 0; tries < 100; tries++) {
    const leader = await leaderOf(stack)
    if (leader !== undefined) return leader
    await sleep(100)
  }
  throw new Error('no scheduler leads')
}

/** Complaints when nobody but `former` leads in time. */
async function takenOver(stack: Stack, former: Role, since: number): Promise<string[]> {
  for (;;) {
    const leader = await leaderOf(stack)
    const tookMs = Date.now() - since
    if (leader !== undefined && leader !== former) {
      return tookMs <= takeOverMs ? [] : [`the other scheduler took over after ${tookMs} ms`]
    }
    if (tookMs > 4 * takeOverMs) return ['no other scheduler took over']
    await sleep(50)
  }
}

export const processFaults: Fault[] = [
  { name: 'one worker of two is killed', run: killed('eu-1') },
  {
    name: 'all workers of a region are killed',
    run: async (stack) => {
      await Promise.all(['eu-1', 'eu-2'].map((name) => stack.role(name).kill()))
      await sleep(5000)
      for (const name of ['eu-1', 'eu-2']) stack.role(name).start()
    },
  },
  {
    name: 'workers are killed at random moments',
    short: 1,
    run: async (stack) => {
      for (const name of ['eu-1', 'us-1', 'eu-2', 'us-2']) {
        await sleep(Math.random() * 1500)
        await killed(name, 200)(stack, { length: 'short' })
      }
    },
  },
  {
    name: 'a worker is frozen for 20 s',
    run: async (stack) => {
      stack.role('us-1').signal('SIGSTOP')
      await sleep(20_000)
      stack.role('us-1').signal('SIGCONT')
    },
  },
  { name: 'an ingester is killed', run: killed('ingester-1'), missesNothing: true },
  {
    name: 'ingesters are killed at random moments',
    run: async (stack) => {
      for (let times = 0; times < 4; times++) {
        await sleep(Math.random() * 1500)
        await killed(`ingester-${(times % 2) + 1}`, 200)(stack, { length: 'short' })
      }
    },
  },
  {
    name: 'an ingester is frozen for 20 s',
    run: async (stack) => {
      stack.role('ingester-2').signal('SIGSTOP')
      await sleep(20_000)
      stack.role('ingester-2').signal('SIGCONT')
    },
  },
  { name: 'the API is killed', run: killed('api'), missesNothing: true },
  {
    name: 'the leading scheduler is killed',
    short: 2,
    missesNothing: true,
    run: async (stack) => {
      const leader = await currentLeader(stack)
      const since = Date.now()
      await leader.kill()
      const complaints = await takenOver(stack, leader, since)
      leader.start()
      return complaints
    },
  },
  {
    name: 'schedulers are killed at random moments',
    run: async (stack) => {
      for (let times = 0; times < 4; times++) {
        await sleep(Math.random() * 2000)
        await killed(`scheduler-${(times % 2) + 1}`, 300)(stack, { length: 'short' })
      }
    },
  },
  {
    name: 'the leading scheduler is frozen, and wakes up',
    short: 2,
    run: async (stack) => {
      const leader = await currentLeader(stack)
      const since = Date.now()
      leader.signal('SIGSTOP')
      // It is told by its silence of 4 s and not by its end: that much later.
      const complaints = await takenOver(stack, leader, since + 4000)
      await sleep(3000)
      leader.signal('SIGCONT')
      return complaints
    },
  },
  {
    name: 'every role is restarted in turn',
    short: 1,
    missesNothing: true,
    run: async (stack, { length }) => {
      const complaints: string[] = []
      for (const name of roleNames.filter((one) => length !== 'short' || !one.endsWith('-1'))) {
        const code = await stack.role(name).restart()
        if (code !== 0) complaints.push(`${name} ended with ${code}`)
      }
      return complaints
    },
  },
]
