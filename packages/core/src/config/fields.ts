import { isMapping, type Mapping } from '../mapping.ts'
import { durationPattern, reference, sectionSchema } from './json-schema.ts'
import type { SectionName } from './sections.ts'

/** A field of a section as people look it up. `fallback` is undefined where there is no default. */
export type FieldRow = {
  path: string
  takes: string
  required: boolean
  fallback: unknown
  description: string
  /** The kinds of objects that have it, where not all have. */
  kinds: string[]
}

/** Every field of the objects of a section, those inside others after them, in the order of the schema. */
export function fieldRows(section: SectionName): FieldRow[] {
  const schema = sectionSchema(section)
  const options = Array.isArray(schema.anyOf) ? (schema.anyOf as Mapping[]) : [schema]
  const rows = new Map<string, FieldRow>()
  for (const option of options) {
    const kind = constOf((option.properties as Mapping).kind)
    for (const row of rowsOf(option, '')) {
      const known = rows.get(row.path) ?? row
      if (kind !== undefined) known.kinds.push(kind)
      if (row.path === 'kind' || row.path === 'target') known.takes = row.path === 'kind' ? 'one of the kinds' : 'text'
      rows.set(row.path, known)
    }
  }
  return [...rows.values()].map((row) => (row.kinds.length === options.length ? { ...row, kinds: [] } : row))
}

function rowsOf(schema: Mapping, under: string): FieldRow[] {
  const { properties, required = [] } = schema
  return Object.entries(isMapping(properties) ? properties : {}).flatMap(([name, field]) => {
    const path = under === '' ? name : `${under}.${name}`
    const inner = field as Mapping
    const row: FieldRow = {
      path,
      takes: takesOf(inner),
      required: (required as string[]).includes(name),
      fallback: inner.default,
      description: typeof inner.description === 'string' ? inner.description : '',
      kinds: [],
    }
    return [row, ...objectsIn(inner).flatMap((object) => rowsOf(object, path))]
  })
}

/** The mappings with fields of their own that a field may hold, alone or in a list. */
function objectsIn(schema: Mapping): Mapping[] {
  if (isMapping(schema.properties)) return [schema]
  const options = Array.isArray(schema.anyOf) ? (schema.anyOf as Mapping[]).flatMap(objectsIn) : []
  // A rule that is turned off is told with the rule.
  const told = options.filter(({ properties }) => Object.keys(properties as Mapping).join() !== 'enabled')
  return [...told, ...(isMapping(schema.items) ? objectsIn(schema.items) : [])]
}

function takesOf(schema: Mapping): string {
  if (Array.isArray(schema.anyOf)) {
    const options = (schema.anyOf as Mapping[]).filter(({ pattern }) => pattern !== reference.pattern)
    return [...new Set(options.map(takesOf))].join(' or ')
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const).replace(/^"|"$/g, '')
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(', ')
  if (schema.type === 'array') return `a list of: ${takesOf(schema.items as Mapping)}`
  if (schema.type === 'integer' || schema.type === 'number')
    return `${schema.type === 'integer' ? 'a whole number' : 'a number'}${rangeOf(schema)}`
  if (schema.type === 'boolean') return 'true, false'
  if (schema.type === 'null') return 'null'
  if (schema.type === 'object')
    return isMapping(schema.properties) ? offOrFields(schema.properties) : 'names and values'
  if (schema.pattern === durationPattern)
    return typeof schema.$comment === 'string' ? schema.$comment.replace(/^A /, 'a ') : 'a duration'
  if (schema.format === 'uri') return 'a URL'
  if (schema.format === 'email') return 'an address'
  return 'text'
}

function offOrFields(properties: Mapping): string {
  const fields = Object.keys(properties)
  return fields.join() === 'enabled' ? '{ enabled: false }' : 'the fields below'
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Mapping): string {
  const [low, high] = [minimum ?? exclusiveMinimum, maximum ?? exclusiveMaximum].map((bound) =>
    typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined,
  )
  if (low === undefined && high === undefined) return ''
  return `, ${low ?? ''} to ${high ?? 'any'}`
}

function constOf(schema: unknown): string | undefined {
  return isMapping(schema) && typeof schema.const === 'string' ? schema.const : undefined
}
