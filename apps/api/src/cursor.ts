import { DomainError } from '@sonde/core'

/** A cursor is opaque to clients: what the last row of a page was found by, as base64url of JSON. */
export function encodeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** The value inside, if `accept` takes it; a DomainError `invalid` otherwise. */
export function decodeCursor<Value>(
  cursor: string | undefined,
  accept: (value: unknown) => Value | undefined,
): Value | undefined {
  if (cursor === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    value = undefined
  }
  const accepted = accept(value)
  if (accepted !== undefined) return accepted
  throw new DomainError('invalid', 'cursor: expected the nextCursor of an earlier answer', [
    { path: 'cursor', message: 'expected the nextCursor of an earlier answer' },
  ])
}

/** The key after which a list in key order goes on. */
export function cursorOfKey(cursor: string | undefined): string | undefined {
  return decodeCursor(cursor, (value) => (typeof value === 'string' ? value : undefined))
}
