import type { ChannelKind } from '@sonde/core'

// Of a channel of which nothing is known, or that has just not taken something. Microsoft 365 takes three connections of a mailbox at once
// (learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements).
const fewest = 3
const most = 32
const mostByKind: Partial<Record<ChannelKind, number>> = { email: fewest }

/**
 * How many messages each channel is sent at once: one more with each that it takes, and as few as at first after one that it does not.
 * So a burst to one that works is soon through, and one that hangs never has more than a few in hand.
 */
export class AtOnce {
  readonly #limits = new Map<string, number>()

  /** By channel; what is not there may have `fewest`. */
  get limits(): ReadonlyMap<string, number> {
    return this.#limits
  }

  get fewest(): number {
    return fewest
  }

  noted(channel: string, kind: ChannelKind | undefined, wasTaken: boolean): void {
    const bound = (kind === undefined ? undefined : mostByKind[kind]) ?? most
    const limit = wasTaken ? (this.#limits.get(channel) ?? fewest) + 1 : fewest
    this.#limits.set(channel, Math.min(bound, limit))
  }

  /** Forgets channels of which nothing is under way: they begin anew. */
  keepOnly(channels: ReadonlySet<string>): void {
    for (const channel of this.#limits.keys()) if (!channels.has(channel)) this.#limits.delete(channel)
  }
}
