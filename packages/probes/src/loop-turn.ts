const { nodeTiming } = performance
// Work that nobody told of, after the last mark, is taken for the wait; more than this is not taken off. Five TLS handshakes that begin or
// end together take some milliseconds, and what holds the loop up for twice as long makes a result `delayed`.
const maxBusyMs = 10

/**
 * Tells when what the event loop hands over was there. In a process that has just been woken some tenths of a millisecond go by between
 * the system's word that there is something to read and the first line that can look at the clock; with more to read at once, all that
 * is done for what is read before. libuv notes how long it slept, so that the time it has been busy since the end of the turn before is
 * the time since it woke. Whoever works for probes marks where a turn's work ends.
 */
class LoopTurn {
  // The last turn with a mark and the one with a mark before it, and how long the loop had been busy by then.
  #turn = Number.NaN
  #busyMs = 0
  #turnBefore = Number.NaN
  #busyMsBefore = 0
  #marksAtEnd = false
  // Probes that run: only they have use of a mark.
  #probes = 0
  // What the loop said of this turn, where it was asked: to ask costs a process that has just been woken.
  #asked = false
  #askedTurn = Number.NaN
  #askedIdleMs = 0

  /** A probe begins, and `end`s. */
  begin(): void {
    this.#probes += 1
  }

  end(): void {
    this.#probes -= 1
  }

  /** The work of this turn ends here, as far as is known: for what a timer has begun, behind which nothing else comes. */
  mark(): void {
    this.#note(nodeTiming.uvMetricsInfo.loopCount, nodeTiming.idleTime)
  }

  /** The same once all is done that was handed over in this turn. */
  markAtEnd(): void {
    if (this.#marksAtEnd) return
    this.#marksAtEnd = true
    setImmediate(this.#atEnd)
  }

  /** The same by a probe that times nothing in the next turn: a process that was just woken for it alone is spared. */
  markAtEndForOthers(): void {
    if (this.#probes > 1) this.markAtEnd()
    else this.#asked = this.#marksAtEnd && this.#asked
  }

  /**
   * When that was there which is handed over at `nowMs`, both on the clock of `performance.now()`: at most 10 ms before. `nowMs` itself
   * where the turn before had no mark, as nobody can tell then.
   */
  cameMs(nowMs: number): number {
    return this.#cameMs(nowMs, nodeTiming.uvMetricsInfo.loopCount, nodeTiming.idleTime)
  }

  /** The same for whoever then has this turn's end marked, which so takes no question of its own. */
  arrivedMs(nowMs: number): number {
    const turn = nodeTiming.uvMetricsInfo.loopCount
    const idleMs = nodeTiming.idleTime
    this.#asked = true
    this.#askedTurn = turn
    this.#askedIdleMs = idleMs
    return this.#cameMs(nowMs, turn, idleMs)
  }

  #cameMs(nowMs: number, turn: number, idleMs: number): number {
    const before = turn - 1
    // With names to resolve probes begin to dial in the middle of a turn.
    const busyMs = before === this.#turn ? this.#busyMs : before === this.#turnBefore ? this.#busyMsBefore : undefined
    if (busyMs === undefined) return nowMs
    return nowMs - Math.min(maxBusyMs, Math.max(0, nowMs - idleMs - busyMs))
  }

  #note(turn: number, idleMs: number): void {
    if (turn !== this.#turn) {
      this.#turnBefore = this.#turn
      this.#busyMsBefore = this.#busyMs
      this.#turn = turn
    }
    this.#busyMs = performance.now() - idleMs
  }

  readonly #atEnd = (): void => {
    this.#marksAtEnd = false
    // A turn sleeps once, before anything comes.
    if (this.#asked) this.#note(this.#askedTurn, this.#askedIdleMs)
    else this.mark()
    this.#asked = false
  }
}

export const loopTurn = new LoopTurn()
