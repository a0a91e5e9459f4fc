/**
 * The name of a header in lower case, the same string for the same name: V8 looks an object's key up in the table of all its strings
 * where it has not seen that very string before.
 */
export function lowerCase(field: string): string {
  const known = lowerCased.get(field)
  if (known !== undefined) return known
  const name = field.toLowerCase()
  if (lowerCased.size < maxLowerCased && field.length <= maxNameLength) lowerCased.set(field, name)
  return name
}

// What most servers send, and no more than what a hostile one may leave behind.
const lowerCased = new Map<string, string>()
const maxLowerCased = 512
const maxNameLength = 64
