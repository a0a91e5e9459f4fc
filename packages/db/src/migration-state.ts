import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { Queryable } from './database.ts'

/** Where the reviewed SQL lies, and the table that says which of it a database has. */
export const migrationConfig = {
  migrationsFolder: fileURLToPath(new URL('../migrations', import.meta.url)),
  migrationsSchema: 'public',
  migrationsTable: 'sonde_migrations',
}

/** What is wrong with the schema of a database, in words that follow its name, or undefined when it is up to date. */
export async function migrationProblem(db: Queryable): Promise<string | undefined> {
  const wanted = readMigrationFiles(migrationConfig).at(-1)?.folderMillis ?? 0
  const { rows } = await db.execute<{ exists: boolean }>(
    sql`select to_regclass('public.sonde_migrations') is not null as exists`,
  )
  if (rows[0]?.exists !== true) return 'has no schema yet: run sonde migrate'
  const applied = await db.execute<{ last: string | null }>(
    sql`select max(created_at) as last from public.sonde_migrations`,
  )
  const last = Number(applied.rows[0]?.last ?? 0)
  if (last < wanted) return 'has an older schema: run sonde migrate'
  return last > wanted ? 'has the schema of a newer Sonde: run that version' : undefined
}
