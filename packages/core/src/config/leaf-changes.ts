import { isMapping, isSame } from '../mapping.ts'
import { pathText } from '../problem.ts'
import { isSealed } from '../secret-fields.ts'

/**
 * A field that differs: `from` is missing where it comes to be, `to` where it goes. Of a secret only
 * that it is another one is told: "(secret)" stands for both.
 */
export type LeafChange = { path: string; from?: unknown; to?: unknown; secret?: true }

/** The fields in which two documents differ, each by its own path. */
export function leafChanges(from: unknown, to: unknown): LeafChange[] {
  return differences(from, to).map(({ at, from: before, to: after }) => {
    const secret = isSecret(before) || isSecret(after)
    const told = (value: unknown) => (secret ? '(secret)' : value)
    return {
      path: pathText(at),
      ...(before === undefined ? {} : { from: told(before) }),
      ...(after === undefined ? {} : { to: told(after) }),
      ...(secret ? { secret } : {}),
    }
  })
}

/**
 * The same with paths in steps, and secrets as they are. Lists of mappings are compared one by one; other lists are values: who
 * changes `regions` wants to see both lists.
 */
export function differences(
  from: unknown,
  to: unknown,
  at: PropertyKey[] = [],
): { at: PropertyKey[]; from: unknown; to: unknown }[] {
  if (isSame(from, to)) return []
  if (isBranch(from) || isBranch(to)) {
    const [before, after] = [branches(from), branches(to)]
    // Where a value stands in place of fields, or the other way round, there is no field to compare with.
    if (before !== undefined && after !== undefined)
      return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
        differences(before.get(name), after.get(name), [...at, name]),
      )
  }
  return [{ at, from, to }]
}

/** Whether a value is compared field by field; an empty one has none. */
function isBranch(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isMapping)
  return isMapping(value) && Object.keys(value).length > 0
}

function branches(value: unknown): Map<PropertyKey, unknown> | undefined {
  if (value === undefined) return new Map()
  if (Array.isArray(value)) return value.every(isMapping) ? new Map(value.map((one, index) => [index, one])) : undefined
  return isMapping(value) ? new Map(Object.entries(value)) : undefined
}

function isSecret(value: unknown): boolean {
  return typeof value === 'string' && isSealed(value)
}
