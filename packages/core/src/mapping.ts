/** A value of a document that has fields. */
export type Mapping = Record<string, unknown>

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON with sorted keys, so that the order in which a document was written makes no difference. */
export function canonical(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((inner) => (inner === undefined ? 'null' : canonical(inner))).join(',')}]`
  if (!isMapping(value) || 'toJSON' in value) return JSON.stringify(value) ?? 'undefined'
  const fields = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort((a, b) => (a < b ? -1 : 1))
  return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

/** Whether two values of JSON are the same, in whatever order their fields stand; a field that is undefined is none. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((inner, index) => isSame(inner, b[index]))
  if (!isMapping(a) || !isMapping(b)) return false
  for (const name of Object.keys(a)) if (!isSame(a[name], Object.hasOwn(b, name) ? b[name] : undefined)) return false
  for (const name of Object.keys(b)) if (b[name] !== undefined && !Object.hasOwn(a, name)) return false
  return true
}
