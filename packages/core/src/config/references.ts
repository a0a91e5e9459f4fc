import type { Check } from '../check.ts'
import type { Issue } from './issues.ts'
import type { ConfigFile } from './read.ts'

/** What the server has besides the file: its names count as well. */
export type Surroundings = {
  regions: readonly string[]
  channels: readonly string[]
  checks: readonly Pick<Check, 'key' | 'dependsOn'>[]
}

/**
 * What a file names and what is not there, neither in it nor around it: `warnings`, as it may come to be later, and until then
 * nobody is told or nothing runs there. Checks that depend on each other in a circle would silence each other: `issues`.
 */
export function checkReferences(config: ConfigFile, around: Surroundings): { warnings: Issue[]; issues: Issue[] } {
  const known = {
    channel: new Set([...around.channels, ...config.channels.map(({ key }) => key)]),
    check: new Set([...around.checks.map(({ key }) => key), ...config.checks.map(({ key }) => key)]),
    region: new Set([...around.regions, ...config.regions.map(({ name }) => name)]),
  }
  const warnings = config.checks.flatMap((check, index) =>
    namesIn(check).flatMap(({ at, noun, name }) =>
      known[noun].has(name) ? [] : [{ at: ['checks', index, ...at], message: missing[noun](name) }],
    ),
  )
  for (const [index, { checks }] of config.maintenance.entries())
    for (const [place, name] of checks.entries())
      if (!known.check.has(name))
        warnings.push({ at: ['maintenance', index, 'checks', place], message: missing.check(name) })
  return { warnings, issues: circles(config.checks, around.checks) }
}

type Noun = 'channel' | 'check' | 'region'

const missing: Record<Noun, (name: string) => string> = {
  channel: (name) => `there is no channel "${name}": nobody is told through it`,
  check: (name) => `there is no check "${name}"`,
  region: (name) => `there is no region "${name}": nothing runs there before a worker of it has started`,
}

function namesIn({ alerts, dependsOn, regions }: Check): { at: PropertyKey[]; noun: Noun; name: string }[] {
  const list = (noun: Noun, at: PropertyKey[], names: readonly string[]) =>
    names.map((name, index) => ({ at: [...at, index], noun, name }))
  return [
    ...list('channel', ['alerts', 'channels'], alerts.channels),
    ...alerts.escalate.flatMap(({ channels }, index) =>
      list('channel', ['alerts', 'escalate', index, 'channels'], channels),
    ),
    ...list('check', ['dependsOn'], dependsOn),
    ...list('region', ['regions'], regions).filter(({ name }) => name !== '*'),
  ]
}

/** Every circle that goes through a check of the file, told once, at the check of the file that stands first in it. */
function circles(checks: readonly Check[], around: Surroundings['checks']): Issue[] {
  const parents = new Map([...around, ...checks].map(({ key, dependsOn }) => [key, dependsOn]))
  const done = new Set<string>()
  return checks.flatMap(({ key }, index): Issue[] => {
    const circle = findCircle(key, parents, done)
    if (circle === undefined) return []
    return [{ at: ['checks', index, 'dependsOn'], message: `checks depend on each other in a circle: ${circle}` }]
  })
}

/** Goes up from `start` without recursion, as a chain may be as long as there are checks; what was seen is not gone through again. */
function findCircle(
  start: string,
  parents: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): string | undefined {
  const path: string[] = []
  const onPath = new Set<string>()
  const stack = [{ key: start, left: false }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { key, left } = next
    if (left) {
      path.pop()
      onPath.delete(key)
      done.add(key)
    } else if (onPath.has(key)) {
      for (const one of path) done.add(one)
      return [...path.slice(path.indexOf(key)), key].join(' → ')
    } else if (!done.has(key)) {
      path.push(key)
      onPath.add(key)
      stack.push(
        { key, left: true },
        ...(parents.get(key) ?? []).map((parent) => ({ key: parent, left: false })).reverse(),
      )
    }
  }
  return undefined
}
