/** A heap that gives back what has the newest slot first. */
export class NewestFirst<Item extends { slotMs: number }> {
  #items: Item[] = []

  get size(): number {
    return this.#items.length
  }

  push(item: Item): void {
    const items = this.#items
    let at = items.push(item) - 1
    for (let above = (at - 1) >> 1; at > 0 && this.#isNewer(at, above); above = (at - 1) >> 1) {
      this.#swap(at, above)
      at = above
    }
  }

  pop(): Item | undefined {
    const items = this.#items
    const last = items.pop()
    const first = items[0]
    if (last === undefined || first === undefined) return last
    items[0] = last
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      const below = right < items.length && this.#isNewer(right, left) ? right : left
      if (below >= items.length || !this.#isNewer(below, at)) return first
      this.#swap(at, below)
      at = below
    }
  }

  /** Takes out all that are so. */
  takeAll(isSo: (item: Item) => boolean): Item[] {
    const taken = this.#items.filter(isSo)
    if (taken.length === 0) return taken
    const left = this.#items.filter((item) => !isSo(item))
    this.#items = []
    for (const item of left) this.push(item)
    return taken
  }

  #isNewer(a: number, b: number): boolean {
    return (this.#items[a] as Item).slotMs > (this.#items[b] as Item).slotMs
  }

  #swap(a: number, b: number): void {
    const items = this.#items
    ;[items[a], items[b]] = [items[b] as Item, items[a] as Item]
  }
}
