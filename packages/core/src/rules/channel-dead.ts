import { type Decision, listed, nothing, type OpenIncident } from './decision.ts'

/** A channel whose receiver does not take what it is sent. */
export type ChannelFault = {
  channel: string
  /** What the last attempt failed of. */
  error: string
  /** The receiver is gone for good, as it says. */
  gone: boolean
  /** What has not come through, of what checks, the oldest first; and how many messages these are. */
  missed: readonly { checkKey: string; type: string }[]
  missedCount: number
}

/** Told once, until the channel takes something again: whoever hears of it hears of it through the other channels. */
export function judgeChannelDead(fault: ChannelFault, open: OpenIncident | null): Decision {
  if (open !== null) return nothing('it is open and the same')
  const { channel, error, gone, missed, missedCount } = fault
  const told = missed.map(({ checkKey, type }) => `${checkKey} (${type.replace('incident.', '')})`)
  const more = missedCount > missed.length ? ` and ${missedCount - missed.length} more` : ''
  const summary = `channel ${channel} does not take notifications: ${error}`
  return {
    action: 'open',
    subject: channel,
    facts: {
      code: null,
      summary,
      cause: `Not told there: ${told.length === 0 ? 'nothing yet' : `${listed(told)}${more}`}.`,
      remedy: gone
        ? `Its receiver says that it is gone (410). Give the channel a new address, or POST channels/${channel}/enable to use it again; then POST channels/${channel}/replay sends what it missed.`
        : `POST channels/${channel}/test tells what its receiver says. Once that is mended, POST channels/${channel}/replay sends what it missed.`,
      regions: [],
      memory: {},
    },
    why: summary,
  }
}
