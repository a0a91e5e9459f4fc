import { checkRevisions, type Database, findCheck, findChecks, regionNames } from '@sonde/db'
import { inRegions, type Scheduled, scheduled } from './batches.ts'

// As many as are read and checked in some 50 ms: what else there is to do, such as to say that the leader lives, goes in between.
const readAtOnce = 500

/** The enabled checks, what the schedule needs of them held in memory and kept current by what the database tells of. */
export class CheckSet {
  readonly #db: Database
  #byKey = new Map<string, Scheduled>()
  #revisions = new Map<string, string>()
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

  /**
   * Makes sure of everything: at the start, when regions change, after a lost connection, and now and then for good measure. Reads
   * what is not the version that was read before.
   */
  async reload(): Promise<void> {
    const [regions, revisions] = await Promise.all([regionNames(this.#db), checkRevisions(this.#db)])
    const sameRegions = regions.join() === this.#regions.join()
    this.#regions = regions
    for (const [key, entry] of this.#byKey) {
      if (!revisions.has(key)) this.#byKey.delete(key)
      else if (!sameRegions) this.#keep(key, inRegions(entry, regions))
    }
    const changed = [...revisions]
      .filter(([key, revision]) => this.#revisions.get(key) !== revision)
      .map(([key]) => key)
    for (let from = 0; from < changed.length; from += readAtOnce) {
      const keys = changed.slice(from, from + readAtOnce)
      const found = new Map((await findChecks(this.#db, keys)).map((stored) => [stored.check.key, stored]))
      for (const key of keys) {
        const stored = found.get(key)
        this.#keep(key, stored === undefined ? undefined : scheduled(stored.id, stored.check, regions))
      }
    }
    this.#revisions = revisions
  }

  /** Reads one check that was changed, made or deleted. */
  async refresh(key: string): Promise<void> {
    const stored = await findCheck(this.#db, key)
    this.#keep(key, stored === undefined ? undefined : scheduled(stored.id, stored.check, this.#regions))
  }

  #keep(key: string, entry: Scheduled | undefined): void {
    if (entry === undefined) this.#byKey.delete(key)
    else this.#byKey.set(key, entry)
  }
}
