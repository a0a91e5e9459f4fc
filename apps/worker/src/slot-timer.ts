// Waking a process that idles costs several times as much as starting a probe, so the first of some slots that lie close together
// waits for the last of them. A slot by itself waits for nobody. More at once would be in each other's way, and make each other's
// times longer.
const togetherMs = 25
const atOnce = 5

type Wait = { atMs: number; wake: () => void }

/** Holds probes until their slots, thousands at once with one timer. None is held longer than 25 ms after its slot. */
export class SlotTimer {
  // In the order of their instants.
  #waits: Wait[] = []
  #timer: NodeJS.Timeout | undefined
  #wakeAtMs = Number.POSITIVE_INFINITY
  #stopped = false

  /** Resolves `waitMs` from now, at most 25 ms later; or at once when it is over, or when the timer has been stopped. */
  wait(waitMs: number): Promise<void> {
    if (waitMs <= 0 || this.#stopped) return Promise.resolve()
    return new Promise((wake) => {
      const atMs = performance.now() + waitMs
      this.#waits.splice(this.#placeOf(atMs), 0, { atMs, wake })
      if (atMs < this.#wakeAtMs) this.#arm()
    })
  }

  /** Lets go of all that wait: for when the clock was set, and each has to look again how long it is to wait. */
  wakeAll(): void {
    this.#wakeUntil(Number.POSITIVE_INFINITY)
  }

  /** Lets go of all that wait, now and from now on. */
  stop(): void {
    this.#stopped = true
    this.wakeAll()
  }

  /** Behind all that wait no longer. Batches come in the order of their slots, so that this is mostly the end. */
  #placeOf(atMs: number): number {
    let [low, high] = [0, this.#waits.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#waits[middle] as Wait).atMs <= atMs) low = middle + 1
      else high = middle
    }
    return low
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const [first] = this.#waits
    if (first === undefined) {
      this.#wakeAtMs = Number.POSITIVE_INFINITY
      return
    }
    const together = this.#waits.slice(0, atOnce).filter(({ atMs }) => atMs <= first.atMs + togetherMs)
    this.#wakeAtMs = together.at(-1)?.atMs ?? first.atMs
    // Of a fraction Node lets go, and would be early by up to two.
    const leftMs = Math.max(0, Math.ceil(this.#wakeAtMs - performance.now()))
    this.#timer = setTimeout(() => this.#wakeUntil(performance.now()), leftMs)
  }

  #wakeUntil(nowMs: number): void {
    // Node's timers count whole milliseconds, and may be early by less than one.
    const woken = this.#waits.splice(0, this.#placeOf(Math.max(nowMs, this.#wakeAtMs)))
    this.#arm()
    for (const { wake } of woken) wake()
  }
}
