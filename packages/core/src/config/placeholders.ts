import { isMapping } from '../mapping.ts'
import type { Issue } from './issues.ts'

/** What a text of a file may refer to: a variable of the environment, or the content of a file. */
export type Reference = { kind: 'env' | 'file'; name: string }

// `$${` is a `${` that is meant as it stands. Anything else in braces, such as a template of the target's own, is text.
const placeholder = /\$\$\{|\$\{([A-Z_][A-Z0-9_]*)\}|\$\{file:([^}]*)\}/g

/**
 * The document with every `${NAME}` and `${file:path}` in its texts replaced by what `lookup` finds, and `$${` by `${`. What
 * `lookup` has against a reference is told by path; field names are left as they are.
 */
export function fillPlaceholders(
  value: unknown,
  lookup: (reference: Reference) => string | { problem: string },
  at: PropertyKey[] = [],
): { value: unknown; issues: Issue[] } {
  const issues: Issue[] = []
  const fill = (one: unknown, path: PropertyKey[]): unknown => {
    if (typeof one === 'string')
      return one.replace(placeholder, (whole, env: string | undefined, file: string | undefined) => {
        if (env === undefined && file === undefined) return '${'
        const found = lookup(env === undefined ? { kind: 'file', name: file ?? '' } : { kind: 'env', name: env })
        if (typeof found === 'string') return found
        issues.push({ at: path, message: found.problem })
        return whole
      })
    if (Array.isArray(one)) return one.map((inner: unknown, index) => fill(inner, [...path, index]))
    if (!isMapping(one)) return one
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, fill(inner, [...path, name])]))
  }
  return { value: fill(value, at), issues }
}

const nearlyReference = /(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Texts that nearly refer to a variable, by a name in lower case: they are taken as they stand, which may not have been meant. */
export function nearlyReferences(value: unknown, at: PropertyKey[] = []): Issue[] {
  if (typeof value === 'string')
    return [...value.matchAll(nearlyReference)]
      .filter(([whole]) => !hasPlaceholder(whole))
      .map(([whole]) => ({
        at,
        message: `${whole} is taken as it stands: names of variables are A-Z, 0-9 and _; $${whole} says that it is meant so`,
      }))
  if (Array.isArray(value)) return value.flatMap((inner: unknown, index) => nearlyReferences(inner, [...at, index]))
  return isMapping(value)
    ? Object.entries(value).flatMap(([name, inner]) => nearlyReferences(inner, [...at, name]))
    : []
}

/** Whether a text refers to something outside the file. */
export function hasPlaceholder(text: string): boolean {
  return [...text.matchAll(placeholder)].some(([whole]) => whole !== '$${')
}

/** The document as a file says it, in which nothing refers to anything: `fillPlaceholders` makes the same of it again. */
export function escapePlaceholders(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${', '$$${')
  if (Array.isArray(value)) return value.map(escapePlaceholders)
  if (!isMapping(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, escapePlaceholders(inner)]))
}
