import pg from 'pg'
import { type Database, onOneConnection } from './database.ts'

/**
 * Hands what queries answer to `read`, row by row as it comes, one query after the other: while what one answered is read, PostgreSQL is at
 * the next. It is a COPY in PostgreSQL's binary format: thousands of rows come in half
 * of the time that they take as text, and none of their bytes becomes a string on the way. There are no parameters: values stand in the
 * text, texts through `quoted`. Where `read` throws, nothing more is read, and the copy rejects with it.
 */
export function copyOut(
  db: Database,
  queries: string | readonly string[],
  read: (row: CopiedRow) => void,
): Promise<void> {
  return onOneConnection(db.$client, (client) => client.query(new CopyOut([queries].flat(), read)).done)
}

/** A text as it stands in a statement. */
export const quoted = pg.escapeLiteral

/** The columns of a row, to be read in their order, each by the method of its type. */
export class CopiedRow {
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0

  /** Begins with a row at `at`; answers the number of its columns. */
  begin(bytes: Buffer, at: number): number {
    this.#bytes = bytes
    this.#at = at + 2
    return bytes.readInt16BE(at)
  }

  /** An `int`. */
  int(): number {
    this.#at += 8
    return this.#bytes.readInt32BE(this.#at - 4)
  }

  /** A `timestamptz`, in ms since the epoch. */
  instantMs(): number {
    this.#at += 12
    // Microseconds, of which a double holds 285 years.
    const high = this.#bytes.readInt32BE(this.#at - 8)
    return (high * 0x100000000 + this.#bytes.readUInt32BE(this.#at - 4)) / 1000 + epochMs
  }

  /** A `bytea`, or the text of any other; null where there is none. Its memory is the driver's, and good for this row alone. */
  bytes(): Buffer | null {
    const length = this.#bytes.readInt32BE(this.#at)
    this.#at += 4
    if (length === -1) return null
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }
}

// PostgreSQL's own.
const epochMs = Date.UTC(2000, 0, 1)

// "COPY", "Binary Format" in PostgreSQL's manual: a signature of 11 bytes, flags, and the length of what may follow those.
const signature = Buffer.from('PGCOPY\n\u00ff\r\n\0', 'latin1')
const headerBytes = signature.length + 8

/** What the driver asks of a query (`Query` in its lib/query.js), for the messages of a copy: one a row, the header before the first. */
class CopyOut implements pg.Submittable {
  readonly #text: string
  readonly #read: (row: CopiedRow) => void
  readonly #done = Promise.withResolvers<void>()
  readonly #row = new CopiedRow()
  #begun = false
  #fault: unknown
  /** The driver puts its own in this one's place, to hear that the time for an answer is over or was kept. */
  callback: (error?: unknown) => void = () => undefined

  constructor(queries: readonly string[], read: (row: CopiedRow) => void) {
    this.#text = queries.map((query) => `copy (${query}) to stdout (format binary)`).join(';\n')
    this.#read = read
  }

  get done(): Promise<void> {
    return this.#done.promise
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text)
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.#fault !== undefined) return
    try {
      const at = this.#begun ? 0 : headerBytes
      this.#begun = true
      // A row of -1 columns is the end.
      if (this.#row.begin(chunk, at) >= 0) this.#read(this.#row)
    } catch (error) {
      // Thrown here it would be the socket's, and nobody's to catch.
      this.#fault = error ?? new Error('reading a row')
    }
  }

  handleError(error: unknown): void {
    this.#done.reject(error)
    this.callback(error)
  }

  handleReadyForQuery(): void {
    if (this.#fault === undefined) this.#done.resolve()
    else this.#done.reject(this.#fault)
    this.callback()
  }

  /** The end of one query; what the next answers has a header of its own. */
  handleCommandComplete(): void {
    this.#begun = false
  }
}
