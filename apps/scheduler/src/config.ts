import { loadSettings, variables } from '@sonde/config'

export type SchedulerConfig = {
  databaseUrl: string
  redisUrl: string | undefined
  /** How long before its slot a probe is handed to the queue: a break of the connection shorter than this is not noticed. */
  lookaheadMs: number
}

export function schedulerConfig(env: NodeJS.ProcessEnv): SchedulerConfig {
  const { DATABASE_URL, REDIS_URL } = loadSettings(
    { DATABASE_URL: variables.DATABASE_URL, REDIS_URL: variables.REDIS_URL },
    env,
  )
  return { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, lookaheadMs: 5000 }
}
