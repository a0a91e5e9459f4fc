import { DomainError } from '@sonde/core'

/** A row by its number and the revision of its document, which every change of that replaces by another. */
export type Revised = { id: number; revision: number }

type Read<Value> = Revised & { value: Value; isTooLarge?: boolean }

// Who loses this often reads beside a crowd that writes.
const attempts = 50

/**
 * Keeps what is made of documents, up to `most` of them, from one time to the next: what is of another revision by now is read anew.
 * So a list of a fleet that stays as it is reads numbers alone. `read` answers rows as they are by then, without those that are gone;
 * what it says is too large is not kept.
 */
export class KeptByRevision<Value> {
  readonly #kept = new Map<number, Revised & { value: Value }>()
  readonly #most: number
  readonly #read: (ids: readonly number[]) => Promise<Read<Value>[]>

  constructor(most: number, read: (ids: readonly number[]) => Promise<Read<Value>[]>) {
    this.#most = most
    this.#read = read
  }

  /**
   * The values of the rows that `find` finds, in their order. It is asked again when one of them was changed or deleted before it was
   * read: by then it may be none of those that are looked for, or that the asker may see.
   */
  async of<Found extends { rows: readonly Revised[] }>(
    find: () => Promise<Found>,
  ): Promise<{ found: Found; values: Value[] }> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const found = await find()
      const known = found.rows.map(({ id, revision }) => {
        const kept = this.#kept.get(id)
        return kept?.revision === revision ? kept : undefined
      })
      const missing = found.rows.filter((_, index) => known[index] === undefined)
      const read = new Map(missing.length === 0 ? [] : await this.#readAll(missing))
      const values = found.rows.flatMap(({ id, revision }, index) => {
        const row = known[index] ?? read.get(id)
        return row?.revision === revision ? [row.value] : []
      })
      if (values.length === found.rows.length) return { found, values }
    }
    throw new DomainError('unavailable', 'others change these checks all the time; try again')
  }

  async #readAll(missing: readonly Revised[]): Promise<[number, Read<Value>][]> {
    const read = await this.#read(missing.map(({ id }) => id))
    for (const { id, revision, value, isTooLarge = false } of read) {
      this.#kept.delete(id)
      if (!isTooLarge) this.#kept.set(id, { id, revision, value })
    }
    // The oldest go. Of a larger fleet than that all are read each time.
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break
      this.#kept.delete(id)
    }
    return read.map((row) => [row.id, row])
  }
}
