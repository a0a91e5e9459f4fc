import { duration } from './duration.ts'
import { shown, z } from './messages.ts'

const Threshold = z.int().min(1).max(100)
export const ChannelKey = z.string().regex(/^[a-z0-9-]{1,64}$/, {
  error: (issue) => `expected 1 to 64 of a-z, 0-9 and -, found "${String(issue.input)}"`,
})

/** So many of the last so many slots in a region, for targets that fail now and then. */
const FailuresOf = z
  .strictObject({ failures: Threshold, of: Threshold })
  .refine(({ failures, of }) => failures <= of, { path: ['failures'], error: 'expected at most as many as "of"' })

/** A rule that has nothing to be set but whether it holds. */
const Switch = z.strictObject({ enabled: z.boolean().default(true) })
/** A rule that is turned off, in place of its setting. */
const Off = z.strictObject({ enabled: z.literal(false) })

const latencyBounds = {
  percentile: z
    .number()
    .gt(0, { error: (issue) => `expected more than 0, found ${String(issue.input)}` })
    .lt(100, { error: (issue) => `expected less than 100, found ${String(issue.input)}` }),
  above: duration('1ms', '10m'),
  over: duration('1m', '24h'),
}
const Latency = z.discriminatedUnion('enabled', [
  z.strictObject({ ...latencyBounds, enabled: z.literal(true).default(true) }),
  // Turned off it needs no bounds, and keeps those that it has.
  z
    .strictObject({ ...latencyBounds, enabled: z.literal(false) })
    .partial({ percentile: true, above: true, over: true }),
])

/** When a check is down, slow or about to lose its certificate, and who is to be told. */
export const AlertPolicy = z.strictObject({
  /** Failed slots in a row before a region counts as down, or `{ failures: 3, of: 5 }`: so many of the last so many. */
  failureThreshold: z.union([Threshold, FailuresOf]).default(2),
  successThreshold: Threshold.default(2),
  regions: z
    .union([z.enum(['any', 'majority', 'all']), z.int().min(1).max(64)], {
      error: (issue) => `expected any, majority, all or a number of regions, found ${shown(issue.input)}`,
    })
    .default('majority'),
  latency: Latency.optional(),
  certExpiry: z.union([z.array(duration('1h', '400d')).max(8), Off]).default(['30d', '14d', '3d']),
  noData: z.union([Threshold, Off]).default(3),
  down: Switch.optional(),
  certChange: Switch.optional(),
  dnsChange: Switch.optional(),
  /** Of `dns` checks with `dnssec`: a signature that nobody renews. */
  dnssecExpiry: Switch.optional(),
  channels: z.array(ChannelKey).max(16).default([]),
  /** How often an incident that stays open and unacknowledged is told again. */
  repeat: duration('1m', '30d').optional(),
  /** A label: incidents of one value of it that open within 30 s go to a channel together, after the first. */
  groupBy: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, {
      error: (issue) => `expected the name of a label, found "${String(issue.input)}"`,
    })
    .optional(),
  /** Who else is told of an incident that has been open and unacknowledged for so long. */
  escalate: z
    .array(z.strictObject({ after: duration('1m', '30d'), channels: z.array(ChannelKey).min(1).max(16) }))
    .max(8)
    .default([]),
})
export type AlertPolicy = z.output<typeof AlertPolicy>

/** What an incident may be about that a check's policy sets. */
export const alertRules = [
  'down',
  'latency',
  'certExpiry',
  'certChange',
  'dnsChange',
  'dnssecExpiry',
  'noData',
] as const
export type AlertRule = (typeof alertRules)[number]

/** What an incident may be about: a check, a region, or a channel. */
export const incidentRules = [...alertRules, 'regionSuspect', 'regionSilent', 'channelDead'] as const
export type IncidentRule = (typeof incidentRules)[number]

/** What counts as slow; undefined when nothing does. */
export function latencyRule({ latency }: Pick<AlertPolicy, 'latency'>) {
  return latency?.enabled === true ? latency : undefined
}

/** Whether a rule is to open incidents for a check. */
export function isRuleOn(policy: AlertPolicy, rule: AlertRule): boolean {
  const setting = policy[rule]
  if (rule === 'latency' && setting === undefined) return false
  return !(typeof setting === 'object' && 'enabled' in setting && !setting.enabled)
}
