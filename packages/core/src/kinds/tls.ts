import { createPrivateKey, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { parseHostPort } from '../host.ts'
import { isSealed } from '../secret-fields.ts'

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

/** The protocols that begin in plain text and turn to TLS on demand, as a `tls` check knows them. */
export const starttlsProtocols = ['smtp', 'imap', 'pop3', 'ftp', 'ldap', 'postgres', 'mysql', 'xmpp'] as const
export type StarttlsProtocol = (typeof starttlsProtocols)[number]

const maxPem = 100_000

const Certificates = refused(z.string().max(maxPem), certificatesProblem)
const PrivateKey = refused(z.string().max(maxPem), privateKeyProblem)

// What may be said of a TLS connection, by a `tls` check and under `http.tls` and `tcp.tls` alike.
const Settings = z.strictObject({
  serverName: z.string().min(1).max(253).optional(),
  /** Authorities to trust in place of the public ones, in PEM. */
  caPem: Certificates.optional(),
  /** The same, as the path of a file that the worker reads; it is looked at again when it changes. */
  caFile: z.string().min(1).max(4096).optional(),
  /** The client's certificate, and after it those that lead to its authority. */
  certPem: Certificates.optional(),
  /** The key of `certPem`, not encrypted. */
  keyPem: PrivateKey.optional(),
  minVersion: z.enum(tlsVersions).default('TLSv1.2'),
  maxVersion: z.enum(tlsVersions).optional(),
  alpn: z.array(z.string().min(1).max(255)).max(8).optional(),
  insecureSkipVerify: z.boolean().default(false),
})

type Settings = z.output<typeof Settings>

const fieldsThatFit = (settings: Settings, ctx: z.RefinementCtx): void => {
  const refuse = (field: keyof Settings, message: string) => ctx.addIssue({ code: 'custom', path: [field], message })
  const { minVersion, maxVersion, caPem, caFile, certPem, keyPem } = settings
  if (maxVersion !== undefined && tlsVersions.indexOf(maxVersion) < tlsVersions.indexOf(minVersion)) {
    refuse('maxVersion', `expected minVersion (${minVersion}) or later, found ${maxVersion}`)
  }
  if (caPem !== undefined && caFile !== undefined) refuse('caFile', 'expected either caPem or caFile, found both')
  if (certPem !== undefined && keyPem === undefined) refuse('keyPem', 'is required with certPem')
  if (certPem === undefined && keyPem !== undefined) refuse('certPem', 'is required with keyPem')
  if (certPem !== undefined && keyPem !== undefined && !isKeyOf(certPem, keyPem)) {
    refuse('keyPem', 'expected the key of the first certificate of certPem, found another')
  }
}

export const TlsSettings = Settings.superRefine(fieldsThatFit)
export type TlsSettings = z.output<typeof TlsSettings>

export const HostPort = z.string().refine((text) => parseHostPort(text) !== undefined, {
  error: (issue) => `expected host:port, found "${String(issue.input)}"`,
})

export const tls = {
  target: HostPort,
  settings: Settings.extend({
    /** The protocol whose dialogue comes before TLS; without it TLS is spoken from the first byte. */
    starttls: z.enum(starttlsProtocols).optional(),
    ipFamily: z.enum(['any', '4', '6']).default('any'),
    resolvers: z.array(HostPort).max(8).optional(),
  }).superRefine(fieldsThatFit),
}

function refused(text: z.ZodString, problemOf: (text: string) => string | undefined) {
  return text.superRefine((value, ctx) => {
    const message = problemOf(value)
    if (message !== undefined) ctx.addIssue({ code: 'custom', message })
  })
}

/** What is wrong with a text that should hold certificates in PEM, or undefined. */
export function certificatesProblem(text: string): string | undefined {
  const blocks = certificateBlocks(text)
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

/** The certificates in a text, each in PEM. */
export function certificateBlocks(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
}

function privateKeyProblem(text: string): string | undefined {
  // It was looked at before it was sealed.
  if (isSealed(text)) return undefined
  const [label] = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.exec(text) ?? []
  // What was found is not repeated: it may be a key all the same.
  if (label === undefined) return 'expected a private key in PEM (-----BEGIN PRIVATE KEY-----), found none'
  if (label.includes('ENCRYPTED') || text.includes('Proc-Type: 4,ENCRYPTED')) {
    return 'expected a private key without a passphrase, found an encrypted one'
  }
  try {
    createPrivateKey(text)
    return undefined
  } catch {
    return 'expected a private key in PEM; this one cannot be read'
  }
}

/** Whether the key is that of the first certificate; also true when one of them cannot be read, as that was told before. */
function isKeyOf(certPem: string, keyPem: string): boolean {
  try {
    const [first = ''] = certificateBlocks(certPem)
    return new X509Certificate(first).checkPrivateKey(createPrivateKey(keyPem))
  } catch {
    return true
  }
}
