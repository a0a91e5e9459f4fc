import { z } from 'zod'
import { duration } from './duration.ts'

const Threshold = z.int().min(1).max(100)
const ChannelKey = z.string().regex(/^[a-z0-9-]{1,64}$/)

/** When a check is down, and who is to be told; the ingester judges by the thresholds and the regions. */
export const AlertPolicy = z.strictObject({
  failureThreshold: Threshold.default(2),
  successThreshold: Threshold.default(2),
  regions: z.union([z.enum(['any', 'majority', 'all']), z.int().min(1).max(64)]).default('majority'),
  latency: z
    .strictObject({ percentile: z.number().gt(0).lt(100), above: duration('1ms', '10m'), over: duration('1m', '24h') })
    .optional(),
  certExpiry: z.array(duration('1h', '400d')).max(8).default(['30d', '14d', '3d']),
  noData: Threshold.default(3),
  channels: z.array(ChannelKey).max(16).default([]),
})
export type AlertPolicy = z.output<typeof AlertPolicy>
