import { loadSettings, variables } from '@sonde/config'

export type NotifierConfig = { databaseUrl: string }

export function notifierConfig(env: NodeJS.ProcessEnv): NotifierConfig {
  return { databaseUrl: loadSettings({ DATABASE_URL: variables.DATABASE_URL }, env).DATABASE_URL }
}
