import type { MaintenancePlan, Silence } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { readMaintenancePlan } from '../queries/maintenance.ts'
import { silencesBetween } from '../queries/silences.ts'
import type { Mutes } from './mutes.ts'

/**
 * Who can be told, and what keeps them from being told: read when the first incident asks, and once for all that a transaction judges,
 * each as of its own instant between `fromMs` and `toMs`. An outage of hundreds of checks would else read it hundreds of times.
 */
export class Audience {
  readonly #tx: Queryable
  readonly #fromMs: number
  readonly #toMs: number
  #plan: Promise<MaintenancePlan> | undefined
  #silences: Promise<Silence[]> | undefined
  #channels: Promise<Set<string>> | undefined

  constructor(tx: Queryable, fromMs: number, toMs: number = fromMs) {
    this.#tx = tx
    this.#fromMs = fromMs
    this.#toMs = toMs
  }

  plan(): Promise<MaintenancePlan> {
    this.#plan ??= readMaintenancePlan(this.#tx)
    return this.#plan
  }

  async mutesAt(atMs: number): Promise<Mutes> {
    this.#silences ??= silencesBetween(this.#tx, this.#fromMs, this.#toMs)
    const silences = await this.#silences
    const isActive = ({ startsAt, endsAt }: Silence) => Date.parse(startsAt) <= atMs && Date.parse(endsAt) > atMs
    return { plan: await this.plan(), silences: silences.filter(isActive), atMs }
  }

  /** The channels that there are, and that are turned on. */
  channels(): Promise<ReadonlySet<string>> {
    this.#channels ??= this.#tx
      .execute<{ key: string }>(sql`select key from channels where coalesce((doc->>'enabled')::boolean, true)`)
      .then(({ rows }) => new Set(rows.map(({ key }) => key)))
    return this.#channels
  }
}
