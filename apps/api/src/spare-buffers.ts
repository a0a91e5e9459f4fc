/**
 * Buffers for answers of a megabyte or two. Each is memory beside the heap, and so much new memory calls the garbage collector, through the
 * whole heap, every few answers: one that was sent is taken for the next.
 */
export class SpareBuffers {
  readonly #spares: Buffer[] = []

  /** One of at least so many bytes, with whatever they hold. */
  take(bytes: number): Buffer {
    const at = this.#spares.findIndex(({ length }) => length >= bytes)
    const [spare] = at === -1 ? [] : this.#spares.splice(at, 1)
    return spare ?? Buffer.allocUnsafeSlow(Math.max(bytes, leastBytes))
  }

  /** Gives back what nobody reads or writes any more. A few are kept. */
  give(buffer: Buffer): void {
    if (buffer.length >= leastBytes && buffer.length <= mostBytes && this.#spares.length < mostSpares)
      this.#spares.push(buffer)
  }
}

// As long as the longest usual answer, so that any spare is good for any.
const leastBytes = 2 * 1024 * 1024
const mostBytes = 2 * leastBytes
const mostSpares = 4
