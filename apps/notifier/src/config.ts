import { loadSettings, publicUrlOf, variables } from '@sonde/config'

export type NotifierConfig = {
  databaseUrl: string
  /** Opens the credentials of channels. */
  secretKey: string | undefined
  egress: { deny: string[]; allow: string[] }
  /** Where people find this Sonde: the beginning of the links in messages. */
  publicUrl: string
  /** Where people find Grafana, with Sonde's dashboards. */
  grafanaUrl: string | undefined
  /** The dead man's switch, which is pinged every minute while Sonde judges. */
  deadmanUrl: string | undefined
}

export function notifierConfig(env: NodeJS.ProcessEnv): NotifierConfig {
  const settings = loadSettings(
    {
      DATABASE_URL: variables.DATABASE_URL,
      SONDE_SECRET_KEY: variables.SONDE_SECRET_KEY.unwrap(),
      SONDE_EGRESS_DENY: variables.SONDE_EGRESS_DENY,
      SONDE_EGRESS_ALLOW: variables.SONDE_EGRESS_ALLOW,
      SONDE_HOST: variables.SONDE_HOST,
      SONDE_PORT: variables.SONDE_PORT,
      SONDE_PUBLIC_URL: variables.SONDE_PUBLIC_URL,
      SONDE_GRAFANA_URL: variables.SONDE_GRAFANA_URL,
      SONDE_DEADMAN_URL: variables.SONDE_DEADMAN_URL,
    },
    env,
  )
  return {
    databaseUrl: settings.DATABASE_URL,
    secretKey: settings.SONDE_SECRET_KEY,
    egress: { deny: settings.SONDE_EGRESS_DENY, allow: settings.SONDE_EGRESS_ALLOW },
    publicUrl: publicUrlOf(settings),
    grafanaUrl: settings.SONDE_GRAFANA_URL,
    deadmanUrl: settings.SONDE_DEADMAN_URL,
  }
}
