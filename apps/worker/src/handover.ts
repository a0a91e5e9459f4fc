import { setTimeout as delay } from 'node:timers/promises'
import type { Result } from '@sonde/core'
import { type Queues, resultsQueue } from '@sonde/queue'

type Item = { checkId: number; result: Result }
type Terms = {
  /** Of a `run now`: somebody waits for its answer, and it waits for nothing. */
  runId?: string | undefined
  /** How long it may wait for others to travel with. */
  patienceMs: number
}
type Waiting = Item & { runId: string | undefined; delivered: () => void }

// The most that a message may hold.
const chunkSize = 256
// Each chunk costs a transaction and some twenty wake-ups of processes on its way, a hundred times what a result costs in it. The
// sweep gives a result half an interval, at least half a second, and nobody looks at a check twice a second.
const gatherMs = { least: 200, most: 1000 }

/**
 * How long a result of a check with this interval may wait for others: a tenth of it, between 200 ms and a second; 200 ms when it is
 * down, as somebody may have to be told.
 */
export function patienceMs(intervalMs: number, outcome: Result['outcome']): number {
  if (outcome === 'down') return gatherMs.least
  return Math.min(Math.max(intervalMs / 10, gatherMs.least), gatherMs.most)
}

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
  // When what is gathered goes out, and what makes that be looked at anew.
  #goesAtMs = Number.POSITIVE_INFINITY
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
  deliver(item: Item, { runId, patienceMs }: Terms): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gathered.push({ ...item, runId, delivered: resolve })
    const goesAtMs = this.#isUrgent() ? 0 : performance.now() + patienceMs
    if (goesAtMs < this.#goesAtMs) {
      this.#goesAtMs = goesAtMs
      this.#hurry()
    }
    if (!this.#running) void this.#run()
    return promise
  }

  /** Offers nothing any more. Answers how many results are lost by that. */
  giveUp(): number {
    this.#gaveUp = true
    this.#goesAtMs = 0
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
      this.#goesAtMs = Number.POSITIVE_INFINITY
      for (const chunk of chunksOf(this.#sending)) await this.#send(chunk)
    }
    this.#running = false
  }

  /** A chunk is full, or somebody waits for the answer of a `run now`. */
  #isUrgent(): boolean {
    return this.#gathered.length >= chunkSize || this.#gathered.at(-1)?.runId !== undefined
  }

  async #gather(): Promise<void> {
    for (let leftMs = this.#leftMs(); leftMs > 0; leftMs = this.#leftMs()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        this.#hurry = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  #leftMs(): number {
    return this.#goesAtMs - performance.now()
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
