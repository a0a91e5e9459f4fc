import { loadSettings, variables } from '@sonde/config'

export type IngesterConfig = { databaseUrl: string; redisUrl: string | undefined; retentionRawMs: number }

export function ingesterConfig(env: NodeJS.ProcessEnv): IngesterConfig {
  const settings = loadSettings(
    {
      DATABASE_URL: variables.DATABASE_URL,
      REDIS_URL: variables.REDIS_URL,
      SONDE_RETENTION_RAW: variables.SONDE_RETENTION_RAW,
    },
    env,
  )
  return {
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    retentionRawMs: settings.SONDE_RETENTION_RAW,
  }
}
