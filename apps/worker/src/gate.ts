/** Lets at most `limit` pass at once; the rest wait in the order they came. */
export class Gate {
  #free: number
  #waiting: (() => void)[] = []

  constructor(limit: number) {
    this.#free = limit
  }

  async pass<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }
}
