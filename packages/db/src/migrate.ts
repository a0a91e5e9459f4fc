import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { noConnection } from './database.ts'
import { migrationConfig } from './migration-state.ts'

// Any two processes that migrate at once must agree on this number ("sond" in ASCII).
const migrationLock = 0x736f6e64

/** PostgreSQL 14 is the oldest with everything that the partitioned results need. */
const oldestMajor = 14

/**
 * Brings the schema up to date: one process at a time, each migration in a transaction. Rejects with one line when the server
 * cannot be reached or is too old; `also` runs on the same connection under the same lock (the queue's tables live there too).
 */
export async function migrate(url: string, also?: (client: pg.ClientBase) => Promise<void>): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'sonde-migrate',
    connectionTimeoutMillis: 10_000,
  })
  try {
    await client.connect()
  } catch (error) {
    throw new Error(noConnection(url, error), { cause: error })
  }
  try {
    await assertVersion(client)
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await applyMigrations(drizzle(client), migrationConfig)
    await also?.(client)
  } finally {
    await client.end()
  }
}

async function assertVersion(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ server_version: string; server_version_num: string }>(
    "select current_setting('server_version') as server_version, current_setting('server_version_num') as server_version_num",
  )
  const [row] = rows
  if (row === undefined || Number(row.server_version_num) < oldestMajor * 10_000) {
    throw new Error(`DATABASE_URL: expected PostgreSQL ${oldestMajor} or newer, found ${row?.server_version}`)
  }
}
