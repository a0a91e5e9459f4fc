import type { Notification } from '@sonde/core'

/** A message that was not taken: why, and whether it is worth another try. */
export class DeliveryError extends Error {
  readonly retryable: boolean
  /** How long the receiver asked us to wait, in ms. */
  readonly retryAfterMs: number | undefined
  /** The receiver says that it is gone for good (410). */
  readonly gone: boolean

  constructor(
    message: string,
    options: { retryable: boolean; retryAfterMs?: number | undefined; gone?: boolean; cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.name = 'DeliveryError'
    this.retryable = options.retryable
    this.retryAfterMs = options.retryAfterMs
    this.gone = options.gone ?? false
  }
}

/** Where a channel may connect to; judged on the address that is dialled. */
export type Egress = { denies(address: string): string | undefined }

/** The addresses of a host, in the order in which to try them. Rejects when it has none, or nobody says. */
export type Lookup = (host: string, signal: AbortSignal) => Promise<{ address: string; family: 4 | 6 }[]>

/** What a channel works with. Each delivery takes at most as long as `signal` lets it. */
export type DeliveryContext = { egress: Egress; lookup: Lookup; signal: AbortSignal }

/** Sends one message; resolves when the receiver has taken it, rejects with a DeliveryError. */
export type Deliver<Settings> = (
  notification: Notification,
  settings: Settings,
  context: DeliveryContext,
) => Promise<void>
