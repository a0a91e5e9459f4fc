import { allChecks, type Database, findCheck, regionNames } from '@sonde/db'
import type { Scheduled } from './batches.ts'
import { scheduled } from './batches.ts'

/** The enabled checks, held in memory and kept current by what the database tells of. */
export class CheckSet {
  readonly #db: Database
  #byKey = new Map<string, Scheduled>()
  #regions: string[] = []

  constructor(db: Database) {
    this.#db = db
  }

  get size(): number {
    return this.#byKey.size
  }

  entries(): Iterable<Scheduled> {
    return this.#byKey.values()
  }

  /** Reads everything: at the start, when regions change, after a lost connection, and now and then for good measure. */
  async reload(): Promise<void> {
    const [regions, rows] = await Promise.all([regionNames(this.#db), allChecks(this.#db)])
    this.#regions = regions
    this.#byKey = new Map(
      rows.flatMap(({ id, check }) => {
        const entry = scheduled(id, check, regions)
        return entry === undefined ? [] : [[check.key, entry] as const]
      }),
    )
  }

  /** Reads one check that was changed, made or deleted. */
  async refresh(key: string): Promise<void> {
    const stored = await findCheck(this.#db, key)
    const entry = stored === undefined ? undefined : scheduled(stored.id, stored.check, this.#regions)
    if (entry === undefined) this.#byKey.delete(key)
    else this.#byKey.set(key, entry)
  }
}
