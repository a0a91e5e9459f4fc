import pg from 'pg'
import { actorSetting } from './actor.ts'

/**
 * How long anything here waits for PostgreSQL. A statement that takes longer than the server is told to allow ends with an error of
 * its own; one whose answer does not come even then went out on a connection that is dead without a word (a firewall forgot it,
 * the other machine is gone), and that is given up. A transaction whose process froze is ended by the server, with its locks.
 * `?statement_timeout=…` (ms) in DATABASE_URL goes before.
 */
export const patience = {
  connectionTimeoutMillis: 10_000,
  statement_timeout: 10_000,
  query_timeout: 12_000,
  idle_in_transaction_session_timeout: 10_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
} satisfies pg.ClientConfig

/** The same for statements that are known to take long. */
export function longer(statementMs: number): pg.ClientConfig {
  return {
    statement_timeout: statementMs,
    query_timeout: statementMs + 2000,
    idle_in_transaction_session_timeout: 10_000,
  }
}

const silence = 'Query read timeout'

/**
 * A connection that ends with the first answer that does not come: what was asked next would wait behind it for ever. It tells the
 * server who acts (see actor.ts) whenever that is another than the last time.
 */
export class Connection extends pg.Client {
  #told = ''

  constructor(config?: string | pg.ClientConfig) {
    super(config)
    const query = this.query.bind(this) as (...args: unknown[]) => unknown
    const impatient = (...args: unknown[]): unknown => {
      const actor = actorSetting()
      if (actor !== this.#told) {
        this.#told = actor
        // It goes before the statement on the same connection: where it fails, that fails too.
        void Promise.resolve(query("select set_config('sonde.actor', $1, false)", [actor])).catch(() => undefined)
      }
      const answer = query(...args)
      if (answer instanceof Promise)
        answer.catch((error: unknown) => {
          if (error instanceof Error && error.message === silence) this.connection.stream.destroy(error)
        })
      return answer
    }
    Object.assign(this, { query: impatient })
  }
}
