import { loadSettings, variables } from '@sonde/config'

export type IngesterConfig = { databaseUrl: string; redisUrl: string | undefined; retention: Retention }

/** How long results and their sums are kept, and what is over of incidents and silences, in ms; days for ever unless told otherwise. */
export type Retention = {
  rawMs: number
  fiveMinutesMs: number
  hoursMs: number
  daysMs: number | undefined
  incidentsMs: number
}

export function ingesterConfig(env: NodeJS.ProcessEnv): IngesterConfig {
  const settings = loadSettings(
    {
      DATABASE_URL: variables.DATABASE_URL,
      REDIS_URL: variables.REDIS_URL,
      SONDE_RETENTION_RAW: variables.SONDE_RETENTION_RAW,
      SONDE_RETENTION_5M: variables.SONDE_RETENTION_5M,
      SONDE_RETENTION_1H: variables.SONDE_RETENTION_1H,
      SONDE_RETENTION_1D: variables.SONDE_RETENTION_1D,
      SONDE_RETENTION_INCIDENTS: variables.SONDE_RETENTION_INCIDENTS,
    },
    env,
  )
  return {
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    retention: {
      rawMs: settings.SONDE_RETENTION_RAW,
      fiveMinutesMs: settings.SONDE_RETENTION_5M,
      hoursMs: settings.SONDE_RETENTION_1H,
      daysMs: settings.SONDE_RETENTION_1D,
      incidentsMs: settings.SONDE_RETENTION_INCIDENTS,
    },
  }
}
