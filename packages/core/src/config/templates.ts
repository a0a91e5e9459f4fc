import { Check } from '../check.ts'
import { checkKinds } from '../kinds/registry.ts'
import { isMapping, type Mapping } from '../mapping.ts'
import { unknownField } from '../problem.ts'
import { type Issue, shownNames } from './issues.ts'

/** Fields that only a check itself can have. */
const ownFields = ['key']

/** Every field that a check of some kind has. */
const fields = new Set(Check.options.flatMap(({ shape }) => Object.keys(shape)))

/**
 * The checks with what they inherit laid under them: `defaults`, then each template that they name in the order in which they name
 * them, then their own fields. Mappings are merged field by field, anything else replaces, and null takes away what was inherited.
 * A template may name others in the same way. What does not fit is told by path.
 */
export function expandChecks(document: Mapping): { checks: unknown[]; issues: Issue[] } {
  const { checks, defaults, templates } = document
  const issues: Issue[] = []
  const named = readTemplates(templates, issues)
  const base = readPartial(defaults, ['defaults'], issues)
  if (!Array.isArray(checks)) return { checks: [], issues }
  return {
    checks: checks.map((check: unknown, index) => {
      if (!isMapping(check)) return check
      const { template, ...own } = check
      const layers = [base, ...named.layersOf(template, ['checks', index, 'template'])]
      const inherited = layers.reduce<Mapping>((under, over) => merge(under, over) as Mapping, {})
      const kind = own.kind ?? inherited.kind
      return merge(withoutOtherKinds(inherited, kind), own)
    }),
    issues,
  }
}

type Templates = { layersOf: (reference: unknown, at: PropertyKey[]) => Mapping[] }

function readTemplates(templates: unknown, issues: Issue[]): Templates {
  if (templates !== undefined && !isMapping(templates)) {
    issues.push({ at: ['templates'], message: 'expected a mapping of names to parts of checks' })
  }
  const raw = isMapping(templates) ? templates : {}
  // A template is put together once, however many name it: else a few that name each other twice over would take for ever.
  const known = new Map<string, Mapping>()
  const underway: string[] = []

  const layersOf = (reference: unknown, at: PropertyKey[]): Mapping[] => {
    if (reference === undefined) return []
    const list = Array.isArray(reference)
    return (list ? reference : [reference]).flatMap((name: unknown, index) => {
      const here = list ? [...at, index] : at
      if (typeof name !== 'string') {
        issues.push({ at: here, message: 'expected the name of a template, or a list of names' })
        return []
      }
      if (!Object.hasOwn(raw, name)) {
        issues.push({ at: here, message: `there is no template "${name}"${shownNames(Object.keys(raw))}` })
        return []
      }
      if (underway.includes(name)) {
        const circle = [...underway.slice(underway.indexOf(name)), name].join(' → ')
        issues.push({ at: here, message: `templates name each other in a circle: ${circle}` })
        return []
      }
      return [whole(name)]
    })
  }

  const whole = (name: string): Mapping => {
    const found = known.get(name)
    if (found !== undefined) return found
    underway.push(name)
    const { template, ...own } = readPartial(raw[name], ['templates', name], issues, ['template'])
    const merged = [...layersOf(template, ['templates', name, 'template']), own].reduce<Mapping>(
      (under, over) => merge(under, over) as Mapping,
      {},
    )
    underway.pop()
    known.set(name, merged)
    return merged
  }

  // Those that nobody names are read as well, so that a mistake in one is told before somebody does.
  for (const name of Object.keys(raw)) whole(name)
  return { layersOf }
}

/** A part of a check. What its fields hold is looked at where it is used, as what fits depends on the rest. */
function readPartial(value: unknown, at: PropertyKey[], issues: Issue[], also: string[] = []): Mapping {
  if (value === undefined || value === null) return {}
  if (!isMapping(value)) {
    issues.push({ at, message: 'expected a mapping of fields of a check' })
    return {}
  }
  for (const name of Object.keys(value)) {
    if (ownFields.includes(name) || (name === 'template' && !also.includes(name)))
      issues.push({ at: [...at, name], message: 'can only stand in a check itself' })
    else if (!fields.has(name) && !also.includes(name))
      issues.push({ at: [...at, name], message: unknownField(name, [...fields]) })
  }
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => (fields.has(name) || also.includes(name)) && !ownFields.includes(name)),
  )
}

/** Without the blocks of other kinds: an `http: …` that was inherited is meant for http checks alone. */
function withoutOtherKinds(inherited: Mapping, kind: unknown): Mapping {
  return Object.fromEntries(Object.entries(inherited).filter(([name]) => name === kind || !(name in checkKinds)))
}

/** `over` laid on `under`: mappings are merged field by field, null takes away, anything else replaces. */
function merge(under: unknown, over: unknown): unknown {
  if (!isMapping(under) || !isMapping(over)) return over
  const merged = new Map(Object.entries(under))
  for (const [name, value] of Object.entries(over)) {
    if (value === null && merged.has(name)) merged.delete(name)
    else merged.set(name, merge(merged.get(name), value))
  }
  return Object.fromEntries(merged)
}
