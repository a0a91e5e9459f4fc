import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

export type FreshDatabase = { url: string; name: string } & AsyncDisposable

/** The database that every fresh one is a copy of: migrated, empty. */
export const templateName = 'sonde_template'

/**
 * A database of one's own on the run's PostgreSQL, migrated and empty (or, with `schema: 'none'`, without any table).
 * Leaving its scope drops it, whoever is still connected.
 */
export async function freshDatabase(options: { schema?: 'migrated' | 'none' } = {}): Promise<FreshDatabase> {
  const serverUrl = inject('postgresUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const template = options.schema === 'none' ? 'template0' : templateName
  await query(serverUrl, `create database ${name} template ${template}`)
  return {
    name,
    url: withDatabase(serverUrl, name),
    [Symbol.asyncDispose]: () => query(serverUrl, `drop database if exists ${name} with (force)`),
  }
}

/** The address of another database on the same server. */
export function withDatabase(url: string, name: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${name}`
  return parsed.href
}

/** Runs statements on a connection of their own. */
export async function query(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
