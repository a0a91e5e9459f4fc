import { Worker } from 'node:worker_threads'
import type { Check, Result } from '@sonde/core'
import { type Answer, forgetOldest, type Order, ready, type ThreadData } from './message.ts'

/** `failed` is one that ended before it was ready, as another would. */
export type ThreadState = 'starting' | 'ready' | 'ended' | 'failed'

type Waiting = { resolve: (result: Result) => void; reject: (error: unknown) => void }

/**
 * A thread in which probes run whose handshakes would hold up the timings of all others: each takes half a millisecond of its
 * thread at a time. It is of use from the moment on in which it has read the trusted roots; when it dies, what it had in hand
 * is rejected.
 */
export class HandshakeThread {
  readonly #worker: Worker
  readonly #onFailed: (error: unknown) => void
  readonly #waiting = new Map<number, Waiting>()
  readonly #refs = new WeakMap<Check, number>()
  readonly #sent = new Set<number>()
  #lastId = 0
  #lastRef = 0
  #longestDelayMs = 0
  #state: ThreadState = 'starting'

  /** `onFailed` hears why, once, when it ends before it is ready. */
  constructor(data: ThreadData, onFailed: (error: unknown) => void = () => undefined) {
    this.#onFailed = onFailed
    this.#worker = new Worker(new URL('./main.ts', import.meta.url), { workerData: data, name: 'handshakes' })
    // It keeps no process alive that has nothing else to do.
    this.#worker.unref()
    this.#worker.on('message', (message: typeof ready | Answer) => this.#hear(message))
    this.#worker.on('error', (error) => this.#end(error))
    this.#worker.on('exit', () => this.#end(undefined))
  }

  get state(): ThreadState {
    return this.#state
  }

  /** As `probe`; `now` is read once, for how far it is from this machine's clock. */
  probe(check: Check, { region, slot, now }: { region: string; slot: Date; now: () => number }): Promise<Result> {
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#waiting.set(id, { resolve, reject })
    const offsetMs = now() - Date.now()
    this.#worker.postMessage({ id, ...this.#refer(check), region, slotMs: slot.getTime(), offsetMs } satisfies Order)
    return promise
  }

  /** The longest that its event loop was held up, since this was last asked. */
  takeLongestDelayMs(): number {
    const longestMs = this.#longestDelayMs
    this.#longestDelayMs = 0
    return longestMs
  }

  /** Ends the thread, and rejects what it has in hand. */
  async close(): Promise<void> {
    this.#state = 'ended'
    await this.#worker.terminate()
  }

  #refer(check: Check): { ref: number; check: Check | undefined } {
    const ref = this.#refs.get(check) ?? ++this.#lastRef
    if (this.#sent.has(ref)) return { ref, check: undefined }
    this.#refs.set(check, ref)
    this.#sent.add(ref)
    forgetOldest(this.#sent)
    return { ref, check }
  }

  #hear(message: typeof ready | Answer): void {
    if (message === ready) {
      this.#state = 'ready'
      return
    }
    this.#longestDelayMs = Math.max(this.#longestDelayMs, message.delayMs)
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if ('result' in message) waiting?.resolve(message.result)
    else waiting?.reject(message.error)
  }

  #end(error: unknown): void {
    if (this.#state === 'starting') {
      this.#state = 'failed'
      this.#onFailed(error)
    } else if (this.#state === 'ready') this.#state = 'ended'
    for (const { reject } of this.#waiting.values()) {
      reject(new Error('the thread for handshakes ended before its probe did', { cause: error }))
    }
    this.#waiting.clear()
  }
}
