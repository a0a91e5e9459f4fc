import { loadSettings, publicUrlOf, SettingsError, variables } from '@sonde/config'
import type { Bounds } from './bounds.ts'
import type { CertificateFiles } from './certificate-files.ts'
import type { Door } from './door.ts'

export type ApiConfig = {
  databaseUrl: string
  redisUrl: string | undefined
  host: string
  port: number
  /** A token with every scope. */
  adminToken: string
  /** Seals what is secret; a document that holds a secret is refused without it. */
  secretKey: string | undefined
  /** Holds for channels that are put to the test. */
  egress: { deny: string[]; allow: string[] }
  /** Where people find this Sonde. */
  publicUrl: string
  metricsToken: string | undefined
  metricsJob: string | undefined
  /** Origins of pages that may ask from a browser; none unless told otherwise. */
  corsOrigins?: string[]
  /** What clients may take; the usual unless told otherwise. */
  bounds?: Bounds
  /** How it is reached from outside; by plain HTTP, trusting no proxy, at the usual rates, unless told otherwise. */
  door?: Door
}

/** Without SONDE_ADMIN_TOKEN `makeToken` is asked for one, with the data directory to keep it in. */
export function apiConfig(env: NodeJS.ProcessEnv, makeToken: (dataDir: string) => string): ApiConfig {
  const settings = loadSettings(
    {
      DATABASE_URL: variables.DATABASE_URL,
      REDIS_URL: variables.REDIS_URL,
      SONDE_HOST: variables.SONDE_HOST,
      SONDE_PORT: variables.SONDE_PORT,
      SONDE_DATA_DIR: variables.SONDE_DATA_DIR,
      SONDE_ADMIN_TOKEN: variables.SONDE_ADMIN_TOKEN,
      SONDE_SECRET_KEY: variables.SONDE_SECRET_KEY.unwrap(),
      SONDE_EGRESS_DENY: variables.SONDE_EGRESS_DENY,
      SONDE_EGRESS_ALLOW: variables.SONDE_EGRESS_ALLOW,
      SONDE_PUBLIC_URL: variables.SONDE_PUBLIC_URL,
      SONDE_METRICS_TOKEN: variables.SONDE_METRICS_TOKEN,
      SONDE_TRUST_PROXY: variables.SONDE_TRUST_PROXY,
      SONDE_TLS_CERT_FILE: variables.SONDE_TLS_CERT_FILE,
      SONDE_TLS_KEY_FILE: variables.SONDE_TLS_KEY_FILE,
      SONDE_RATE_TOKEN: variables.SONDE_RATE_TOKEN,
      SONDE_RATE_ADDRESS: variables.SONDE_RATE_ADDRESS,
      SONDE_RATE_DENIED: variables.SONDE_RATE_DENIED,
      SONDE_METRICS_JOB: variables.SONDE_METRICS_JOB,
      SONDE_CORS_ORIGINS: variables.SONDE_CORS_ORIGINS,
    },
    env,
  )
  return {
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    host: settings.SONDE_HOST,
    port: settings.SONDE_PORT,
    adminToken: settings.SONDE_ADMIN_TOKEN ?? makeToken(settings.SONDE_DATA_DIR),
    secretKey: settings.SONDE_SECRET_KEY,
    egress: { deny: settings.SONDE_EGRESS_DENY, allow: settings.SONDE_EGRESS_ALLOW },
    publicUrl: publicUrlOf(settings),
    metricsToken: settings.SONDE_METRICS_TOKEN,
    metricsJob: settings.SONDE_METRICS_JOB,
    door: {
      rates: {
        perToken: settings.SONDE_RATE_TOKEN,
        perAddress: settings.SONDE_RATE_ADDRESS,
        denied: settings.SONDE_RATE_DENIED,
      },
      trustProxy: settings.SONDE_TRUST_PROXY,
      tls: certificateFiles(settings.SONDE_TLS_CERT_FILE, settings.SONDE_TLS_KEY_FILE),
    },
    corsOrigins: settings.SONDE_CORS_ORIGINS,
  }
}

function certificateFiles(certFile: string | undefined, keyFile: string | undefined): CertificateFiles | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined
  if (certFile === undefined) throw new SettingsError('SONDE_TLS_CERT_FILE: is required with SONDE_TLS_KEY_FILE')
  if (keyFile === undefined) throw new SettingsError('SONDE_TLS_KEY_FILE: is required with SONDE_TLS_CERT_FILE')
  return { certFile, keyFile }
}
