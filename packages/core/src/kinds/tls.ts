import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { parseHostPort } from '../host.ts'

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

const Certificates = z
  .string()
  .max(100_000)
  .superRefine((text, ctx) => {
    const problem = certificatesProblem(text)
    if (problem !== undefined) ctx.addIssue({ code: 'custom', message: problem })
  })

// What may be said of a TLS connection, by a `tls` check and under `http.tls` alike.
const Settings = z.strictObject({
  serverName: z.string().min(1).max(253).optional(),
  caPem: Certificates.optional(),
  minVersion: z.enum(tlsVersions).default('TLSv1.2'),
  maxVersion: z.enum(tlsVersions).optional(),
  alpn: z.array(z.string().min(1).max(255)).max(8).optional(),
  insecureSkipVerify: z.boolean().default(false),
})

const versionsInOrder = (settings: z.output<typeof Settings>, ctx: z.RefinementCtx): void => {
  const { minVersion, maxVersion } = settings
  if (maxVersion !== undefined && tlsVersions.indexOf(maxVersion) < tlsVersions.indexOf(minVersion)) {
    const message = `expected minVersion (${minVersion}) or later, found ${maxVersion}`
    ctx.addIssue({ code: 'custom', path: ['maxVersion'], message })
  }
}

export const TlsSettings = Settings.superRefine(versionsInOrder)
export type TlsSettings = z.output<typeof TlsSettings>

export const HostPort = z.string().refine((text) => parseHostPort(text) !== undefined, {
  error: (issue) => `expected host:port, found "${String(issue.input)}"`,
})

export const tls = {
  target: HostPort,
  settings: Settings.extend({
    ipFamily: z.enum(['any', '4', '6']).default('any'),
    resolvers: z.array(HostPort).max(8).optional(),
  }).superRefine(versionsInOrder),
}

/** What is wrong with a text that should hold certificates in PEM, or undefined. */
function certificatesProblem(text: string): string | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) return 'expected certificates in PEM (-----BEGIN CERTIFICATE-----), found none'
  for (const [index, block] of blocks.entries()) {
    try {
      // Reading it is the only test of it.
      void new X509Certificate(block)
    } catch {
      return `expected certificates in PEM; number ${index + 1} of ${blocks.length} cannot be read`
    }
  }
  return undefined
}
