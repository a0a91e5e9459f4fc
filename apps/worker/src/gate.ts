import { NewestFirst } from './newest-first.ts'

// What a probe asks of this process is at its beginning: to connect, to shake hands, to send. One that has seen two of these ticks
// waits for its target, costs nothing, and must not keep others out. Ticks, and not a time: while the event loop is held up,
// nobody gets anywhere.
const tickMs = 60

// Who has settled matters only once many are inside: until this many may be at work, or half of the limit where that is less, nobody
// looks, and an idle process is not woken for it.
const few = 32

type Inside = { settled: boolean }
type Waiting = { slotMs: number; overMs: number; enter: (one: Inside) => void }

/**
 * Lets probes begin: at most `limit` that have not settled down to wait for their target, and at most `most` in all, which bounds
 * sockets and memory. So a target that hangs until its timeout delays no other. Of those that wait the one with the newest
 * slot is next: what is late already is not to make the rest late.
 */
export class Gate {
  /** How many are let in at once. */
  limit: number
  readonly #most: number
  #inside = 0
  #busy = 0
  #busiest = 0
  // Those that came since the last tick, and between that and the one before.
  #entered = new Set<Inside>()
  #settling = new Set<Inside>()
  #waiting = new NewestFirst<Waiting>()
  #ticking = false
  #open = false

  constructor(limit: number, most: number) {
    this.limit = limit
    this.#most = most
  }

  /** Probes that have begun and not ended. */
  get running(): number {
    return this.#inside
  }

  /** Probes that are due and have to wait. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** The most that were at work at once, and not waiting for their target, since this was last asked. */
  takeBusiest(): number {
    const busiest = this.#busiest
    this.#busiest = this.#busy
    return busiest
  }

  /** Runs `work` as soon as there is room; or once the time is past `overMs`, if `letGo` finds that it still waits then. */
  async pass<Value>(work: () => Promise<Value>, when: { slotMs: number; overMs: number }): Promise<Value> {
    const one =
      this.#open || (this.#waiting.size === 0 && this.#hasRoom())
        ? this.#enter()
        : await new Promise<Inside>((enter) => {
            this.#waiting.push({ ...when, enter })
            this.#admit()
          })
    try {
      return await work()
    } finally {
      this.#leave(one)
    }
  }

  /** Lets go of those whose time is over: there is nothing to do for them but to say so. */
  letGo(nowMs: number): void {
    for (const { enter } of this.#waiting.takeAll(({ overMs }) => overMs < nowMs)) enter(this.#enter())
  }

  /** Lets go of all that wait, now and from now on: for the end. */
  open(): void {
    this.#open = true
    for (const { enter } of this.#waiting.takeAll(() => true)) enter(this.#enter())
  }

  #enter(): Inside {
    const one = { settled: false }
    this.#entered.add(one)
    this.#inside += 1
    this.#busy += 1
    this.#keepTicking()
    this.#busiest = Math.max(this.#busiest, this.#busy)
    return one
  }

  #leave(one: Inside): void {
    this.#inside -= 1
    this.#entered.delete(one)
    this.#settling.delete(one)
    this.#settle(one)
    this.#admit()
  }

  #settle(one: Inside): void {
    if (one.settled) return
    one.settled = true
    this.#busy -= 1
  }

  #keepTicking(): void {
    if (this.#ticking || this.#busy < Math.min(few, this.limit / 2)) return
    this.#ticking = true
    setTimeout(() => this.#tick(), tickMs)
  }

  #tick(): void {
    for (const one of this.#settling) this.#settle(one)
    this.#settling = this.#entered
    this.#entered = new Set()
    this.#ticking = false
    this.#keepTicking()
    this.#admit()
  }

  #hasRoom(): boolean {
    return this.#busy < this.limit && this.#inside < this.#most
  }

  #admit(): void {
    while (this.#waiting.size > 0 && this.#hasRoom()) this.#waiting.pop()?.enter(this.#enter())
  }
}
