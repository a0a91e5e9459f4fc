import { z } from 'zod'
import { isDomainName, parseHostPort } from '../host.ts'

export const recordTypes = ['A', 'AAAA'] as const

export const dns = {
  target: z
    .string()
    .refine(isDomainName, { error: (issue) => `expected a domain name, found "${String(issue.input)}"` }),
  settings: z.strictObject({
    recordType: z.enum(recordTypes).default('A'),
    servers: z
      .array(
        z
          .string()
          .refine((text) => parseHostPort(text.replace(/^udp:\/\//, '')) !== undefined && text.startsWith('udp://'), {
            error: (issue) => `expected udp://host:port, found "${String(issue.input)}"`,
          }),
      )
      .min(1)
      .max(8)
      .optional(),
    recursionDesired: z.boolean().default(true),
  }),
}
