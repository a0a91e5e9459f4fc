import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, accountFor, newestProbed } from './account.ts'
import { type Fault, faults } from './faults.ts'
import { type Stack, startStack } from './stack.ts'

// Recovery is asked to take 30 s at most; what is asked for is told, not what was hoped for.
const recoverWithinMs = 30_000

// With intervals of 1 s and 2 s a slot is told at the latest 6 s after it, and the sweep waits for the results that lag behind.
const settleMs = 8000

export type Verdict = Account & { fault: string; recoveredMs: number | null; dead: string[] }

const roles = ['api', 'scheduler-1', 'scheduler-2', 'ingester', 'worker-eu', 'worker-us']

/** One fault on a running stack, and what became of every slot from before it to after it. */
export async function tryFault(stack: Stack, fault: Fault): Promise<Verdict> {
  const from = Math.floor(Date.now() / 1000) * 1000
  await sleep(3000)
  await fault.run(stack)
  const endedAt = Date.now()
  const recoveredMs = await untilProbedAfter(stack, endedAt)
  await sleep(settleMs)
  const to = Math.floor((Date.now() - settleMs) / 1000) * 1000
  const account = await untilAccounted(stack, from, to)
  return { fault: fault.name, recoveredMs, dead: roles.filter((role) => !stack.alive(role)), ...account }
}

/** Whether it went as promised: nothing doubled, nothing silent, nobody dead, and back in time. */
export function isGood({ silent, invented, recoveredMs, dead }: Verdict): boolean {
  return silent === 0 && invented === 0 && dead.length === 0 && recoveredMs !== null && recoveredMs <= recoverWithinMs
}

async function untilProbedAfter(stack: Stack, instant: number): Promise<number | null> {
  const deadline = instant + 2 * recoverWithinMs
  while (Date.now() < deadline) {
    if ((await newestProbed(stack.directUrl()).catch(() => 0)) >= instant) return Date.now() - instant
    await sleep(250)
  }
  return null
}

/** Rows may still be on their way; they are given half a minute. */
async function untilAccounted(stack: Stack, from: number, to: number): Promise<Account> {
  for (let tries = 0; ; tries++) {
    const account = await accountFor(stack.directUrl(), from, to)
    if ((account.silent === 0 && account.invented === 0) || tries === 30) return account
    await sleep(1000)
  }
}

/** Starts a stack, lets it settle, and runs the faults one after another. */
export async function runFaults(chosen: readonly Fault[], tell: (verdict: Verdict) => void): Promise<Verdict[]> {
  await using stack = await startStack({ checks: 20 })
  const verdicts: Verdict[] = []
  if ((await untilProbedAfter(stack, Date.now())) === null) throw new Error(`nothing is probed:\n${stack.says()}`)
  for (const fault of chosen) {
    const verdict = await tryFault(stack, fault)
    verdicts.push(verdict)
    tell(verdict)
    if (!isGood(verdict)) console.error(stack.says().slice(-4000))
  }
  return verdicts
}

if (import.meta.main) {
  const wanted = process.argv.slice(2)
  const chosen = faults.filter(({ name }) => wanted.length === 0 || wanted.some((one) => name.includes(one)))
  console.log('fault | slots due | rows | silent | invented | missed by reason | s to recover')
  const verdicts = await runFaults(chosen, (one) => {
    const missed = Object.entries(one.missed).map(([reason, count]) => `${reason} ${count}`)
    const recovered = one.recoveredMs === null ? 'never' : (one.recoveredMs / 1000).toFixed(1)
    const dead = one.dead.length === 0 ? '' : `  DEAD: ${one.dead.join(', ')}`
    console.log(
      [one.fault, one.due, one.rows, one.silent, one.invented, missed.join(', ') || '-', recovered].join(' | ') + dead,
    )
  })
  const bad = verdicts.filter((verdict) => !isGood(verdict))
  console.log(
    bad.length === 0 ? 'All went as promised.' : `Not as promised: ${bad.map(({ fault }) => fault).join('; ')}`,
  )
  process.exit(bad.length === 0 ? 0 : 1)
}
