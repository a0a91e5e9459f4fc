import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@sonde/db'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { migrateQueue } from '@sonde/queue'
import type { TestProject } from 'vitest/node'
import { query, templateName, withDatabase } from './database.ts'
import { startRedisServer } from './redis.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
    redisUrl: string | null
  }
}

/** What a test run need not survive; everything else is as in production. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' }

/** Vitest's global set-up: one PostgreSQL with a migrated template and, where it is installed, one Redis for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sonde-test-'))
  await chmod(dataDir, 0o711) // As root, PostgreSQL's user must get through.
  const [postgres, redis] = await Promise.all([
    startEmbeddedPostgres({ dataDir, log: () => {}, settings }),
    startRedisServer(),
  ])
  await query(postgres.url, `create database ${templateName}`)
  await migrate(withDatabase(postgres.url, templateName), migrateQueue)
  project.provide('postgresUrl', postgres.url)
  project.provide('redisUrl', redis?.url ?? null)
  return async () => {
    await Promise.all([postgres.stop(), redis?.stop()])
    await removeEmbeddedPostgres({ dataDir, cluster: postgres.cluster })
  }
}
