import type { Result } from '@sonde/core'
import type { IngestItem } from '@sonde/db'

// While two are PostgreSQL's work, a third is this process's. More only wait for each other's locks on the same states.
export const transactionsAtOnce = 3

// Past some hundreds a transaction gets no cheaper by the result, and holds its locks for longer.
export const resultsAtOnce = 256

type Chunk = { items: readonly IngestItem[]; done: PromiseWithResolvers<void> }

/**
 * Writes chunks of results, those that wait together in one transaction: a chunk that comes alone is written at once, and under load
 * the cost of a transaction is shared. `write` stores all that it is given or nothing; `isOfTheData` tells a fault that a chunk would
 * meet again from one of the database. A chunk that has such a fault takes down no other: each is then written by itself.
 */
export class ChunkWriter {
  readonly #write: (items: readonly IngestItem[]) => Promise<unknown>
  readonly #isOfTheData: (error: unknown) => boolean
  #waiting: Chunk[] = []
  #running = 0

  constructor(write: (items: readonly IngestItem[]) => Promise<unknown>, isOfTheData: (error: unknown) => boolean) {
    this.#write = write
    this.#isOfTheData = isOfTheData
  }

  /** Resolves when the transaction that holds the chunk is committed; rejects with the fault that kept it from being so. */
  add(items: readonly IngestItem[]): Promise<void> {
    const done = Promise.withResolvers<void>()
    this.#waiting.push({ items, done })
    if (this.#running < transactionsAtOnce) void this.#run()
    return done.promise
  }

  async #run(): Promise<void> {
    this.#running++
    for (let chunks = this.#next(); chunks.length > 0; chunks = this.#next()) await this.#writeTogether(chunks)
    this.#running--
  }

  /** The chunks of the next transaction, in the order in which they came: one at least, and no more than fit. */
  #next(): Chunk[] {
    let results = 0
    const over = this.#waiting.findIndex(({ items }, index) => {
      results += items.length
      return index > 0 && results > resultsAtOnce
    })
    return this.#waiting.splice(0, over === -1 ? this.#waiting.length : over)
  }

  async #writeTogether(chunks: readonly Chunk[]): Promise<void> {
    try {
      await this.#write(chunks.flatMap(({ items }) => items))
      for (const { done } of chunks) done.resolve()
    } catch (error) {
      if (chunks.length > 1 && this.#isOfTheData(error)) for (const chunk of chunks) await this.#writeTogether([chunk])
      else for (const { done } of chunks) done.reject(error)
    }
  }
}

/**
 * Writes each of these results by itself, and throws for those that cannot be written, with the first fault: of a chunk that
 * holds a result that the database refuses, all others are kept.
 */
export async function writeOneByOne(
  items: readonly IngestItem[],
  write: (items: readonly IngestItem[]) => Promise<unknown>,
  isOfTheData: (error: unknown) => boolean,
): Promise<void> {
  const refused: { result: Result; error: unknown }[] = []
  for (const item of items) {
    try {
      await write([item])
    } catch (error) {
      if (!isOfTheData(error)) throw error
      refused.push({ result: item.result, error })
    }
  }
  const [first] = refused
  if (first === undefined) return
  const { checkKey, region, slot } = first.result
  const more = refused.length === 1 ? '' : ` and ${refused.length - 1} more`
  throw new Error(`the result of ${checkKey} from ${region} at ${slot}${more}: ${reasonOf(first.error)}`, {
    cause: first.error,
  })
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
