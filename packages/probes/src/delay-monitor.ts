import { loopTurn } from './loop-turn.ts'

const tickMs = 10
/** Past this a timing says more of this process than of the target. */
export const maxDelayMs = 20

/**
 * Watches how late this process's event loop is, for all probes together: one timer that ticks while any of them runs, and
 * the end of the last long delay. A probe asks whether there was one since it began.
 */
class DelayMonitor {
  #running = 0
  #ticking = false
  #timer: NodeJS.Timeout | undefined
  #dueMs = 0
  #delayedUntilMs = Number.NEGATIVE_INFINITY
  #longestMs = 0

  /** Begins to watch, until `release`, and says since when, by `performance.now()`. */
  watch(): number {
    const startMs = performance.now()
    this.#running += 1
    loopTurn.begin()
    if (!this.#ticking) this.#start(startMs)
    // A delay that has been until now is none of this probe's.
    else this.#note(startMs)
    return startMs
  }

  /** Whether the loop was held up since, as seen at `nowMs`, for somebody who watches. */
  wasDelayedSince(startMs: number, nowMs = performance.now()): boolean {
    // The tick itself may be what is late.
    this.#note(nowMs)
    return this.#delayedUntilMs > startMs
  }

  release(): void {
    this.#running -= 1
    loopTurn.end()
  }

  /** The longest that the loop was held up while any probe ran, since this was last asked. */
  takeLongestMs(): number {
    if (this.#running > 0) this.#note(performance.now())
    const longestMs = this.#longestMs
    this.#longestMs = 0
    return longestMs
  }

  #start(nowMs: number): void {
    this.#dueMs = nowMs + tickMs
    this.#ticking = true
    // Nobody is kept waiting for it where the probes have ended.
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#tick(), tickMs).unref()
    else this.#timer.refresh()
  }

  // Most probes are over before the first tick: setting a timer and taking it back for each would cost more than this one tick.
  #tick(): void {
    if (this.#running === 0) {
      this.#ticking = false
      return
    }
    const nowMs = performance.now()
    this.#note(nowMs)
    this.#dueMs = nowMs + tickMs
    this.#timer?.refresh()
    loopTurn.mark()
  }

  #note(nowMs: number): void {
    const lateMs = nowMs - this.#dueMs
    this.#longestMs = Math.max(this.#longestMs, lateMs)
    if (lateMs <= maxDelayMs) return
    this.#delayedUntilMs = nowMs
    this.#dueMs = nowMs
  }
}

export const delayMonitor = new DelayMonitor()
