import { loadSettings, variables } from '@sonde/config'
import { makePartitions, migrate, openDatabase } from '@sonde/db'
import { migrateQueue } from '@sonde/queue'
import { exit, type Io } from '../io.ts'
import { readArguments } from './arguments.ts'

/** The whole schema: ours, and the queue's where there is no Redis to hold it. */
export async function migrateAll(databaseUrl: string, redisUrl: string | undefined): Promise<void> {
  await migrate(databaseUrl, redisUrl === undefined ? migrateQueue : undefined)
  const database = openDatabase(databaseUrl, { name: 'sonde-migrate', max: 1, onError: () => undefined })
  try {
    await makePartitions(database.db, Date.now())
  } finally {
    await database.close()
  }
}

export async function migrateCommand(args: string[], io: Io): Promise<number> {
  readArguments({ args, options: {} })
  const { DATABASE_URL, REDIS_URL } = loadSettings(
    { DATABASE_URL: variables.DATABASE_URL, REDIS_URL: variables.REDIS_URL },
    io.env,
  )
  await migrateAll(DATABASE_URL, REDIS_URL)
  io.stdout.write('The schema is up to date.\n')
  return exit.ok
}
