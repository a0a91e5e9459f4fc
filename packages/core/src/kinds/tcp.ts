import { RE2JS } from 're2js'
import { z } from 'zod'
import { HostPort, TlsSettings } from './tls.ts'

/** A pattern in RE2 syntax, which no input can make hang. */
export const Pattern = z
  .string()
  .min(1)
  .max(1024)
  .superRefine((text, ctx) => {
    try {
      RE2JS.compile(text)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      ctx.addIssue({ code: 'custom', message: `expected a pattern in RE2 syntax: ${reason}` })
    }
  })

export const tcp = {
  target: HostPort,
  settings: z.strictObject({
    /** Sent once the connection (and TLS, if wanted) stands; what `expect` is then looked for in. */
    send: z
      .string()
      .max(16 * 1024)
      .optional(),
    expect: Pattern.optional(),
    tls: TlsSettings.optional(),
    ipFamily: z.enum(['any', '4', '6']).default('any'),
    resolvers: z.array(HostPort).max(8).optional(),
  }),
}
