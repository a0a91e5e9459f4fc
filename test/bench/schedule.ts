import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Authority } from '@sonde/testkit/targets'
import { blackboxProgram } from './blackbox.ts'
import { end, freePort, installed } from './process.ts'
import { accountForSchedule, type ScheduleAccount } from './schedule-account.ts'
import { type CpuByPart, cpuBetween, cpuOf, watchMemory } from './schedule-cpu.ts'
import { prometheusProgram, startPrometheusStack } from './schedule-prometheus.ts'
import { type Backend, type SondeStack, startSondeStack, together } from './schedule-stack.ts'
import { table } from './statistics.ts'
import { startNginx } from './targets.ts'

// The whole service on loopback against nginx: what a probe costs with everything that it takes, and whether the schedule is kept.
// 1. compare: beside Prometheus with blackbox_exporter. 2. punctual: 500/s on one worker process. 3. scale: 20,000 checks in 3 regions
// every 60 s, each role a process. 4. up: the same with all roles but the workers in one. 5. postgres: 300/s without Redis, in both
// ways, beside Prometheus too.
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '5' },
    only: { type: 'string', default: 'compare,punctual,scale,up,postgres' },
    rates: { type: 'string', default: '200' },
    profiles: { type: 'string' },
  },
})
const only = options.only.split(',')
const windowSeconds = options.quick ? 20 : 60
const scaleSeconds = options.quick ? 30 : Math.round(Number(options.minutes) * 60)

const missing = [
  ['nginx', 'nginx-light'],
  ['redis-server', 'redis-server'],
].filter(([program = '']) => !installed(program))
if (missing.length > 0 || Number.isNaN(scaleSeconds)) {
  if (missing.length === 0) console.error('bench:schedule: --minutes: expected a number')
  else console.error(`bench:schedule needs ${missing.map(([, name]) => name).join(', ')}: apt-get install`)
  process.exit(2)
}
const comparable = [prometheusProgram, blackboxProgram].every(installed)

type Load = {
  backend: Backend
  together: boolean
  checks: number
  regions: string[]
  intervalSeconds: number
  seconds: number
}
type Outcome = ScheduleAccount & {
  name: string
  seconds: number
  perSecond: number
  duplicates: number
  /** What became of the slots before the window, from the first that all checks had. */
  warming: ScheduleAccount
  cpu: CpuByPart
  memory: Map<string, number>
}

// The lookahead, and what a scheduler needs to read 20,000 checks.
const allKnownMs = 15_000
// With the notifier, though that has nothing to do here.
const controlPlane = ['scheduler', 'ingester', 'api', 'notifier', together, 'Redis']

// As `sonde` itself has it.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../node_modules/.cache/node-compile')
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const folder = mkdtempSync(join(tmpdir(), 'sonde-bench-'))
const outcomes: Outcome[] = []
const ratios: string[][] = []
try {
  const port = await freePort()
  const leaf = await (await Authority.create()).issue()
  const nginx = await startNginx(join(folder, 'nginx'), leaf, port, await freePort())
  const target = `http://127.0.0.1:${port}/`
  try {
    if (only.includes('compare'))
      for (const perSecond of options.rates.split(',').map(Number))
        await compare(target, [[`${perSecond}/s`, oneRegion('redis', perSecond)]])
    if (only.includes('punctual')) await measure('500/s, one worker', target, oneRegion('redis', 500))
    if (only.includes('scale')) await measure('1000/s', target, threeRegions(false))
    if (only.includes('up')) await measure('1000/s, sonde up', target, threeRegions(true))
    if (only.includes('postgres')) {
      const apart = oneRegion('postgres', 300)
      await compare(target, [
        ['300/s, no Redis', apart],
        ['300/s, no Redis, sonde up', { ...apart, together: true }],
      ])
    }
  } finally {
    await end(nginx)
  }
  report()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function oneRegion(backend: Backend, perSecond: number): Load {
  const intervalSeconds = options.quick ? 10 : 20
  const checks = perSecond * intervalSeconds
  return { backend, together: false, checks, regions: ['eu'], intervalSeconds, seconds: windowSeconds }
}

function threeRegions(together: boolean): Load {
  const regions = ['eu', 'us', 'ap']
  return { backend: 'redis', together, checks: 20_000, regions, intervalSeconds: 60, seconds: scaleSeconds }
}

/** Loads of the same rate, and Prometheus with as many probes after them. */
async function compare(target: string, loads: [[name: string, Load], ...[name: string, Load][]]): Promise<void> {
  const ours: [string, number][] = []
  for (const [name, load] of loads) {
    const { cpu, rows } = await measure(name, target, load)
    ours.push([name, sum(cpu) / rows])
  }
  if (!comparable) return console.log(`No comparison: ${prometheusProgram} and ${blackboxProgram} are not both here.`)
  const theirsMs = await measurePrometheus(target, loads[0][1])
  for (const [name, oursMs] of ours)
    ratios.push([name, oursMs, theirsMs, oursMs / theirsMs].map(shown).concat(oursMs / theirsMs <= 0.5 ? 'yes' : 'NO'))
}

/** One load on a service of its own: warm for two intervals, then looked at for a window. */
async function measure(name: string, target: string, load: Load): Promise<Outcome> {
  const { regions, checks, intervalSeconds, seconds } = load
  const profiles = options.profiles === undefined ? undefined : join(options.profiles, name.replaceAll(/\W+/g, '-'))
  await using stack = await startSondeStack(join(folder, 'sonde'), { ...load, profiles })
  const ids = await stack.makeChecks(checks, { target, interval: `${intervalSeconds}s` })
  // Every check twice: the first time each gets its state, and processes compile what they run; what piled up meanwhile is then over.
  const firstSlots = Date.now() + allKnownMs
  const memory = watchMemory(stack.parts)
  await sleep((2 * intervalSeconds + 8) * 1000)
  const duplicatesBefore = await duplicatesOf(stack)
  await sleep(1000 - (Date.now() % 1000))
  const from = Math.round(Date.now() / 1000) * 1000
  const to = from + seconds * 1000
  const before = cpuOf(stack.parts)
  await sleep(to - Date.now())
  const cpu = cpuBetween(before, cpuOf(stack.parts))
  const memoryMiB = memory.stop()
  const slots = { ids, regions, intervalMs: intervalSeconds * 1000 }
  const account = await settled(stack, { ...slots, from, to })
  const warming = await settled(stack, { ...slots, from: firstSlots, to: from })
  const duplicates = (await duplicatesOf(stack)) - duplicatesBefore
  const perSecond = (checks * regions.length) / intervalSeconds
  const outcome = { name, seconds, perSecond, ...account, warming, duplicates, cpu, memory: memoryMiB }
  outcomes.push(outcome)
  console.log(
    `${name}: ${account.rows} of ${account.due} slots, missed ${reasons(account.missed)}, down ${account.down}; ` +
      `${(sum(cpu) / account.rows).toFixed(3)} ms CPU a probe`,
  )
  const said = stack
    .says()
    .replaceAll(/^[\w ]+: $/gm, '')
    .trim()
  if (said !== '') console.log(said.slice(-2000))
  return outcome
}

/** The account, once every slot has its row or the sweep must have told of all that have none. */
async function settled(stack: SondeStack, what: Parameters<typeof accountForSchedule>[1]): Promise<ScheduleAccount> {
  const giveUpMs = what.to + 3 * what.intervalMs + 10_000
  for (;;) {
    await sleep(2000)
    const account = await accountForSchedule(stack.databaseUrl, what)
    if (account.silent === 0 || Date.now() > giveUpMs) return account
  }
}

async function duplicatesOf(stack: SondeStack): Promise<number> {
  return (await stack.ingesterMetrics()).get('sonde_ingest_results_total{outcome="duplicate"}') ?? 0
}

/** CPU a probe of Prometheus and blackbox_exporter together, ms. */
async function measurePrometheus(target: string, { checks, intervalSeconds, seconds }: Load): Promise<number> {
  const home = join(folder, 'prometheus')
  try {
    await using stack = await startPrometheusStack(home, { target, count: checks, intervalSeconds })
    await sleep((intervalSeconds + 8) * 1000)
    const from = Date.now()
    const before = cpuOf(stack.parts)
    await sleep(seconds * 1000)
    const to = Date.now()
    const cpu = cpuBetween(before, cpuOf(stack.parts))
    // A probe is told when it has ended.
    await sleep(1000)
    const { count, up } = await stack.probesBetween(from, to)
    if (up < count * 0.99 || count < (checks / intervalSeconds) * seconds * 0.98)
      console.log(`Prometheus fell behind: ${count} probes, ${up} of them up`)
    const parts = [...cpu].map(([name, ms]) => `${name} ${(ms / count).toFixed(3)}`)
    console.log(`${checks / intervalSeconds}/s: ${parts.join(', ')} ms CPU a probe`)
    return sum(cpu) / count
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function report(): void {
  if (ratios.length > 0) {
    console.log('\n**All CPU a probe, ms** (goal: at most half)\n')
    console.log(table(['', 'sonde', 'Prometheus + blackbox', 'ratio', ''], ratios))
  }
  const heading = ['', ...outcomes.map(({ name }) => name)]
  const row = (what: string, of: (outcome: Outcome) => string) => [what, ...outcomes.map(of)]
  const names = [...new Set(outcomes.flatMap(({ cpu }) => [...cpu.keys()]))]
  console.log('\n**Every slot**\n')
  console.log(
    table(heading, [
      row('slots due', ({ due }) => String(due)),
      row('rows', ({ rows }) => String(rows)),
      row('silent slots', ({ silent }) => String(silent)),
      row('rows that are no slot', ({ invented }) => String(invented)),
      row('probed twice', ({ duplicates }) => String(duplicates)),
      row('missed', ({ missed }) => reasons(missed)),
      row('down', ({ down }) => String(down)),
      row('start after slot, p50, ms', ({ lagMs }) => lagMs.p50.toFixed(0)),
      row('p99, ms', ({ lagMs }) => lagMs.p99.toFixed(0)),
      row('max, ms', ({ lagMs }) => lagMs.max.toFixed(0)),
      row('before the window: rows of slots due', ({ warming }) => `${warming.rows} of ${warming.due}`),
      row('missed', ({ warming }) => reasons(warming.missed)),
      row('start after slot, p99, ms', ({ warming }) => warming.lagMs.p99.toFixed(0)),
      row('max, ms', ({ warming }) => warming.lagMs.max.toFixed(0)),
    ]),
  )
  console.log('\n**CPU a probe, ms**\n')
  console.log(
    table(heading, [
      ...names.map((name) => row(name, ({ cpu, rows }) => (cpu.has(name) ? shown((cpu.get(name) ?? 0) / rows) : '-'))),
      row('all', ({ cpu, rows }) => shown(sum(cpu) / rows)),
      row('cores in all', ({ cpu, seconds }) => (sum(cpu) / seconds / 1000).toFixed(2)),
      row('scheduler, % of a core', ({ cpu, seconds }) => {
        const ms = cpu.get('scheduler')
        return ms === undefined ? '-' : (ms / seconds / 10).toFixed(1)
      }),
    ]),
  )
  console.log('\n**Resident memory at most, MiB**\n')
  console.log(
    table(heading, [
      ...names.map((name) => row(name, ({ memory }) => memory.get(name)?.toFixed(0) ?? '-')),
      row('control plane', ({ memory }) =>
        controlPlane.reduce((all, name) => all + (memory.get(name) ?? 0), 0).toFixed(0),
      ),
    ]),
  )
}

function reasons(missed: Record<string, number>): string {
  const told = Object.entries(missed).map(([reason, count]) => `${count} ${reason}`)
  return told.length === 0 ? '0' : told.join(', ')
}

function sum(cpu: CpuByPart): number {
  return [...cpu.values()].reduce((total, ms) => total + ms, 0)
}

function shown(value: number | string): string {
  return typeof value === 'number' ? value.toFixed(3) : value
}
