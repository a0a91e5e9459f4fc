// Slots within this time of each other are woken for together: waking an idle process costs more than the start of a probe, and
// a probe is no later for it than this.
const grainMs = 10

/** Holds probes until their slots: thousands at once, with a timer for each 10 ms in which there are any. */
export class SlotTimer {
  readonly #grains = new Map<number, { timer: NodeJS.Timeout; wake: (() => void)[] }>()
  #stopped = false

  /** Resolves `waitMs` from now, at most 10 ms later; or at once when it is over, or when the timer has been stopped. */
  wait(waitMs: number): Promise<void> {
    if (waitMs <= 0 || this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const now = performance.now()
      const at = Math.ceil((now + waitMs) / grainMs) * grainMs
      const grain = this.#grains.get(at)
      if (grain !== undefined) return void grain.wake.push(resolve)
      const timer = setTimeout(() => this.#wake(at), at - now)
      this.#grains.set(at, { timer, wake: [resolve] })
    })
  }

  /** Lets go of all that wait: for when the clock was set, and each has to look again how long it is to wait. */
  wakeAll(): void {
    for (const at of this.#grains.keys()) this.#wake(at)
  }

  /** Lets go of all that wait, now and from now on. */
  stop(): void {
    this.#stopped = true
    this.wakeAll()
  }

  #wake(at: number): void {
    const grain = this.#grains.get(at)
    if (grain === undefined) return
    this.#grains.delete(at)
    clearTimeout(grain.timer)
    for (const resolve of grain.wake) resolve()
  }
}
