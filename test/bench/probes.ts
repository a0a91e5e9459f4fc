import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Accuracy, accuracyOf } from './accuracy.ts'
import { blackboxProgram, startBlackbox } from './blackbox.ts'
import { type Cost, costOf, jobFor, paces } from './cost.ts'
import { deadlineTable } from './deadline.ts'
import { replaceFigures } from './figures.ts'
import type { Pace } from './load.ts'
import { type Kind, kinds, type Prober } from './prober.ts'
import { installed } from './process.ts'
import { startSonde } from './sonde.ts'
import { median, table } from './statistics.ts'
import { type DelayServer, startDelayServer, startTargets, type Targets } from './targets.ts'

// Our prober and blackbox_exporter side by side, in turn, window by window, against nginx and knot on loopback.
// 1. CPU a probe, saturated and at an even pace. 2. Probes a second on one core. 3. How true the reported ttfb is.
// 4. Ours alone: how late a probe of a hostile server ends.
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    kinds: { type: 'string', default: kinds.join(',') },
    only: { type: 'string', default: 'cpu,throughput,accuracy,deadline' },
    rounds: { type: 'string' },
    plain: { type: 'boolean', default: false },
    into: { type: 'string' },
  },
})
const wanted = kinds.filter((kind) => options.kinds.split(',').includes(kind))
const parts = options.only.split(',')
const { plain } = options
const rounds = Number(options.rounds ?? (options.quick ? 1 : 7))
// Many short windows rather than few long ones: whatever else the machine does then disturbs both alike, or neither.
const windowSeconds = options.quick ? 0.7 : 0.8

const goals: Record<Kind, number> = { http: 0.4, https: 0.6, tls: 0.75, tcp: 0.4, dns: 0.5 }

/** How a prober is warmed up, for how many seconds. */
type Rhythm = [Pace, number]
const saturated: Rhythm[] = [[paces.saturated, 1]]
// What a timer calls counts one by one for the compilers, so that it takes long: hence faster than it is measured.
const inAll: Rhythm[] = [...saturated, [{ perSecond: 500 }, 8], [{ perSecond: 500, held: true }, 4]]

const missing = [
  ['nginx', 'nginx-light'],
  ['knotd', 'knot'],
  [blackboxProgram, blackboxProgram],
  ['taskset', 'util-linux'],
].filter(([program = '']) => !installed(program))
if (missing.length > 0) {
  console.error(`bench:probes needs ${missing.map(([program]) => program).join(', ')}; as root:`)
  console.error(`  apt-get install --no-install-recommends ${missing.map(([, name]) => name).join(' ')}`)
  process.exit(2)
}

const figures: string[] = [about()]
const folder = mkdtempSync(join(tmpdir(), 'sonde-bench-'))
try {
  await using targets = await startTargets(folder)
  if (parts.includes('cpu')) await cpu(targets)
  if (parts.includes('throughput')) await throughput(targets)
  if (parts.includes('accuracy')) await accuracy(targets)
  if (parts.includes('deadline')) print('After the deadline at worst, ms', await deadlineTable(rounds))
  if (options.into !== undefined) replaceFigures(options.into, figures.join('\n\n'))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function cpu(targets: Targets): Promise<void> {
  await using sonde = await startSonde(targets)
  await using blackbox = await startBlackbox(folder, targets, { plain })
  await warm([sonde, blackbox], targets, inAll)
  const costs: Record<string, Cost[]> = {}
  // A pace after the other: what saturated windows leave to be collected would be collected in those after them.
  for (const [name, pace] of Object.entries(paces)) {
    for (let round = 0; round < rounds; round++) {
      for (const kind of wanted) {
        for (const prober of inTurn(round, sonde, blackbox)) {
          const cost = await costOf(prober, jobFor(kind, targets, pace, windowSeconds))
          ;(costs[`${prober.name} ${name} ${kind}`] ??= []).push(cost)
        }
      }
    }
  }
  const rows = Object.keys(paces).flatMap((pace) =>
    wanted.map((kind) => {
      const of = (prober: string): number =>
        median((costs[`${prober} ${pace} ${kind}`] ?? []).map(({ cpuMs }) => cpuMs))
      const [ours, theirs] = [of('sonde'), of('blackbox')]
      return [
        `${kind}, ${pace}`,
        ms(ours),
        ms(theirs),
        ratio(ours / theirs),
        `≤ ${goals[kind]}`,
        met(ours / theirs <= goals[kind]),
      ]
    }),
  )
  print('CPU a probe, ms', table(['', 'sonde', 'blackbox', 'ratio', 'goal', ''], rows))
  const memory = [sonde, blackbox].map(({ name }) => {
    const seen = Object.entries(costs)
      .filter(([key]) => key.startsWith(name))
      .flatMap(([, list]) => list)
    return `${name} ${Math.max(...seen.map(({ rssMiB }) => rssMiB)).toFixed(0)} MiB`
  })
  tell(`RSS at most: ${memory.join(', ')}`)
}

async function throughput(targets: Targets): Promise<void> {
  await using sonde = await startSonde(targets, { pinned: true })
  await using blackbox = await startBlackbox(folder, targets, { pinned: true, plain })
  await warm([sonde, blackbox], targets, saturated)
  const rows: string[][] = []
  for (const kind of wanted) {
    const rates: Record<string, number[]> = { sonde: [], blackbox: [] }
    for (let round = 0; round < Math.min(rounds, 4); round++) {
      for (const prober of inTurn(round, sonde, blackbox)) {
        const { perSecond } = await costOf(prober, jobFor(kind, targets, paces.saturated, windowSeconds))
        rates[prober.name]?.push(perSecond)
      }
    }
    const [ours, theirs] = [median(rates.sonde ?? []), median(rates.blackbox ?? [])]
    rows.push([kind, ours.toFixed(0), theirs.toFixed(0), ratio(ours / theirs)])
  }
  print('Probes a second on one core', table(['', 'sonde', 'blackbox', 'ratio'], rows))
}

async function accuracy(targets: Targets): Promise<void> {
  await using sonde = await startSonde(targets)
  await using blackbox = await startBlackbox(folder, targets, { plain })
  await using server = await startDelayServer()
  await warm([sonde, blackbox], targets, inAll, ['http', 'https'])
  await warmDelays(sonde, blackbox, server, targets)
  const rows: string[][] = []
  for (const busy of [false, true]) {
    for (const perSecond of [10, 100, 300]) {
      const quiet = perSecond === 10 && !busy
      await using awake = quiet ? await startDelayServer({ awake: true }) : undefined
      if (awake !== undefined) await warmDelays(sonde, blackbox, awake, targets)
      rows.push(...(await accuracyRows(sonde, blackbox, awake ?? server, targets, perSecond, busy)))
    }
  }
  print(
    '|reported − true| of ttfb, ms',
    table(['', 'sonde p95', 'p99', 'blackbox p95', 'p99', 'ratio p95', 'p99', ''], rows),
  )
}

/** What is timed there is other code, in part, than what nginx's answers go through. */
async function warmDelays(sonde: Prober, blackbox: Prober, server: DelayServer, targets: Targets): Promise<void> {
  for (const prober of [sonde, blackbox]) {
    for (const busy of [false, true]) await accuracyOf(prober, server, targets, { perSecond: 300, busy, seconds: 3 })
  }
}

/** Of a case, and of the same with probes held for each other. */
async function accuracyRows(
  sonde: Prober,
  blackbox: Prober,
  server: DelayServer,
  targets: Targets,
  perSecond: number,
  busy: boolean,
): Promise<string[][]> {
  const seen: Record<string, Accuracy[]> = {}
  const seconds = (perSecond === 10 ? 5 : 3) * windowSeconds
  const ways = ['', ', held']
  for (let round = 0; round < rounds; round++) {
    for (const how of ways) {
      for (const prober of inTurn(round, sonde, blackbox)) {
        const one = await accuracyOf(prober, server, targets, { perSecond, busy, held: how !== '', seconds })
        ;(seen[`${prober.name}${how}`] ??= []).push(one)
      }
    }
  }
  return ways.map((how) => {
    const of = (name: string, p: 'p95' | 'p99'): number => median((seen[`${name}${how}`] ?? []).map((one) => one[p]))
    const [p95, p99] = [of('sonde', 'p95') / of('blackbox', 'p95'), of('sonde', 'p99') / of('blackbox', 'p99')]
    const good = p95 <= 1 && p99 <= 1 && (perSecond !== 100 || of('sonde', 'p95') <= 1.5)
    const figures = [of('sonde', 'p95'), of('sonde', 'p99'), of('blackbox', 'p95'), of('blackbox', 'p99')].map(ms)
    return [`${perSecond}/s${busy ? ' beside 100 https/s' : ''}${how}`, ...figures, ratio(p95), ratio(p99), met(good)]
  })
}

/** Until the compilers have seen everything: a monitor runs for months. */
async function warm(
  probers: Prober[],
  targets: Targets,
  rhythms: Rhythm[],
  those: readonly Kind[] = wanted,
): Promise<void> {
  for (const prober of probers) {
    for (const kind of those) {
      for (const [pace, seconds] of rhythms) {
        await prober.run([jobFor(kind, targets, pace, options.quick ? seconds / 2 : seconds)])
      }
    }
  }
}

/** Who goes first changes with every round. */
function inTurn(round: number, ...probers: [Prober, Prober]): Prober[] {
  return round % 2 === 0 ? probers : probers.toReversed()
}

/** When, on what and how often: what figures are worth depends on it. */
function about(): string {
  const date = new Date().toISOString().slice(0, 10)
  const load = loadavg()[0]?.toFixed(1)
  const { length: cores } = cpus()
  return `${date}, ${cores} cores, a load of ${load} from elsewhere at the start, the median of ${rounds} windows${plain ? ', answers not compressed' : ''}.`
}

function print(title: string, text: string): void {
  tell(`**${title}**`)
  tell(text)
}

function tell(text: string): void {
  figures.push(text)
  console.log(`\n${text}`)
}

function ms(value: number): string {
  return value.toFixed(3)
}

function ratio(value: number): string {
  return value.toFixed(2)
}

function met(yes: boolean): string {
  return yes ? 'yes' : 'NO'
}
