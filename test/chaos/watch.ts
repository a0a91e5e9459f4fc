import { setTimeout as sleep } from 'node:timers/promises'
import { newestProbed } from './account.ts'
import type { Role } from './role.ts'
import { regions, type Stack } from './stack.ts'

/** Whether every role is ready and every region has probed a slot at or after the instant. */
export async function worksSince(stack: Stack, instant: number): Promise<boolean> {
  const [newest, ...ready] = await Promise.all([
    newestProbed(stack.directUrl(), regions.length).catch(() => 0),
    ...stack.roles().map((role) => role.ready()),
  ])
  return newest >= instant && ready.every((one) => one)
}

/** The scheduler that leads, by what each says of itself; undefined while none or more than one does. */
export async function leaderOf(stack: Stack): Promise<Role | undefined> {
  const schedulers = stack.roles().filter(({ name }) => name.startsWith('scheduler'))
  const leading = await Promise.all(
    schedulers.map(async (role) => {
      const metrics = await role.metrics().catch(() => undefined)
      return metrics?.get('sonde_schedule_leading') === 1 ? [role] : []
    }),
  )
  const [leader, ...others] = leading.flat()
  return others.length === 0 ? leader : undefined
}

/** What a role has done so far, for roles whose work goes on all the time: probes that ended, chunks that were written. */
async function workOf(role: Role): Promise<number | undefined> {
  const metrics = await role.metrics().catch(() => new Map<string, number>())
  const counters = role.name.startsWith('ingester')
    ? /^sonde_ingest_duration_seconds_count/
    : /^sonde_worker_probes_total/
  const found = [...metrics].filter(([name]) => counters.test(name))
  return found.length === 0 ? undefined : found.reduce((sum, [, value]) => sum + value, 0)
}

/** The workers and ingesters that do nothing for `patienceMs` although there is work for all; and who leads, when nobody does. */
export async function idleRoles(stack: Stack, patienceMs: number): Promise<string[]> {
  const working = stack.roles().filter(({ name }) => /^(ingester|eu|us)/.test(name))
  const before = await Promise.all(working.map(workOf))
  let idle = working.map((role, index) => ({ role, before: before[index] ?? 0 }))
  const deadline = Date.now() + patienceMs
  for (;;) {
    const still = await Promise.all(idle.map(async ({ role, before: had }) => ((await workOf(role)) ?? 0) <= had))
    idle = idle.filter((_, index) => still[index])
    const led = (await leaderOf(stack)) !== undefined
    if (idle.length === 0 && led) return []
    if (Date.now() > deadline)
      return [...idle.map(({ role }) => `${role.name} is stuck`), ...(led ? [] : ['nobody leads'])]
    await sleep(500)
  }
}
