import { z } from 'zod'
import { patternProblem } from '../pattern.ts'
import { HostPort, TlsSettings } from './tls.ts'

/** A pattern in RE2 syntax, which no input can make hang. */
export const Pattern = z
  .string()
  .min(1)
  .max(1024)
  .superRefine((text, ctx) => {
    const problem = patternProblem(text)
    if (problem !== undefined) ctx.addIssue({ code: 'custom', message: problem })
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
