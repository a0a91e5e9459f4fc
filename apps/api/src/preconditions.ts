import type { IncomingHttpHeaders } from 'node:http'
import { DomainError } from '@sonde/core'

/** What a row is compared by: each write of its document gives it another revision. */
type Revised = { revision: number }

// Whoever loses this often writes against a crowd, and may as well be told.
const attempts = 50

/** The strong entity tag (RFC 9110, 8.8.3) of a document: the revision of its row. */
export function etagOf({ revision }: Revised): string {
  return `"${revision}"`
}

/** Whether a reader has this state already: If-None-Match (RFC 9110, 13.1.2), to be answered with 304. */
export function isKnown(headers: IncomingHttpHeaders, row: Revised): boolean {
  const known = headers['if-none-match']
  // The weak comparison: a proxy that compresses makes a tag weak, and the reader may still keep what it has.
  return known !== undefined && matches(known.replaceAll('W/', ''), row)
}

/**
 * Changes a row by compare-and-set: reads it, holds it against If-Match and If-None-Match, and has `write` change just that state of
 * it. Where another write came between, `write` answers undefined and all of it is done again against what is there now: nothing is
 * overwritten that the caller has not seen, if it said what it has seen. A DomainError `stale` when the conditions do not hold.
 */
export async function compareAndSet<Row extends Revised | undefined, Outcome>(
  headers: IncomingHttpHeaders,
  read: () => Promise<Row>,
  write: (current: Row) => Promise<Outcome | undefined>,
): Promise<Outcome> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const current = await read()
    assertPreconditions(headers, current)
    const outcome = await write(current)
    if (outcome !== undefined) return outcome
  }
  throw new DomainError('unavailable', 'others change it all the time; try again')
}

/** RFC 9110, 13.2.2: If-Match first, then If-None-Match. */
function assertPreconditions(headers: IncomingHttpHeaders, current: Revised | undefined): void {
  const { 'if-match': wanted, 'if-none-match': unwanted } = headers
  if (wanted !== undefined && (current === undefined || !matches(wanted, current))) {
    const found = current === undefined ? 'there is none' : `it is ${etagOf(current)} now`
    throw stale('If-Match', `expected ${shortened(wanted)}, and ${found}: read it again, and change that`)
  }
  if (unwanted !== undefined && current !== undefined && matches(unwanted, current))
    throw stale(
      'If-None-Match',
      `expected ${unwanted === '*' ? 'none' : 'another state'}, and it is ${etagOf(current)}`,
    )
}

function matches(header: string, row: Revised): boolean {
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim() === etagOf(row))
}

function stale(path: string, message: string): DomainError {
  return new DomainError('stale', `${path}: ${message}`, [{ path, message }])
}

function shortened(header: string): string {
  return header.length <= 100 ? header : `${header.slice(0, 99)}…`
}
