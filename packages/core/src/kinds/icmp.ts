import { z } from 'zod'
import { isHost } from '../host.ts'

export const icmp = {
  target: z
    .string()
    .refine(isHost, { error: (issue) => `expected a host name or an IP address, found "${String(issue.input)}"` }),
  settings: z.strictObject({
    count: z.int().min(1).max(20).default(3),
    maxLossPercent: z.number().min(0).max(100).default(0),
    ipFamily: z.enum(['any', '4', '6']).default('any'),
  }),
}
