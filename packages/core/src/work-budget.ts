// No input or output: the engine's own way to end a call.
// oxlint-disable-next-line no-restricted-imports
import { createContext, Script } from 'node:vm'

/** Work on what a target sent took longer than it is worth. */
export class BudgetSpent extends Error {}

// The only way to stop synchronous code from outside: V8 ends what was called through a script when its time is over, also
// where the code itself is not of that script.
const context = createContext({ run: undefined as (() => void) | undefined })
const script = new Script('run()')

/**
 * So much time for all that is done with what one target sent. A body that makes a pattern or a path slow then costs its own
 * check, and holds up no other probe of the process for longer.
 */
export class WorkBudget {
  #leftMs: number
  readonly #wholeMs: number

  constructor(ms: number) {
    this.#leftMs = ms
    this.#wholeMs = ms
  }

  /**
   * What the synchronous work returns. Throws `BudgetSpent` when the time is over; the work is then stopped wherever it is,
   * without its `finally` blocks, so what it was changing is not to be used again. Costs 0.3 ms, for a thread that watches.
   */
  run<Value>(work: () => Value): Value {
    let result: { value: Value } | undefined
    const startMs = performance.now()
    context.run = () => {
      result = { value: work() }
    }
    try {
      if (this.#leftMs >= 1) script.runInContext(context, { timeout: Math.floor(this.#leftMs) })
    } catch (error) {
      if (!isTimeout(error)) throw error
    } finally {
      context.run = undefined
      this.#leftMs -= performance.now() - startMs
    }
    if (result === undefined) throw new BudgetSpent(`not judged: it would take more than ${this.#wholeMs} ms`)
    return result.value
  }
}

function isTimeout(error: unknown): boolean {
  // It comes from the other context, whose Error is not ours.
  return (error as { code?: unknown } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
