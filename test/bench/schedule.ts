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
import { type Backend, type SondeStack, startSondeStack } from './schedule-stack.ts'
import { table } from './statistics.ts'
import { startNginx } from './targets.ts'

// The whole service on loopback against nginx: what a probe costs with everything that it takes, and whether the schedule is kept.
// 1. compare: beside Prometheus with blackbox_exporter, at 200 and 400 probes/s. 2. punctual: 500/s on one worker process.
// 3. scale: 20,000 checks in 3 regions every 60 s. 4. postgres: 300/s without Redis.
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '5' },
    only: { type: 'string', default: 'compare,punctual,scale,postgres' },
    rates: { type: 'string', default: '200,400' },
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

type Load = { backend: Backend; checks: number; regions: string[]; intervalSeconds: number; seconds: number }
type Outcome = ScheduleAccount & {
  name: string
  seconds: number
  perSecond: number
  duplicates: number
  cpu: CpuByPart
  memory: Map<string, number>
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const folder = mkdtempSync(join(tmpdir(), 'sonde-bench-'))
const outcomes: Outcome[] = []
try {
  const port = await freePort()
  const leaf = await (await Authority.create()).issue()
  const nginx = await startNginx(join(folder, 'nginx'), leaf, port, await freePort())
  const target = `http://127.0.0.1:${port}/`
  try {
    if (only.includes('compare')) await compare(target)
    if (only.includes('punctual')) await measure('500/s, one worker', target, oneRegion('redis', 500))
    if (only.includes('scale')) {
      const checks = 20_000
      const regions = ['eu', 'us', 'ap']
      await measure('1000/s', target, { backend: 'redis', checks, regions, intervalSeconds: 60, seconds: scaleSeconds })
    }
    if (only.includes('postgres')) await measure('300/s, no Redis', target, oneRegion('postgres', 300))
  } finally {
    await end(nginx)
  }
  report()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function oneRegion(backend: Backend, perSecond: number): Load {
  const intervalSeconds = options.quick ? 10 : 20
  return { backend, checks: perSecond * intervalSeconds, regions: ['eu'], intervalSeconds, seconds: windowSeconds }
}

async function compare(target: string): Promise<void> {
  const rows: string[][] = []
  for (const perSecond of options.rates.split(',').map(Number)) {
    const load = oneRegion('redis', perSecond)
    const ours = await measure(`${perSecond}/s`, target, load)
    const oursMs = sum(ours.cpu) / ours.rows
    if (comparable) {
      const theirsMs = await measurePrometheus(target, load)
      const ratio = oursMs / theirsMs
      rows.push([`${perSecond}/s`, oursMs, theirsMs, ratio].map(shown).concat(ratio <= 0.5 ? 'yes' : 'NO'))
    }
  }
  if (!comparable) return console.log(`No comparison: ${prometheusProgram} and ${blackboxProgram} are not both here.`)
  console.log('\n**All CPU a probe, ms** (goal: at most half)\n')
  console.log(table(['', 'sonde', 'Prometheus + blackbox', 'ratio', ''], rows))
}

/** One load on a service of its own: warm for an interval, then looked at for a window. */
async function measure(name: string, target: string, load: Load): Promise<Outcome> {
  const { backend, regions, checks, intervalSeconds, seconds } = load
  const profiles = options.profiles === undefined ? undefined : join(options.profiles, name.replaceAll(/\W+/g, '-'))
  await using stack = await startSondeStack(join(folder, 'sonde'), { backend, regions, profiles })
  const ids = await stack.makeChecks(checks, { target, interval: `${intervalSeconds}s` })
  // Every check twice: the first time each gets its state, and processes compile what they run; what piled up meanwhile is then over.
  await sleep((2 * intervalSeconds + 8) * 1000)
  const memory = watchMemory(stack.parts)
  const duplicatesBefore = await duplicatesOf(stack)
  await sleep(1000 - (Date.now() % 1000))
  const from = Math.round(Date.now() / 1000) * 1000
  const to = from + seconds * 1000
  const before = cpuOf(stack.parts)
  await sleep(to - Date.now())
  const cpu = cpuBetween(before, cpuOf(stack.parts))
  const memoryMiB = memory.stop()
  const account = await settled(stack, { ids, regions, intervalMs: intervalSeconds * 1000, from, to })
  const duplicates = (await duplicatesOf(stack)) - duplicatesBefore
  const perSecond = (checks * regions.length) / intervalSeconds
  const outcome = { name, seconds, perSecond, ...account, duplicates, cpu, memory: memoryMiB }
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
  return (await stack.metricsOf('ingester')).get('sonde_ingest_results_total{outcome="duplicate"}') ?? 0
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
    ]),
  )
  console.log('\n**CPU a probe, ms**\n')
  console.log(
    table(heading, [
      ...names.map((name) => row(name, ({ cpu, rows }) => (cpu.has(name) ? shown((cpu.get(name) ?? 0) / rows) : '-'))),
      row('all', ({ cpu, rows }) => shown(sum(cpu) / rows)),
      row('cores in all', ({ cpu, seconds }) => (sum(cpu) / seconds / 1000).toFixed(2)),
      row('scheduler, % of a core', ({ cpu, seconds }) => ((cpu.get('scheduler') ?? 0) / seconds / 10).toFixed(1)),
    ]),
  )
  console.log('\n**Resident memory at most, MiB**\n')
  console.log(
    table(heading, [
      ...names.map((name) => row(name, ({ memory }) => (memory.get(name) ?? 0).toFixed(0))),
      row('scheduler, ingester, api, Redis', ({ memory }) =>
        ['scheduler', 'ingester', 'api', 'Redis'].reduce((all, name) => all + (memory.get(name) ?? 0), 0).toFixed(0),
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
