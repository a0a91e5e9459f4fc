import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { durationMs } from '@sonde/core'
import { measureConnections } from './api-connections.ts'
import { makeApiFleet } from './api-fleet.ts'
import { endReads, type Read, readAtRate, reader } from './api-reads.ts'
import { cpuMs } from './process.ts'
import { accountForSchedule, type ScheduleAccount } from './schedule-account.ts'
import { startSondeStack, together } from './schedule-stack.ts'
import { percentile, table } from './statistics.ts'

// What reads of 10,000 checks take, whether 200 of them a second make a slot late, and what 10,000 connections do. The service as
// `sonde up` has it: the API shares its thread with scheduler, ingester and notifier, and that process is held to one core.
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: 'reads,rate,connections' },
    checks: { type: 'string', default: '10000' },
    interval: { type: 'string', default: '2m' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string' },
    rounds: { type: 'string', default: '100' },
    /** Each role in a process of its own; the API alone is held to one core. */
    roles: { type: 'boolean', default: false },
  },
})
const seconds = Number(options.seconds ?? (options.quick ? 10 : 60))
const only = new Set(options.only.split(','))
const region = 'local'

/** What pages and scripts read. */
const usual = [
  'checks?limit=20',
  'checks/site-77',
  'checks/site-78/status',
  'checks/site-79/results?limit=20',
  'incidents',
  'status?limit=20',
]

const folder = mkdtempSync(join(tmpdir(), 'sonde-bench-'))
const target = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
await once(target, 'listening')
try {
  await run()
} finally {
  endReads()
  target.closeAllConnections()
  target.close()
  rmSync(folder, { recursive: true, force: true })
}

async function run(): Promise<void> {
  const { port } = target.address() as AddressInfo
  await using stack = await startSondeStack(join(folder, 'stack'), {
    backend: 'postgres',
    regions: [region],
    profiles: undefined,
    together: !options.roles,
  })
  const api = stack.parts.find(({ name }) => name === (options.roles ? 'api' : together))
  if (api === undefined) throw new Error(stack.says())
  const ids = await makeApiFleet(stack.databaseUrl, {
    count: Number(options.checks),
    region,
    target: `http://127.0.0.1:${port}/`,
    interval: options.interval,
  })
  execFileSync('taskset', ['-acp', '0', String(api.pid)], { stdio: 'ignore' })
  const read = reader(stack.apiUrl, stack.token)
  // Until the schedule has its pace: admission begins low after so many checks at once.
  await sleep(options.quick ? 10_000 : 20_000)
  if (only.has('reads')) {
    await oneByOne(read)
    for (const path of ['export', 'export?format=yaml', 'status?limit=10000']) await besideOne(read, path)
  }
  if (only.has('rate')) await beside(read)
  if (only.has('connections')) await measureConnections(stack.apiUrl, stack.token, api.pid)

  async function beside(ask: Read): Promise<void> {
    const [quiet] = await accounted(async () => sleep(seconds * 500))
    const before = cpuMs(api?.pid ?? 0)
    const [busy, tookMs] = await accounted(() => readAtRate(ask, usual, { perSecond: Number(options.rate), seconds }))
    const cpu = (cpuMs(api?.pid ?? 0) - before) / seconds / 1000
    console.log(
      `\n${options.rate} reads a second for ${seconds} s, ${tookMs.length} answered in p50 ${ms(tookMs, 50)}, p95 ${ms(tookMs, 95)}, p99 ${ms(tookMs, 99)} ms`,
    )
    console.log(`${api?.name} used ${cpu.toFixed(2)} of its core\n`)
    const heading = ['slots', 'due', 'without a result', 'missed', 'begun late, p50 ms', 'p99, ms', 'at worst, ms']
    console.log(
      table(heading, [
        ['without reads', ...cells(quiet)],
        ['with reads', ...cells(busy)],
      ]),
    )
  }

  /** What became of the slots that were due while `work` went on. */
  async function accounted<Value>(work: () => Promise<Value>): Promise<[ScheduleAccount, Value]> {
    const from = Date.now()
    const value = await work()
    const to = Date.now()
    // The last of them are written by then.
    await sleep(7000)
    const intervalMs = durationMs(options.interval)
    return [await accountForSchedule(stack.databaseUrl, { ids, regions: [region], intervalMs, from, to }), value]
  }
}

async function oneByOne(read: Read): Promise<void> {
  const asked: Record<string, [path: (index: number) => string, goalMs: number]> = {
    'a page of 100 checks': [(index) => `checks?cursor=${cursor(index)}`, 30],
    'a page of 1,000 checks': [(index) => `checks?limit=1000&cursor=${cursor(index)}`, Number.NaN],
    'a page of 100 by label': [(index) => `checks?label=team:team-${index % 20}`, 30],
    'a page by a kind that none has': [() => 'checks?kind=tcp', 30],
    'status of 100': [(index) => `status?cursor=${cursor(index)}`, 30],
    'status of all': [() => 'status?limit=10000', 200],
    'status of all that are down': [() => 'status?verdict=down&limit=1000', 200],
    'one check': [(index) => `checks/site-${index * 37}`, 30],
    'status of one': [(index) => `checks/site-${index * 37}/status`, 30],
    'its results': [(index) => `checks/site-${index * 37}/results`, 30],
    incidents: [() => 'incidents', 30],
    export: [() => 'export', Number.NaN],
  }
  const rows: string[][] = []
  for (const [name, [path, goalMs]] of Object.entries(asked)) {
    const rounds = name === 'export' ? 5 : Number(options.rounds)
    const took: number[] = []
    let bytes = 0
    for (let index = -10; index < rounds; index += 1) {
      const one = await read(path(index + 10))
      // The first are to warm up.
      if (index >= 0) took.push(one.tookMs)
      bytes = one.bytes
    }
    const p95 = percentile(took, 95)
    const goal = Number.isNaN(goalMs) ? ['', ''] : [`≤ ${goalMs}`, p95 <= goalMs ? 'yes' : 'NO']
    rows.push([name, (bytes / 1024).toFixed(0), ms(took, 50), p95.toFixed(1), ms(took, 100), ...goal])
  }
  console.log(
    table([`of ${options.checks} checks`, 'KiB', 'p50, ms', 'p95, ms', 'at worst, ms', 'goal, p95', ''], rows),
  )
}

/** What others wait for while something large is read again and again: one check, 20 times a second. */
async function besideOne(read: Read, path: string): Promise<void> {
  const seconds = 3
  const until = performance.now() + seconds * 1000
  const large: number[] = []
  const again = async () => {
    while (performance.now() < until) large.push((await read(path)).tookMs)
  }
  const [others] = await Promise.all([readAtRate(read, ['checks/site-77'], { perSecond: 20, seconds }), again()])
  console.log(
    `beside ${path}, which takes ${ms(large, 50)} ms then, one check is read in p50 ${ms(others, 50)}, at worst ${ms(others, 100)} ms`,
  )
}

function cursor(index: number): string {
  return Buffer.from(JSON.stringify(`site-${(index * 37) % 1000}`)).toString('base64url')
}

function cells({ due, silent, missed, lagMs }: ScheduleAccount): string[] {
  const lost = Object.values(missed).reduce((sum, count) => sum + count, 0)
  return [String(due), String(silent), String(lost), lagMs.p50.toFixed(1), lagMs.p99.toFixed(1), lagMs.max.toFixed(1)]
}

function ms(values: readonly number[], percent: number): string {
  return percentile(values, percent).toFixed(1)
}
