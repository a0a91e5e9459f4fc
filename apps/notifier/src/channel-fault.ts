import type { DeliveryError } from '@sonde/channels'
import { type Database, endChannelFaults, type LeasedMessage, reportChannelFault } from '@sonde/db'

// 0 s, 5 s, 30 s, 5 min: a receiver that was restarted has been back by then.
const attemptsToReport = 4

/** Has the others told of a channel that gave a message up, or has failed for some minutes; one that is gone is at no fault. */
export async function noteFailure(
  db: Database,
  { channel, channelKey, attempts }: LeasedMessage,
  { message, gone }: DeliveryError,
  isDead: boolean,
): Promise<void> {
  if (channel === null || (!isDead && attempts + 1 < attemptsToReport)) return
  await reportChannelFault(db, channelKey, { error: message, gone }, Date.now())
}

/** It has taken a message: what was told of it is over. */
export async function noteSuccess(db: Database, channelKey: string): Promise<void> {
  await endChannelFaults(db, { channel: channelKey }, Date.now())
}
