import { isIP } from 'node:net'
import { parseDuration, parseHostPort, parseRedisUrl, RegionName, reasonsOf } from '@sonde/core'
import { z } from 'zod'

function urlWith(protocols: string[], example: string) {
  return z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `expected a URL such as ${example}`,
    )
}

const RedisUrl = z.string().superRefine((text, ctx) => {
  try {
    parseRedisUrl(text)
  } catch (error) {
    ctx.addIssue({ code: 'custom', message: reasonsOf(error) })
  }
})

function port() {
  return z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535, {
      error: (issue) => `expected a port between 1 and 65535, found "${String(issue.input)}"`,
    })
    .transform(Number)
}

/** Requests a minute; 0 is any number. */
function rate() {
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text), {
      error: (issue) => `expected how many requests a minute, 0 for any number, found "${String(issue.input)}"`,
    })
    .transform(Number)
}

/** Networks as a comma-separated list of addresses and CIDRs; the probes read them in every notation. */
const Networks = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .superRefine((networks, ctx) => {
    for (const network of networks) {
      const [address = '', bits, ...rest] = network.split('/')
      const family = isIP(address)
      const widest = family === 4 ? 32 : 128
      if (
        family === 0 ||
        rest.length > 0 ||
        (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= widest))
      ) {
        ctx.addIssue({ code: 'custom', message: `expected addresses or CIDRs separated by commas, found "${network}"` })
      }
    }
  })

/** `host:port` or addresses of resolvers, separated by commas; `off` for none. */
const Resolvers = z
  .string()
  .default('1.1.1.1,9.9.9.9')
  .transform((text) => (text === 'off' ? [] : text.split(',').map((part) => part.trim())))
  .superRefine((resolvers, ctx) => {
    for (const resolver of resolvers) {
      if (isIP(resolver) === 0 && parseHostPort(resolver) === undefined) {
        ctx.addIssue({ code: 'custom', message: `expected addresses separated by commas, or off, found "${resolver}"` })
      }
    }
  })
  .transform((resolvers) =>
    resolvers.map((one) => (isIP(one) === 6 ? `[${one}]:53` : isIP(one) === 4 ? `${one}:53` : one)),
  )

/** Origins as a browser sends them: scheme, host and port, separated by commas. */
const Origins = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .superRefine((origins, ctx) => {
    for (const origin of origins) {
      if (URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && new URL(origin).origin === origin)
        continue
      ctx.addIssue({
        code: 'custom',
        message: `expected origins such as https://wiki.example separated by commas, found "${origin}"`,
      })
    }
  })

const Retention = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) >= 86_400_000, {
    error: (issue) => `expected a duration of at least 1d, found "${String(issue.input)}"`,
  })
  .transform((text) => parseDuration(text) ?? 0)

/** Every variable of the environment that Sonde reads; a role's config picks those it needs. */
export const variables = {
  DATABASE_URL: urlWith(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/sonde'),
  REDIS_URL: RedisUrl.optional(),
  SONDE_HOST: z.string().default('127.0.0.1'),
  SONDE_PORT: port().default(4600),
  SONDE_METRICS_PORT: port().default(4601),
  SONDE_DATA_DIR: z.string().default('./data'),
  SONDE_ADMIN_TOKEN: z.string().min(16, 'expected a token of at least 16 characters').optional(),
  SONDE_SECRET_KEY: z
    .string()
    .refine(
      (text) => text.split(',').every((key) => /^[A-Za-z0-9+/]{43}=$/.test(key.trim())),
      'expected 32 bytes in base64 (openssl rand -base64 32), or several of them separated by commas: the first seals, all open',
    )
    .optional(),
  SONDE_TRUST_PROXY: Networks,
  SONDE_TLS_CERT_FILE: z.string().optional(),
  SONDE_TLS_KEY_FILE: z.string().optional(),
  SONDE_RATE_TOKEN: rate().default(60_000),
  SONDE_RATE_ADDRESS: rate().default(120_000),
  SONDE_RATE_DENIED: rate().default(120),
  SONDE_REGION: RegionName,
  SONDE_URL: urlWith(['http:', 'https:'], 'http://127.0.0.1:4600').optional(),
  SONDE_PUBLIC_URL: urlWith(['http:', 'https:'], 'https://sonde.example').optional(),
  SONDE_GRAFANA_URL: urlWith(['http:', 'https:'], 'https://grafana.example').optional(),
  SONDE_DEADMAN_URL: urlWith(['http:', 'https:'], 'https://switch.example/ping/your-id').optional(),
  SONDE_EVIDENCE_RESOLVERS: Resolvers,
  SONDE_EVIDENCE_TRACEROUTE: z
    .enum(['on', 'off'], { error: (issue) => `expected on or off, found "${String(issue.input)}"` })
    .default('on'),
  SONDE_TOKEN: z.string().optional(),
  SONDE_EGRESS_DENY: Networks,
  SONDE_EGRESS_ALLOW: Networks,
  SONDE_METRICS_TOKEN: z.string().min(16, 'expected a token of at least 16 characters').optional(),
  SONDE_CORS_ORIGINS: Origins,
  SONDE_METRICS_JOB: z.string().max(200).optional(),
  SONDE_RETENTION_RAW: Retention.prefault('14d'),
  SONDE_RETENTION_5M: Retention.prefault('90d'),
  SONDE_RETENTION_1H: Retention.prefault('400d'),
  SONDE_RETENTION_1D: Retention.optional(),
  SONDE_RETENTION_INCIDENTS: Retention.prefault('400d'),
  SONDE_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: (issue) => `expected trace, debug, info, warn, error, fatal or silent, found "${String(issue.input)}"`,
    })
    .default('info'),
}
