import { type Check, durationMs } from '@sonde/core'

/** The probes that have begun and not ended, by when each must have ended. */
export class InHand {
  readonly #endsAtMs = new Set<{ ms: number }>()

  async during<Value>(
    check: Pick<Check, 'interval' | 'timeout' | 'retries'>,
    work: () => Promise<Value>,
  ): Promise<Value> {
    const end = { ms: performance.now() + longestMs(check) }
    this.#endsAtMs.add(end)
    try {
      return await work()
    } finally {
      this.#endsAtMs.delete(end)
    }
  }

  get size(): number {
    return this.#endsAtMs.size
  }

  /** How long the last of them may go on from now. */
  longestLeftMs(): number {
    const now = performance.now()
    return Math.max(0, ...[...this.#endsAtMs].map(({ ms }) => ms - now))
  }
}

/** All attempts of a probe: a retry begins only where it can end within the interval. */
function longestMs({ interval, timeout, retries }: Pick<Check, 'interval' | 'timeout' | 'retries'>): number {
  const timeoutMs = durationMs(timeout)
  return Math.max(timeoutMs, Math.min(timeoutMs * (retries + 1), durationMs(interval)))
}
