import { z } from './messages.ts'

/** What is told of an incident. */
export const notificationTypes = [
  'incident.opened',
  'incident.updated',
  'incident.reminder',
  'incident.resolved',
  'test',
] as const
export type NotificationType = (typeof notificationTypes)[number]

const Instant = z.iso.datetime()

/** The incident of the contract's webhook body. */
export const IncidentDocument = z.object({
  id: z.string(),
  rule: z.string(),
  checkKey: z.string(),
  /** What the check is called for people, where it has a name. */
  checkName: z.string().nullable().optional(),
  target: z.string(),
  kind: z.string(),
  labels: z.record(z.string(), z.string()),
  openedAt: Instant,
  resolvedAt: Instant.nullable(),
  acknowledgedAt: Instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  regions: z.array(
    z.object({
      region: z.string(),
      state: z.enum(['down', 'up', 'unknown']),
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
  code: z.string().nullable(),
  summary: z.string(),
  cause: z.string().nullable(),
  remedy: z.string().nullable(),
  /** Where to look at it; null when Sonde does not know its own address. */
  url: z.string().nullable(),
})
export type IncidentDocument = z.output<typeof IncidentDocument>

/** One message to one channel. `id` is the same for every attempt. */
export type Notification = {
  id: string
  type: NotificationType
  timestamp: string
  incident: IncidentDocument
  /** Incidents that are told with it, when it is told for a group. */
  others?: IncidentDocument[]
  /** What the region's worker saw when the incident opened, a line each, where that is known by now. */
  evidence?: string[]
  /** The check on its dashboard, at the time; null when Grafana's address is not known. */
  grafanaUrl?: string | null
}

// 0 s, 5 s, 30 s, 5 m, 30 m, 2 h, then every 4 h until a day has passed.
const delaysMs = [0, 5000, 30_000, 300_000, 1_800_000, 7_200_000]
const laterMs = 14_400_000
export const deliveryLimitMs = 86_400_000

/**
 * When to try again after `attempts` failed, in ms from now; undefined when a day has passed since the message was made and it
 * is given up. `jitter`, 0 … 1, spreads those that failed together over a fifth of the delay; `retryAfterMs` is what the receiver
 * asked for, and goes before.
 */
export function nextAttemptMs(
  attempts: number,
  ageMs: number,
  jitter: number,
  retryAfterMs: number | undefined,
): number | undefined {
  const planned = (delaysMs[attempts] ?? laterMs) * (0.9 + 0.2 * jitter)
  const delay = Math.max(planned, Math.min(retryAfterMs ?? 0, deliveryLimitMs))
  return ageMs + delay > deliveryLimitMs ? undefined : Math.round(delay)
}
