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
  readonly #listeners = new Set<() => void>()

  /** Calls whoever listens, once; a second call changes nothing. */
  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }

  addEventListener(_: 'abort', listener: () => void): void {
    if (!this.aborted) this.#listeners.add(listener)
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.delete(listener)
  }
}

/** Aborts `stop` with `signal`, for its reason, until disposed of. */
export function follow(signal: StopSignal, stop: { abort(reason: unknown): void }): Disposable {
  const pass = (): void => stop.abort(signal.reason)
  if (signal.aborted) pass()
  else signal.addEventListener('abort', pass, { once: true })
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', pass) }
}
