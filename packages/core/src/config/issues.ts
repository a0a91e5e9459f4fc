export type { Issue } from '../problem.ts'

/** What there is, at the end of a message that says what there is not. */
export function shownNames(names: readonly string[]): string {
  if (names.length === 0) return ', nor any other'
  const some = names.slice(0, 8).map((name) => `"${name}"`)
  return `; there is ${some.join(', ')}${names.length > some.length ? `, and ${names.length - some.length} more` : ''}`
}
