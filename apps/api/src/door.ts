import type { FastifyServerOptions } from 'fastify'
import type { boundedOptions } from './bounds.ts'
import { type CertificateFiles, httpsOptions, type Pair } from './certificate-files.ts'
import type { Rates } from './rates.ts'

/** How the API is reached from outside. */
export type Door = {
  rates: Rates
  /** Whose X-Forwarded-For, -Proto and -Host are believed; of nobody unless told. */
  trustProxy: string[]
  /** Serves HTTPS, and no HTTP, when there are any. */
  tls: CertificateFiles | undefined
}

/** Fastify's options with HTTPS in place of HTTP, where there is a certificate, and with the proxies that are trusted. */
export function doorOptions(
  { http, ...options }: ReturnType<typeof boundedOptions>,
  trustProxy: string[],
  pair: Pair | undefined,
): FastifyServerOptions {
  const server = pair === undefined ? { http } : { https: { ...http, ...httpsOptions, ...pair } }
  return { ...options, ...server, trustProxy: trustProxy.length === 0 ? false : trustProxy }
}
