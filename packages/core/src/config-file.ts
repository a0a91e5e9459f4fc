import { Check } from './check.ts'
import { checkKinds } from './kinds/registry.ts'
import { DomainError, type Problem, problemsOf } from './problem.ts'

export type ConfigFile = { checks: Check[] }

const knownSections = ['checks', 'defaults']

/**
 * Reads a whole document for `apply`: its checks, each with `defaults` merged in below its own fields. Throws a DomainError
 * `invalid` with every wrong field of every check, by path.
 */
export function readConfigFile(document: unknown): ConfigFile {
  if (!isMapping(document)) throw invalid([{ path: '', message: 'expected a mapping with a list of checks' }])
  const problems: Problem[] = Object.keys(document)
    .filter((name) => !knownSections.includes(name))
    .map((name) => ({ path: name, message: 'is not a section that Sonde knows' }))
  const { checks = [], defaults = {} } = document
  if (!Array.isArray(checks)) problems.push({ path: 'checks', message: 'expected a list' })
  if (!isMapping(defaults)) problems.push({ path: 'defaults', message: 'expected a mapping' })
  const read = (Array.isArray(checks) ? checks : []).flatMap((check: unknown, index) => {
    const parsed = Check.safeParse(isMapping(defaults) ? merge(defaultsFor(defaults, check), check) : check)
    if (parsed.success) return [parsed.data]
    problems.push(...problemsOf(parsed.error, `checks[${index}]`))
    return []
  })
  const seen = new Map<string, number>()
  for (const [index, { key }] of read.entries()) {
    const first = seen.get(key)
    if (first !== undefined)
      problems.push({ path: `checks[${index}].key`, message: `"${key}" stands in checks[${first}] already` })
    else seen.set(key, index)
  }
  if (problems.length > 0) throw invalid(problems)
  return { checks: read }
}

/** The defaults without the blocks of other kinds: `http: …` among them is meant for the http checks alone. */
function defaultsFor(defaults: Record<string, unknown>, check: unknown): Record<string, unknown> {
  const kind = isMapping(check) ? (check.kind ?? defaults.kind) : undefined
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => name === kind || !(name in checkKinds)))
}

/** `over` laid on `under`: mappings are merged field by field, anything else replaces. */
function merge(under: unknown, over: unknown): unknown {
  if (!isMapping(under) || !isMapping(over)) return over
  const merged: Record<string, unknown> = { ...under }
  for (const [name, value] of Object.entries(over)) merged[name] = name in under ? merge(under[name], value) : value
  return merged
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(problems: Problem[]): DomainError {
  return new DomainError(
    'invalid',
    problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
    problems,
  )
}
