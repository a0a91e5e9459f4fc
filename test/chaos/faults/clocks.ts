import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { onConnection } from '../account.ts'
import type { Fault } from '../fault.ts'
import type { Stack } from '../stack.ts'

const library = ['x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf']
  .map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path))

/** Whether this machine can give a process a clock of its own. */
export const hasFaketime = library !== undefined

const shifted = (seconds: number) => ({
  LD_PRELOAD: library ?? '',
  FAKETIME: `${seconds > 0 ? '+' : ''}${seconds}`,
  // Timers are not to be touched: it is the time of day that is wrong.
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
})

// Probes of workers whose clock is wrong begin this long after their slot at most, by the clock of everybody else.
const lateMs = 1000

async function wrongClock(stack: Stack, seconds: number): Promise<string[]> {
  const names = ['eu-1', 'eu-2']
  for (const name of names) await stack.role(name).restart(shifted(seconds))
  await sleep(5000)
  const from = new Date()
  await sleep(8000)
  const complaints = await onConnection(stack.directUrl(), async (client) => {
    const { rows } = await client.query<{ count: string; late: string; missed: string }>(
      `select count(*) as count, count(*) filter (where outcome = 'missed') as missed,
         count(*) filter (where start_delay_ms not between -50 and $2) as late
       from results r join regions g on g.id = r.region_id where g.name = 'eu' and slot >= $1`,
      [from, lateMs],
    )
    const [{ count, late, missed }] = rows as [(typeof rows)[number]]
    return Number(count) > 10 && Number(late) + Number(missed) === 0
      ? []
      : [`with a clock ${seconds} s off: ${count} rows, ${late} of them not at their slot, ${missed} missed`]
  })
  for (const name of names) await stack.role(name).restart()
  return complaints
}

/** Every process that Sonde runs on, by what is in `/proc`. */
async function everyProcess(stack: Stack): Promise<number[]> {
  const redis = new Redis(stack.redisUrl)
  const redisPid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1])
  redis.disconnect()
  const postmaster = Number(readFileSync(`${stack.databaseCluster()}/postmaster.pid`, 'utf8').split('\n')[0])
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster)
  // The postmaster goes first: it must not start another while the others are stopped.
  return [postmaster, ...children.map(Number), redisPid, ...stack.roles().map(({ pid }) => pid())]
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // A connection's process may have ended meanwhile.
    }
  }
}

export const clockFaults: Fault[] = [
  {
    name: 'the machine is suspended for 2 minutes (30 s unless --long)',
    run: async (stack, { length }) => {
      const pids = await everyProcess(stack)
      signalAll(pids, 'SIGSTOP')
      await sleep(length === 'long' ? 120_000 : 30_000)
      signalAll(pids, 'SIGCONT')
    },
  },
  ...(hasFaketime
    ? [
        {
          name: "a region's clocks are an hour ahead",
          missesNothing: true as const,
          run: (stack: Stack) => wrongClock(stack, 3600),
        },
        {
          name: "a region's clocks are an hour behind",
          missesNothing: true as const,
          run: (stack: Stack) => wrongClock(stack, -3600),
        },
      ]
    : []),
]
