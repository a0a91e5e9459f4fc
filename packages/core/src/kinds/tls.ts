import { z } from 'zod'
import { parseHostPort } from '../host.ts'

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

/** What may be said of a TLS connection, by a `tls` check and under `http.tls` alike. */
export const TlsSettings = z.strictObject({
  serverName: z.string().min(1).max(253).optional(),
  caPem: z.string().max(100_000).optional(),
  minVersion: z.enum(tlsVersions).default('TLSv1.2'),
  maxVersion: z.enum(tlsVersions).optional(),
  alpn: z.array(z.string().min(1).max(255)).max(8).optional(),
  insecureSkipVerify: z.boolean().default(false),
})
export type TlsSettings = z.output<typeof TlsSettings>

export const HostPort = z
  .string()
  .refine((text) => parseHostPort(text) !== undefined, {
    error: (issue) => `expected host:port, found "${String(issue.input)}"`,
  })

export const tls = {
  target: HostPort,
  settings: TlsSettings.extend({
    ipFamily: z.enum(['any', '4', '6']).default('any'),
    resolvers: z.array(HostPort).max(8).optional(),
  }),
}
