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

/** One worker of a region with such a clock, beside one whose clock is right: both probe, each at its slots, and none does the other's. */
async function wrongClock(stack: Stack, seconds: number): Promise<string[]> {
  await stack.role('eu-1').restart(shifted(seconds))
  await sleep(5000)
  const twice = await probedTwice(stack)
  const from = new Date()
  await sleep(20_000)
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
  const again = (await probedTwice(stack)) - twice
  await stack.role('eu-1').restart()
  return again === 0 ? complaints : [...complaints, `with a clock ${seconds} s off: ${again} slots were probed twice`]
}

/** How many results came for slots that had one, ever since the ingesters started. */
async function probedTwice(stack: Stack): Promise<number> {
  const name = 'sonde_ingest_results_total{outcome="duplicate"}'
  const ingesters = stack.roles().filter((role) => role.name.startsWith('ingester'))
  const counts = await Promise.all(ingesters.map(async (role) => (await role.metrics()).get(name) ?? 0))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Every process that Sonde runs on, by what is in `/proc`. */
async function everyProcess(stack: Stack): Promise<number[]> {
  const redisPids = stack.queue === 'redis' ? [await redisPid(stack)] : []
  const postmaster = Number(readFileSync(`${stack.databaseCluster()}/postmaster.pid`, 'utf8').split('\n')[0])
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster)
  // The postmaster goes first: it must not start another while the others are stopped.
  return [postmaster, ...children.map(Number), ...redisPids, ...stack.roles().map(({ pid }) => pid())]
}

async function redisPid(stack: Stack): Promise<number> {
  const redis = new Redis(stack.redisUrl)
  const [, pid] = /process_id:(\d+)/.exec(await redis.info('server')) ?? []
  redis.disconnect()
  return Number(pid)
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
          name: "a worker's clock is an hour ahead of the other's",
          missesNothing: true as const,
          run: (stack: Stack) => wrongClock(stack, 3600),
        },
        {
          name: "a worker's clock is an hour behind the other's",
          missesNothing: true as const,
          run: (stack: Stack) => wrongClock(stack, -3600),
        },
      ]
    : []),
]
