/** What tells that a probe is to stop, and why; an `AbortSignal` is one. */
export type StopSignal = {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/**
 * An `AbortController` and its signal in one. Node's own are events with all that belongs to them, and a probe makes one and
 * listens to it in every phase: what that costs a process that has just been woken can be seen in `bench:probes`.
 */
export class Stop implements StopSignal {
  aborted = false
  reason: unknown
  // One or two at a time.
  readonly #listeners: (() => void)[] = []

  /** Calls whoever listens, once; a second call changes nothing. */
  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    // One that another takes away on the way is not called.
    for (let next = this.#listeners.shift(); next !== undefined; next = this.#listeners.shift()) next()
  }

  addEventListener(_: 'abort', listener: () => void): void {
    if (!this.aborted) this.#listeners.push(listener)
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    const at = this.#listeners.lastIndexOf(listener)
    if (at !== -1) this.#listeners.splice(at, 1)
  }
}

// A class, as V8 takes microseconds for a computed key in an object literal, and every phase of a probe listens.
export class Listening implements Disposable {
  readonly #signal: StopSignal
  readonly #listener: () => void

  constructor(signal: StopSignal, listener: () => void) {
    this.#signal = signal
    this.#listener = listener
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#listener)
  }
}

/** Aborts `stop` with `signal`, for its reason, until disposed of. */
export function follow(signal: StopSignal, stop: { abort(reason: unknown): void }): Disposable {
  const pass = (): void => stop.abort(signal.reason)
  if (signal.aborted) pass()
  else signal.addEventListener('abort', pass, { once: true })
  return new Listening(signal, pass)
}
