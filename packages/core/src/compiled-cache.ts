/**
 * What `compile` makes of a text, kept for the next time, the `limit` most recently used: a check is probed thousands of times
 * with the same few patterns. What `compile` throws is not kept.
 */
export class CompiledCache<Compiled> {
  readonly #compile: (text: string) => Compiled
  readonly #limit: number
  readonly #kept = new Map<string, Compiled>()

  constructor(compile: (text: string) => Compiled, limit: number) {
    this.#compile = compile
    this.#limit = limit
  }

  get(text: string): Compiled {
    const known = this.#kept.get(text)
    const compiled = known ?? this.#compile(text)
    // A map keeps the order of insertion: what is used goes to its end.
    if (known !== undefined) this.#kept.delete(text)
    this.#kept.set(text, compiled)
    if (this.#kept.size > this.#limit) this.#kept.delete(this.#kept.keys().next().value as string)
    return compiled
  }

  /** Makes the next use compile it anew. */
  forget(text: string): void {
    this.#kept.delete(text)
  }
}
