import { sql } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { Connection, longer, patience } from './connection.ts'
import { migrationProblem } from './migration-state.ts'
import * as schema from './schema.ts'

export type Database = NodePgDatabase<typeof schema> & { $client: pg.Pool }

/** What queries run on: the pool, or one transaction of it. */
export type Queryable = Pick<Database, 'select' | 'insert' | 'update' | 'delete' | 'execute'>

export type DatabaseHandle = {
  db: Database
  /** Rejects with one clear line when the server does not answer. */
  ping(): Promise<void>
  /** Rejects with one clear line when the schema is not the one that this version works with. */
  assertMigrated(): Promise<void>
  /**
   * Runs `work` on one connection while no other process runs work of this number; undefined, at once, when one does. For what cannot
   * be in a transaction. `signal` cancels the statement that runs, on a second connection.
   */
  onlyOne<Value>(
    number: number,
    work: (db: Queryable) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<Value | undefined>
  close(): Promise<void>
}

/** Whether the fault is of the connection or the server's state (try again) and not of the statement (never will work). */
export function isTransient(error: unknown): boolean {
  const code = sqlState(error)
  // 08: connection, 53: resources, 57: operator intervention (shutdown, crash, a statement that took too long), 40: serialization
  // and deadlock, 58: the system below. 25006: read-only, 25P03: idle in a transaction for too long, 55P03: a lock not to be had.
  // 42P01, 42703, 42501: a table, a column or a right that is missing, as while a schema is being changed. 23514: no place in the
  // default partition, since that of the row's time was attached just now.
  if (code !== undefined)
    return (
      /^(08|53|57|58|40)/.test(code) ||
      ['25006', '25P03', '55P03', '42P01', '42703', '42501', '23514'].includes(code) ||
      /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET)/.test(code)
    )
  return (
    error instanceof Error &&
    /connection|timeout/i.test(`${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`)
  )
}

/** The code of a fault: PostgreSQL's SQLSTATE, or the system's when there was no connection. */
export function sqlState(error: unknown): string | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    if ('code' in one && typeof one.code === 'string') return one.code
    if (one instanceof AggregateError && one.errors.length > 0) return sqlState(one.errors[0])
  }
  return undefined
}

/** A pool on PostgreSQL 14 or newer; connects when first used. A statement may take `patienceMs`, 10 s by default. `onError` hears of connections that break while idle. */
export function openDatabase(
  url: string,
  options: { max?: number; name: string; patienceMs?: number; onError: (error: Error) => void },
): DatabaseHandle {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 8,
    application_name: options.name,
    Client: Connection,
    ...patience,
    ...(options.patienceMs === undefined ? {} : longer(options.patienceMs)),
  })
  pool.on('error', options.onError)
  // The pool listens to idle clients alone; one that breaks in the middle of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', options.onError))
  // The pool's own runs a statement that had to wait where another gave its connection back: in that one's name (see actor.ts).
  Object.assign(pool, {
    query: (text: pg.QueryConfig, values?: unknown[]) => onOneConnection(pool, (client) => client.query(text, values)),
  })
  const db = drizzle(pool, { schema })
  // Drizzle's own never gives back a connection whose `begin` failed: each would be one less, until none is left.
  db.transaction = (work, config) =>
    onOneConnection(pool, (client) => drizzle(client, { schema }).transaction(work, config))
  return {
    db,
    ping: async () => {
      try {
        await db.execute(sql`select 1`)
      } catch (error) {
        throw new Error(noConnection(url, error), { cause: error })
      }
    },
    assertMigrated: async () => {
      const problem = await migrationProblem(db)
      if (problem !== undefined) throw new Error(`DATABASE_URL: ${describeDatabase(url)} ${problem}`)
    },
    onlyOne: (number, work, signal) =>
      onOneConnection(pool, async (client) => {
        const own = drizzle(client, { schema })
        const { rows } = await own.execute<{ ours: boolean; pid: number }>(
          sql`select pg_try_advisory_lock(${number}) as ours, pg_backend_pid() as pid`,
        )
        const [row] = rows
        if (row?.ours !== true) return undefined
        const cancel = () => void db.execute(sql`select pg_cancel_backend(${row.pid})`).catch(() => undefined)
        signal.addEventListener('abort', cancel, { once: true })
        try {
          return await work(own)
        } finally {
          signal.removeEventListener('abort', cancel)
          // On a connection that broke the lock is gone with it.
          await own.execute(sql`select pg_advisory_unlock(${number})`).catch(() => undefined)
        }
      }),
    close: () => pool.end(),
  }
}

/** Runs `work` on a connection of the pool; one on which it failed is not used again, whatever state it was left in. */
export async function onOneConnection<Value>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Value>,
): Promise<Value> {
  const client = await pool.connect()
  try {
    const value = await work(client)
    client.release()
    return value
  } catch (error) {
    client.release(isTransient(error))
    throw error
  }
}

/** `host:port/database` of a connection string: what may be shown of it. */
export function describeDatabase(url: string): string {
  const { hostname, port, pathname } = new URL(url)
  return `${hostname}:${port || 5432}${pathname}`
}

/** One line for a server that does not answer; the driver's error says why. */
export function noConnection(url: string, error: unknown): string {
  return `DATABASE_URL: no connection to PostgreSQL at ${describeDatabase(url)}: ${connectionFault(error)}`
}

/** The reason a connection failed in the words of the system, also where the driver hides it in an AggregateError or a cause. */
export function connectionFault(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return connectionFault(error.errors[0])
  if (error instanceof Error && error.cause instanceof Error) return connectionFault(error.cause)
  return error instanceof Error ? error.message : String(error)
}
