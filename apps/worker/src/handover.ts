import { setTimeout as delay } from 'node:timers/promises'
import type { Result } from '@sonde/core'
import { type Queues, resultsQueue } from '@sonde/queue'

type Item = { checkId: number; result: Result }
type Waiting = Item & { runId: string | undefined; delivered: () => void }

// The most that a message may hold.
const chunkSize = 256
// Each chunk costs a transaction and a dozen wake-ups of processes on its way: a fifth of a second makes them few, and is little
// beside the half second that the sweep gives a result of a check with the shortest interval.
const gatherMs = 200

/**
 * Hands results over in chunks as they come: a slow target delays nobody else's. What the queue does not take is kept and
 * offered again until it does: a result is dropped only when the worker has been told to stop, and gives up.
 */
export class Handover {
  readonly #queues: Queues
  readonly #onFault: (error: Error) => void
  #gathered: Waiting[] = []
  #sending: Waiting[] = []
  #running = false
  #gaveUp = false
  #hurry: () => void = () => undefined

  constructor(queues: Queues, onFault: (error: Error) => void) {
    this.#queues = queues
    this.#onFault = onFault
  }

  /** Results that are not on the queue yet. */
  get pending(): number {
    return this.#gathered.length + this.#sending.length
  }

  /** Resolves once the result is on the queue. */
  deliver(item: Item, runId: string | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gathered.push({ ...item, runId, delivered: resolve })
    if (!this.#running) void this.#run()
    if (this.#isUrgent()) this.#hurry()
    return promise
  }

  /** Offers nothing any more. Answers how many results are lost by that. */
  giveUp(): number {
    this.#gaveUp = true
    this.#hurry()
    return this.pending
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#gathered.length > 0 && !this.#gaveUp) {
      await this.#gather()
      // What comes while these are sent is gathered anew, so that chunks do not become small when there is much to do.
      this.#sending = this.#gathered
      this.#gathered = []
      for (const chunk of chunksOf(this.#sending)) await this.#send(chunk)
    }
    this.#running = false
  }

  /** A chunk is full, or somebody waits for the answer of a `run now`. */
  #isUrgent(): boolean {
    return this.#gathered.length >= chunkSize || this.#gathered.at(-1)?.runId !== undefined
  }

  #gather(): Promise<void> {
    if (this.#isUrgent()) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, gatherMs)
      this.#hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #send(chunk: readonly Waiting[]): Promise<void> {
    const items = chunk.map(({ checkId, result }) => ({ checkId, result }))
    const runId = chunk[0]?.runId
    for (;;) {
      if (this.#gaveUp) return
      try {
        await this.#queues.send(resultsQueue, [
          { data: { type: 'results', items, ...(runId === undefined ? {} : { runId }) } },
        ])
        break
      } catch (error) {
        this.#onFault(error instanceof Error ? error : new Error(String(error)))
        await delay(1000)
      }
    }
    const sent = new Set(chunk)
    this.#sending = this.#sending.filter((one) => !sent.has(one))
    for (const { delivered } of chunk) delivered()
  }
}

/** At most so many in each, and each of one run or of none. */
function chunksOf(waiting: readonly Waiting[]): Waiting[][] {
  return [...Map.groupBy(waiting, ({ runId }) => runId).values()].flatMap((ofOne) =>
    Array.from({ length: Math.ceil(ofOne.length / chunkSize) }, (_, part) =>
      ofOne.slice(part * chunkSize, (part + 1) * chunkSize),
    ),
  )
}
