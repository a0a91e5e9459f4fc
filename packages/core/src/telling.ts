import type { AlertPolicy } from './alert-policy.ts'
import { durationMs } from './duration.ts'

/** What is known of an open incident and of who was told of it. Instants are ms since the epoch. */
export type ToBeTold = {
  policy: Pick<AlertPolicy, 'channels' | 'repeat' | 'escalate'>
  openedMs: number
  /** When its opening was told, or would have been had there been a channel; null while it has been muted from the start. */
  toldMs: number | null
  /** When it was last told again. */
  remindedMs: number | null
  acknowledged: boolean
  /** The channels that have been told of its opening. */
  told: ReadonlySet<string>
  /** The channels that there are, and that are turned on. */
  available: ReadonlySet<string>
  /** Until when it is muted, by maintenance or a silence; null when it is not. */
  mutedUntilMs: number | null
}

export type Telling = {
  /** Channels for which the opening is the first word: those of the policy, and those that it is escalated to. */
  open: string[]
  /** Channels to be reminded. */
  remind: string[]
  toldMs: number | null
  remindedMs: number | null
  /** When to look again; null when time alone changes nothing any more. */
  nextMs: number | null
}

/**
 * Whom to tell of an open incident now, and when to look again. The channels of the policy are told once. Who is to be told when
 * nobody has acknowledged it for so long is told once it has been so long since the first word, and reminders come at each multiple
 * of `repeat` from then, one at most however many were missed; neither once somebody has acknowledged it. While it is muted nobody
 * is told, and what fell due meanwhile is told once when that is over. Pure: asked again at once it tells nobody.
 */
export function decideTelling(incident: ToBeTold, nowMs: number): Telling {
  const { policy, told, acknowledged, mutedUntilMs, remindedMs } = incident
  if (mutedUntilMs !== null)
    return { open: [], remind: [], toldMs: incident.toldMs, remindedMs, nextMs: Math.max(mutedUntilMs, nowMs) }
  const toldMs = incident.toldMs ?? nowMs
  const steps = acknowledged ? [] : policy.escalate
  const due = steps.filter(({ after }) => toldMs + durationMs(after) <= nowMs).flatMap(({ channels }) => channels)
  const open = [...new Set([...policy.channels, ...due])].filter(
    (channel) => incident.available.has(channel) && !told.has(channel),
  )
  const repeatMs = policy.repeat === undefined || acknowledged ? null : durationMs(policy.repeat)
  const lastMs = repeatMs === null ? toldMs : toldMs + Math.floor((nowMs - toldMs) / repeatMs) * repeatMs
  const reminds = lastMs > (remindedMs ?? toldMs)
  const upcoming = [
    ...steps.map(({ after }) => toldMs + durationMs(after)).filter((at) => at > nowMs),
    ...(repeatMs === null ? [] : [lastMs + repeatMs]),
  ]
  return {
    open,
    remind: reminds ? [...told].filter((channel) => incident.available.has(channel)) : [],
    toldMs,
    remindedMs: reminds ? lastMs : remindedMs,
    nextMs: upcoming.length === 0 ? null : Math.min(...upcoming),
  }
}
