import type { Logger } from '@sonde/config'
import { actAs, appendAudit, type Database } from '@sonde/db'

export type Denial = {
  status: 401 | 403 | 429
  /** The id in the token, if it had one: who it says to be. */
  token: string
  name: string
  address: string
  /** The method and the pattern of the route: `PUT /checks/:key`. */
  route: string
  reason: string
}

type Counted = { denial: Denial; count: number; firstAt: string }

// So many kinds of attempts are told apart in a minute; what comes on top is counted as one.
const mostKinds = 64
const minuteMs = 60_000

/**
 * Attempts that were denied, for the audit log: the first of its kind (token, address, route) at once, those that follow within the
 * minute as one entry with their count. So a flood is on record, and fills no disk.
 */
export class Denials {
  readonly #db: Database
  readonly #log: Logger
  #counted = new Map<string, Counted>()
  readonly #timer: NodeJS.Timeout
  #writing: Promise<void> = Promise.resolve()

  constructor(db: Database, log: Logger) {
    this.#db = db
    this.#log = log
    this.#timer = setInterval(() => this.#flush(), minuteMs).unref()
  }

  note(denial: Denial): void {
    const kind = JSON.stringify([denial.status, denial.token, denial.address, denial.route])
    const known = this.#counted.get(kind) ?? (this.#counted.size < mostKinds ? undefined : this.#others())
    if (known !== undefined) {
      known.count += 1
      return
    }
    this.#counted.set(kind, { denial, count: 0, firstAt: new Date().toISOString() })
    this.#write(denial, {})
  }

  /** Writes what was counted and not yet told. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#flush()
    await this.#writing
  }

  #others(): Counted {
    const others = this.#counted.get('others') ?? {
      denial: {
        status: 401,
        token: 'others',
        name: 'others',
        address: 'several',
        route: 'several',
        reason: 'more kinds of attempts in a minute than are told apart',
      } as const,
      count: 0,
      firstAt: new Date().toISOString(),
    }
    this.#counted.set('others', others)
    return others
  }

  #flush(): void {
    const counted = this.#counted
    this.#counted = new Map()
    for (const { denial, count, firstAt } of counted.values()) {
      if (count > 0) this.#write(denial, { count, since: firstAt })
    }
  }

  #write({ token, name, address, route, status, reason }: Denial, more: Record<string, unknown>): void {
    const entry = { action: 'denied', resource: 'route', key: route, detail: { status, reason, ...more } }
    this.#writing = this.#writing
      .then(() => actAs({ token, name, address }, () => appendAudit(this.#db, entry)))
      .catch((error: unknown) => this.#log.warn({ err: error }, 'a denied attempt is not in the audit log'))
  }
}
