import type { Logger } from '@sonde/config'
import { connectionFault, sqlState } from '@sonde/db'

const repeatMs = 60_000

/**
 * Tells of work that the database does not do: once when that begins, once a minute while it lasts, and once when it is over. `what`
 * is the work, in words that follow "the database does not".
 */
export class Stall {
  readonly #log: Pick<Logger, 'warn' | 'info'>
  readonly #what: string
  readonly #now: () => number
  #sinceMs: number | null = null
  #toldMs = 0

  constructor(log: Pick<Logger, 'warn' | 'info'>, what: string, now: () => number) {
    this.#log = log
    this.#what = what
    this.#now = now
  }

  /** Whether the last attempt failed. */
  get lasts(): boolean {
    return this.#sinceMs !== null
  }

  failed(error: unknown): void {
    const now = this.#now()
    this.#sinceMs ??= now
    if (this.#toldMs !== 0 && now - this.#toldMs < repeatMs) return
    this.#toldMs = now
    const code = sqlState(error)
    const reason = `${connectionFault(error)}${code === undefined ? '' : ` (${code})`}`
    this.#log.warn(`the database does not ${this.#what}: ${reason}; trying again every second`)
  }

  worked(): void {
    if (this.#sinceMs === null) return
    const seconds = Math.round((this.#now() - this.#sinceMs) / 1000)
    this.#sinceMs = null
    this.#toldMs = 0
    this.#log.info(`the database does ${this.#what} again, after ${seconds} s`)
  }
}
