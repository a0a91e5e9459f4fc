/** An instant that somebody waits for. */
export class Deadline {
  /** On the clock of `performance.now()`. */
  readonly atMs: number
  readonly passed: () => void
  /** Its place among those that are waited for. */
  place: number

  constructor(atMs: number, passed: () => void, place: number) {
    this.atMs = atMs
    this.passed = passed
    this.place = place
  }
}

/**
 * Calls back when deadlines pass, for all probes together, with one timer in all. Nearly every probe is over long before: a timer of its
 * own, set and taken back, would cost it more than all of this. The timer stays as it was set, and looks at what is left when it fires.
 */
export class Deadlines {
  // In no order: they are looked through once in a timeout, and taken out with every probe.
  readonly #waiting: Deadline[] = []
  #timer: NodeJS.Timeout | undefined
  #firesMs = Number.POSITIVE_INFINITY

  /** Calls `passed` once when `performance.now()` has come to `atMs`, unless it is removed before. Keeps the process alive until then. */
  add(atMs: number, passed: () => void): Deadline {
    const deadline = new Deadline(atMs, passed, this.#waiting.length)
    this.#waiting.push(deadline)
    if (atMs < this.#firesMs) this.#set(atMs)
    else if (this.#waiting.length === 1) this.#timer?.ref()
    return deadline
  }

  /** False for one that has passed, or was removed before. */
  remove(deadline: Deadline): boolean {
    const waiting = this.#waiting
    const { place } = deadline
    if (waiting[place] !== deadline) return false
    const last = waiting.pop() as Deadline
    if (last !== deadline) {
      waiting[place] = last
      last.place = place
    }
    if (waiting.length === 0) this.#timer?.unref()
    return true
  }

  #set(atMs: number): void {
    clearTimeout(this.#timer)
    this.#firesMs = atMs
    this.#timer = setTimeout(() => this.#fire(), Math.max(1, Math.ceil(atMs - performance.now())))
  }

  #fire(): void {
    this.#timer = undefined
    this.#firesMs = Number.POSITIVE_INFINITY
    const nowMs = performance.now()
    try {
      for (const deadline of this.#waiting.filter(({ atMs }) => atMs <= nowMs)) {
        // One that was called before may have removed it.
        if (this.remove(deadline)) deadline.passed()
      }
    } finally {
      // One that throws takes none of the others with it.
      const earliestMs = this.#waiting.reduce((earliest, { atMs }) => Math.min(earliest, atMs), this.#firesMs)
      if (earliestMs < this.#firesMs) this.#set(earliestMs)
    }
  }
}

export const deadlines = new Deadlines()
