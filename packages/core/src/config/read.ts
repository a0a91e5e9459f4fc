import { isMapping } from '../mapping.ts'
import { z } from '../messages.ts'
import { meant } from '../nearest.ts'
import { invalid, issuesOf, toProblem } from '../problem.ts'
import { type Issue, shownNames } from './issues.ts'
import { type ConfigObjects, configSections, type SectionName, sectionNames } from './sections.ts'
import { expandChecks } from './templates.ts'

/** Who manages what a file makes, when the file does not say. */
export const defaultManager = 'apply'

export const ManagerName = z.string().regex(/^[a-z0-9-]{1,64}$/, {
  error: (issue) => `expected 1 to 64 of a-z, 0-9 and -, found "${String(issue.input)}"`,
})

/** What a whole document says there should be. */
export type ConfigFile = { manager: string } & { [Section in SectionName]: ConfigObjects[Section][] }

/** Fields of a document beside its sections; `$schema` is for editors, and `x-…` for whatever anchors are kept in. */
const otherFields = ['manager', 'defaults', 'templates', '$schema']

/**
 * Reads a whole document for `apply`: its sections, each check with what it inherits laid under its own fields. Throws a
 * DomainError `invalid` with every wrong field of every object, by path.
 */
export function readConfigFile(document: unknown): ConfigFile {
  const { config, issues } = readConfig(document)
  if (issues.length > 0) throw invalid(issues.map((issue) => toProblem(issue)))
  return config
}

/** The same for whoever wants the mistakes with the steps to their fields; `config` has what is right. */
export function readConfig(document: unknown): { config: ConfigFile; issues: Issue[] } {
  const config: ConfigFile = { manager: defaultManager, regions: [], channels: [], checks: [], maintenance: [] }
  const wholly = (message: string) => ({ config, issues: [{ at: [], message }] })
  if (document === undefined || document === null)
    return wholly('there is nothing in it; expected a mapping with a list of checks')
  if (!isMapping(document)) return wholly('expected a mapping with a list of checks')
  if (!Object.keys(document).some(isSection) && 'kind' in document && 'key' in document)
    return wholly('is one object alone: expected a list of such, under checks: or channels:')
  const known = [...sectionNames, 'defaults', 'templates']
  const issues: Issue[] = Object.keys(document)
    .filter((name) => !isSection(name) && !otherFields.includes(name) && !name.startsWith('x-'))
    .map((name) => ({
      at: [name],
      message: `is not a section that Sonde knows${meant(name, known) || shownNames(known)}`,
    }))
  if (!Object.keys(document).some(isSection))
    issues.push({ at: [], message: `expected one of the sections ${sectionNames.join(', ')} at least` })
  if (document.manager !== undefined) {
    const manager = ManagerName.safeParse(document.manager)
    if (manager.success) config.manager = manager.data
    else issues.push(...issuesOf(manager.error, ['manager']))
  }
  const said = Object.entries(document).filter(([name]) => !name.startsWith('x-'))
  issues.push(...said.flatMap(([name, value]) => unstorable(value, [name])))
  const expanded = expandChecks(document)
  issues.push(...expanded.issues)
  for (const section of sectionNames) {
    const list = section === 'checks' && Array.isArray(document.checks) ? expanded.checks : document[section]
    const read = readSection(section, list)
    Object.assign(config, { [section]: read.objects })
    issues.push(...read.issues)
  }
  return { config, issues }
}

/** Parses one list; an object without mistakes is there even where others have some. */
function readSection(section: SectionName, list: unknown): { objects: unknown[]; issues: Issue[] } {
  // `channels:` with nothing after it is an empty list to whoever writes YAML.
  if (list === undefined || list === null) return { objects: [], issues: [] }
  if (!Array.isArray(list)) return { objects: [], issues: [{ at: [section], message: 'expected a list' }] }
  const { schema, keyField } = configSections[section]
  const issues: Issue[] = []
  const seen = new Map<string, number>()
  const objects = list.flatMap((entry: unknown, index) => {
    const value = section === 'regions' && typeof entry === 'string' ? { name: entry } : entry
    const parsed = schema.safeParse(value)
    if (!parsed.success) issues.push(...issuesOf(parsed.error, [section, index]))
    const key = isMapping(value) ? value[keyField] : undefined
    if (typeof key === 'string') {
      const first = seen.get(key)
      if (first === undefined) seen.set(key, index)
      else
        issues.push({
          at: [section, index, keyField],
          message: `"${key}" stands in ${section}[${first}] already`,
        })
    }
    return parsed.success ? [parsed.data] : []
  })
  return { objects, issues }
}

/** Texts that no database takes: with the character U+0000, or half of one that UTF-16 writes as two. */
function unstorable(value: unknown, at: PropertyKey[]): Issue[] {
  if (typeof value === 'string') {
    if (value.includes('\u0000')) return [{ at, message: 'expected text without the character U+0000' }]
    return value.isWellFormed() ? [] : [{ at, message: 'expected text, found half of a character (a lone surrogate)' }]
  }
  if (Array.isArray(value)) return value.flatMap((inner: unknown, index) => unstorable(inner, [...at, index]))
  return isMapping(value) ? Object.entries(value).flatMap(([name, inner]) => unstorable(inner, [...at, name])) : []
}

function isSection(name: string): name is SectionName {
  return Object.hasOwn(configSections, name)
}
