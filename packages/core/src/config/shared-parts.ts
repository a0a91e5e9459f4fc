import { canonical, isMapping, type Mapping } from '../mapping.ts'

// A part that is shorter than this is left where it stands: the reference to it would save nothing.
const leastChars = 120

// What may differ from place to place although the values are the same.
const annotations = ['title', 'description', 'default', 'examples']
// Where schemas stand within a schema: one, a list of them, or a mapping to them.
const singles = ['items', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else']
const lists = ['anyOf', 'allOf', 'oneOf']
const mappings = ['properties', 'patternProperties']

/**
 * The same JSON Schema (2020-12) with what stands in it several times kept once, in `$defs`, and referred to. What a field means stays
 * beside the reference. A part is named after the field where it first stands; where several would have one name, they are numbered.
 */
export function withSharedParts(schema: Mapping): Mapping {
  const counts = new Map<string, number>()
  const count = (part: Mapping): void => {
    const text = canonical(formOf(part))
    const known = counts.get(text) ?? 0
    counts.set(text, known + 1)
    // What is in a part that was met before stands once, with that part.
    if (known === 0) eachWithin(part, '', (inner) => (count(inner), inner))
  }
  count(schema)

  const names = new Map<string, string>()
  const definitions: Mapping = {}
  const share = (part: Mapping, field: string): Mapping => {
    const form = formOf(part)
    const text = canonical(form)
    if ((counts.get(text) ?? 0) < 2 || text.length < leastChars) return eachWithin(part, field, share)
    let name = names.get(text)
    if (name === undefined) {
      name = freeName(field, definitions)
      names.set(text, name)
      // The place is taken before what is within it asks for names.
      definitions[name] = form
      definitions[name] = eachWithin(form, field, share)
    }
    return { ...onlyOf(part, (key) => annotations.includes(key)), $ref: `#/$defs/${name}` }
  }
  const shared = eachWithin(schema, '', share)
  return Object.keys(definitions).length === 0 ? shared : { ...shared, $defs: definitions }
}

function formOf(part: Mapping): Mapping {
  return onlyOf(part, (key) => !annotations.includes(key))
}

function onlyOf(part: Mapping, holds: (key: string) => boolean): Mapping {
  return Object.fromEntries(Object.entries(part).filter(([key]) => holds(key)))
}

function freeName(field: string, taken: Mapping): string {
  const name = field === '' ? 'part' : field
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}${number}`
    if (!Object.hasOwn(taken, candidate)) return candidate
  }
}

/** The schema with every schema within it replaced; `field` is the name of the field that it is for. */
function eachWithin(schema: Mapping, field: string, replace: (inner: Mapping, field: string) => Mapping): Mapping {
  const one = (inner: unknown, name: string) => (isMapping(inner) ? replace(inner, name) : inner)
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (singles.includes(key)) return [key, one(value, field)]
      if (lists.includes(key) && Array.isArray(value)) return [key, value.map((inner: unknown) => one(inner, field))]
      if (mappings.includes(key) && isMapping(value))
        return [key, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, one(inner, name)]))]
      return [key, value]
    }),
  )
}
