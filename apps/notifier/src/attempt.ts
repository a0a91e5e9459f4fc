import { DeliveryError, deliver, type Egress, type Lookup } from '@sonde/channels'
import type { Logger } from '@sonde/config'
import { nextAttemptMs } from '@sonde/core'
import { type Database, type LeasedMessage, markFailed, markSent, refuseChannel } from '@sonde/db'
import type { NotifierMetrics } from '@sonde/metrics'
import { openChannel, type SecretKey } from '@sonde/secrets'
import { noteFailure, noteSuccess } from './channel-fault.ts'
import { notificationOf } from './notification-of.ts'

// Well within the lease: what has not been taken by then is tried again.
const patienceMs = 10_000

export type AttemptContext = {
  db: Database
  log: Logger
  metrics: NotifierMetrics
  key: SecretKey | undefined
  egress: Egress
  lookup: Lookup
  publicUrl: string
  grafanaUrl: string | undefined
  /** Ends what is under way: it will be tried again. */
  hurry: AbortSignal
}

/** Delivers one message, writes down what became of it, and answers whether it was taken. Rejects only when that cannot be written. */
export async function attempt(message: LeasedMessage, context: AttemptContext): Promise<boolean> {
  const { db, log, metrics } = context
  const { id, channelKey } = message
  try {
    await send(message, context)
  } catch (error) {
    const fault =
      error instanceof DeliveryError
        ? error
        : new DeliveryError(error instanceof Error ? error.message : String(error), { retryable: true, cause: error })
    const delayMs = fault.retryable
      ? nextAttemptMs(message.attempts + 1, message.ageMs, Math.random(), fault.retryAfterMs)
      : undefined
    if (fault.gone) await refuseChannel(db, channelKey, fault.message)
    await markFailed(db, id, fault.message, delayMs)
    await noteFailure(db, message, fault, delayMs === undefined)
    metrics.notifications.inc({ channel: channelKey, outcome: delayMs === undefined ? 'dead' : 'retried' })
    log.warn({ channel: channelKey, message: id, reason: fault.message, againInMs: delayMs ?? null }, 'not delivered')
    return false
  }
  if (await markSent(db, id)) await noteSuccess(db, channelKey)
  metrics.notifications.inc({ channel: channelKey, outcome: 'sent' })
  // What comes later in an incident was decided by time passing, not by a slot.
  if (message.type === 'incident.opened' || message.type === 'incident.resolved') {
    metrics.delay.observe(Math.max(0, Date.now() - message.decidedAt.getTime()) / 1000)
  }
  return true
}

async function send(message: LeasedMessage, context: AttemptContext): Promise<void> {
  const { key, egress, lookup, hurry } = context
  const { channel, channelKey } = message
  if (channel === null) {
    throw new DeliveryError(`channel ${channelKey} is gone, turned off, or its receiver refuses`, { retryable: false })
  }
  await deliver(notificationOf(message, context), openChannel(channel, key), {
    egress,
    lookup,
    signal: AbortSignal.any([hurry, AbortSignal.timeout(patienceMs)]),
  })
}
