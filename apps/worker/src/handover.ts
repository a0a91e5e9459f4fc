import { setTimeout as delay } from 'node:timers/promises'
import type { Result } from '@sonde/core'
import { type Queues, resultsQueue } from '@sonde/queue'

type Item = { checkId: number; result: Result }
type Waiting = Item & { runId: string | undefined; delivered: () => void }

const chunkSize = 64
// Long enough to gather a chunk at hundreds of results a second, short enough that nobody waits for it.
const gatherMs = 50

/**
 * Hands results over in chunks as they come: a slow target delays nobody else's. What the queue does not take is kept and
 * offered again until it does, so a result is never dropped here.
 */
export class Handover {
  readonly #queues: Queues
  readonly #onFault: (error: Error) => void
  #waiting: Waiting[] = []
  #running = false

  constructor(queues: Queues, onFault: (error: Error) => void) {
    this.#queues = queues
    this.#onFault = onFault
  }

  /** Results that are not on the queue yet. */
  get pending(): number {
    return this.#waiting.length
  }

  /** Resolves once the result is on the queue. */
  deliver(item: Item, runId: string | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push({ ...item, runId, delivered: resolve })
    if (!this.#running) void this.#run()
    return promise
  }

  async #run(): Promise<void> {
    this.#running = true
    await delay(gatherMs)
    while (this.#waiting.length > 0) {
      const [first] = this.#waiting as [Waiting]
      const chunk = this.#waiting.filter(({ runId }) => runId === first.runId).slice(0, chunkSize)
      const items = chunk.map(({ checkId, result }) => ({ checkId, result }))
      try {
        await this.#queues.send(resultsQueue, [
          { data: { type: 'results', items, ...(first.runId === undefined ? {} : { runId: first.runId }) } },
        ])
      } catch (error) {
        this.#onFault(error instanceof Error ? error : new Error(String(error)))
        await delay(1000)
        continue
      }
      const sent = new Set(chunk)
      this.#waiting = this.#waiting.filter((one) => !sent.has(one))
      for (const { delivered } of chunk) delivered()
    }
    this.#running = false
  }
}
