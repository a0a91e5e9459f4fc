import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Account, accountFor } from './account.ts'
import type { Fault, How } from './fault.ts'
import { faults } from './faults/index.ts'
import { type Stack, startStack } from './stack.ts'
import { idleRoles, worksSince } from './watch.ts'

// Recovery is asked to take 30 s at most; what is asked for is told, not what was hoped for.
const recoverWithinMs = 30_000

// A slot of an interval of 5 s is told at the latest 8 s after it; rows that lag behind are given half a minute.
const accountWithinMs = 30_000

export type Verdict = Account & {
  fault: string
  recoveredMs: number | null
  /** All that was not as promised, in words; none when all was. */
  complaints: string[]
}

/** One fault on a running stack, and what became of every slot from before it to after it. */
export async function tryFault(stack: Stack, fault: Fault, how: How): Promise<Verdict> {
  const deaths = () => new Map(stack.roles().map((role) => [role.name, role.deaths()]))
  const before = deaths()
  const from = Math.floor(Date.now() / 1000) * 1000
  await sleep(2000)
  const seen = (await fault.run(stack, how)) ?? []
  const endedAt = Date.now()
  const recoveredMs = await untilWorking(stack, endedAt)
  const idle = await idleRoles(stack, recoverWithinMs)
  const account = await untilAccounted(stack, from, Math.floor(Date.now() / 1000) * 1000)
  const died = [...deaths()].filter(([name, count]) => count > (before.get(name) ?? 0) && !fault.mayEnd?.includes(name))
  const missed = Object.values(account.missed).reduce((sum, count) => sum + count, 0)
  const complaints = [
    ...seen,
    ...idle,
    ...died.map(([name, count]) => `${name} ended by itself, ${count - (before.get(name) ?? 0)} times`),
    ...complaintsOf(account),
    ...(recoveredMs === null || recoveredMs > recoverWithinMs ? ['it did not recover in time'] : []),
    ...(fault.missesNothing === true && missed > 0 ? [`${missed} slots were missed, and none should be`] : []),
  ]
  return { fault: fault.name, recoveredMs, ...account, complaints }
}

function complaintsOf({ duplicates, silent, invented, examples }: Awaited<ReturnType<typeof accountFor>>): string[] {
  return [
    ...(duplicates === 0 ? [] : [`${duplicates} slots were counted twice`]),
    ...(silent + invented === 0 ? [] : examples.slice(0, 5)),
  ]
}

async function untilWorking(stack: Stack, instant: number): Promise<number | null> {
  const deadline = instant + 2 * recoverWithinMs
  while (Date.now() < deadline) {
    if (await worksSince(stack, instant)) return Date.now() - instant
    await sleep(250)
  }
  return null
}

async function untilAccounted(stack: Stack, from: number, to: number) {
  const deadline = Date.now() + accountWithinMs
  for (;;) {
    const account = await accountFor(stack.directUrl(), stack.histories, from, to)
    if (account.silent === 0 && account.invented === 0 && account.duplicates === 0) return account
    if (Date.now() > deadline) return account
    await sleep(500)
  }
}

/** Starts a stack, lets it settle, runs the faults one after another, and in the end counts the whole time once more. */
export async function runFaults(
  chosen: readonly Fault[],
  options: How & Parameters<typeof startStack>[0] & { tell?: (verdict: Verdict) => void; log?: (text: string) => void },
): Promise<Verdict[]> {
  await using stack = await startStack(options)
  if ((await untilWorking(stack, Date.now())) === null) throw new Error(`nothing is probed:\n${stack.says()}`)
  const began = Math.floor(Date.now() / 1000) * 1000
  const verdicts: Verdict[] = []
  const add = (verdict: Verdict) => {
    verdicts.push(verdict)
    options.tell?.(verdict)
    if (verdict.complaints.length > 0) options.log?.(stack.says())
  }
  for (const fault of chosen) add(await tryFault(stack, fault, options))
  // Whatever came late, or was written when nobody looked any more.
  const account = await untilAccounted(stack, began, Math.floor(Date.now() / 1000) * 1000)
  add({ fault: 'all of it once more', recoveredMs: 0, ...account, complaints: complaintsOf(account) })
  return verdicts
}

function line({ fault, due, rows, duplicates, silent, invented, missed, recoveredMs, complaints }: Verdict): string {
  const reasons = Object.entries(missed).map(([reason, count]) => `${reason} ${count}`)
  const recovered = recoveredMs === null ? 'never' : (recoveredMs / 1000).toFixed(1)
  const columns = [fault, due, rows, duplicates, silent, invented, reasons.join(', ') || '-', recovered]
  return [columns.join(' | '), ...complaints.map((complaint) => `  NOT AS PROMISED: ${complaint}`)].join('\n')
}

if (import.meta.main) {
  const { values, positionals: wanted } = parseArgs({
    allowPositionals: true,
    options: {
      long: { type: 'boolean', default: false },
      checks: { type: 'string', default: '56' },
      queue: { type: 'string', default: 'redis' },
      list: { type: 'boolean', default: false },
    },
  })
  const { queue } = values
  if (queue !== 'redis' && queue !== 'postgres') {
    console.error(`chaos: --queue: expected redis or postgres, found ${queue}`)
    process.exit(2)
  }
  const possible = faults.filter((fault) => fault.queue === undefined || fault.queue === queue)
  const chosen = possible.filter(({ name }) => wanted.length === 0 || wanted.some((one) => name.includes(one)))
  if (values.list || chosen.length === 0) {
    console.log(possible.map(({ name }) => name).join('\n'))
    process.exit(values.list ? 0 : 2)
  }
  console.log('fault | slots due | rows | duplicates | silent | invented | missed by reason | s to recover')
  const verdicts = await runFaults(chosen, {
    length: values.long ? 'long' : 'usual',
    checks: Number(values.checks),
    intervals: ['1s', '2s'],
    queue,
    tell: (verdict) => console.log(line(verdict)),
    log: (text) => console.error(text.slice(-8000)),
  })
  const bad = verdicts.filter(({ complaints }) => complaints.length > 0)
  console.log(
    bad.length === 0 ? 'All went as promised.' : `Not as promised: ${bad.map(({ fault }) => fault).join('; ')}`,
  )
  process.exit(bad.length === 0 ? 0 : 1)
}
