import type { Logger } from '@sonde/config'
import { openDatabase } from '@sonde/db'
import { readinessOf } from '@sonde/metrics'
import type { NotifierConfig } from './config.ts'

/** Waits for notifications to deliver; nothing writes any yet. Rejects when the database does not answer. */
export async function startNotifier(config: NotifierConfig, log: Logger) {
  const database = openDatabase(config.databaseUrl, {
    name: 'sonde-notifier',
    max: 2,
    onError: (error) => log.warn({ err: error }, 'connection'),
  })
  await database.ping()
  await database.assertMigrated()
  log.info('waiting for notifications')
  return {
    ready: () => readinessOf({ database: database.ping }),
    close: () => database.close(),
  }
}

export { type NotifierConfig, notifierConfig } from './config.ts'
