import { setTimeout as delay } from 'node:timers/promises'
import { adopt, type ClockEstimate, estimateOf, type TimeSample } from './clock-estimate.ts'

const samplesAtOnce = 5
const measureEveryMs = 10_000
const retryMs = 1000
const patienceMs = 2000

// How often this machine's clock is compared with the monotonic one, and by how much they must part to have been moved apart.
// NTP's slewing parts them by a quarter of a millisecond in that time.
const watchEveryMs = 500
const jumpMs = 20

// Whoever waits for an instant looks again when its wait is over; only more than this is worth waking it for.
const stepMs = 5

/** From here on the difference is told: nobody's log lines can be laid beside another's any more. */
export const skewToldMs = 1000

/**
 * The clock of the queue's server, which every part of a Sonde follows: what this machine says of the time does not matter, nor
 * whether somebody sets its clock. It runs on the monotonic clock, and is compared with the server's every 10 s and as soon as
 * this machine's clock jumps, as it does after the machine was suspended. Before the first measurement, and where the server
 * does not tell its time, it is this machine's own.
 */
export class ServerClock {
  readonly #ask: () => Promise<number>
  readonly #onFault: (error: Error) => void
  readonly #stop = new AbortController()
  #onStep: () => void = () => undefined
  #onSkew: ((offsetMs: number) => void) | undefined
  #toldSkewMs = 0
  #toldFault = false
  #estimate: ClockEstimate | undefined
  #following = false
  #watch: NodeJS.Timeout | undefined
  #jumped = new AbortController()
  #ownBaseMs = ownBaseMs()

  /** `ask` answers with the server's time in ms since the epoch. */
  constructor(ask: () => Promise<number>, onFault: (error: Error) => void) {
    this.#ask = ask
    this.#onFault = onFault
  }

  /** Ms since the epoch, with a fraction. It may be handed on without its clock. */
  readonly now = (): number => performance.now() + (this.#estimate?.baseMs ?? ownBaseMs())

  /** How far this machine's own clock is ahead of the server's; below 0 when it is behind. */
  get offsetMs(): number {
    return this.#estimate === undefined ? 0 : ownBaseMs() - this.#estimate.baseMs
  }

  /** Called when the clock has moved by more than 5 ms: whoever waits for an instant must look again how long. */
  set onStep(listener: () => void) {
    this.#onStep = listener
  }

  /** Hears of an offset of more than a second when it is found, when it changes by that much, and once when it is gone. */
  set onSkew(listener: (offsetMs: number) => void) {
    this.#onSkew = listener
    this.#tellSkew()
  }

  /** Measures once, and goes on measuring until `close`. Called again it does nothing. */
  async follow(): Promise<void> {
    if (this.#following || this.#stop.signal.aborted) return
    this.#following = true
    await this.#measure()
    this.#ownBaseMs = ownBaseMs()
    this.#watch = setInterval(() => this.#lookForJump(), watchEveryMs).unref()
    void this.#keepMeasuring()
  }

  close(): void {
    this.#stop.abort()
    clearInterval(this.#watch)
  }

  async #keepMeasuring(): Promise<void> {
    let pauseMs = measureEveryMs
    while (!this.#stop.signal.aborted) {
      const signal = AbortSignal.any([this.#stop.signal, this.#jumped.signal])
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
      if (this.#stop.signal.aborted) return
      this.#jumped = new AbortController()
      pauseMs = (await this.#measure()) ? measureEveryMs : retryMs
    }
  }

  async #measure(): Promise<boolean> {
    try {
      const samples: [TimeSample, ...TimeSample[]] = [await this.#sample()]
      while (samples.length < samplesAtOnce) samples.push(await this.#sample())
      this.#take(estimateOf(samples))
      return true
    } catch (error) {
      // A server that is away is told of by whoever wants something of it.
      if (this.#estimate === undefined && !this.#toldFault && !this.#stop.signal.aborted) {
        this.#toldFault = true
        this.#onFault(
          new Error("the queue's server does not tell its time; going by this machine's clock", { cause: error }),
        )
      }
      return false
    }
  }

  async #sample(): Promise<TimeSample> {
    const askedMs = performance.now()
    const patience = new AbortController()
    const signal = AbortSignal.any([this.#stop.signal, patience.signal])
    const silence = delay(patienceMs, undefined, { signal, ref: false }).then(() => {
      throw new Error(`no answer within ${patienceMs} ms`)
    })
    try {
      const serverMs = await Promise.race([this.#ask(), silence])
      return { askedMs, answeredMs: performance.now(), serverMs }
    } finally {
      silence.catch(() => undefined)
      patience.abort()
    }
  }

  #take(measured: ClockEstimate): void {
    const before = this.now()
    this.#estimate = this.#estimate === undefined ? measured : adopt(this.#estimate, measured)
    if (Math.abs(this.now() - before) > stepMs) this.#onStep()
    this.#tellSkew()
  }

  #lookForJump(): void {
    const baseMs = ownBaseMs()
    if (Math.abs(baseMs - this.#ownBaseMs) > jumpMs) this.#jumped.abort()
    this.#ownBaseMs = baseMs
  }

  #tellSkew(): void {
    const { offsetMs } = this
    const skewMs = Math.abs(offsetMs) > skewToldMs ? offsetMs : 0
    if (this.#onSkew === undefined || Math.abs(skewMs - this.#toldSkewMs) <= (skewMs === 0 ? 0 : skewToldMs)) return
    this.#toldSkewMs = skewMs
    this.#onSkew(offsetMs)
  }
}

/** What this machine's clock is ahead of the monotonic one. */
function ownBaseMs(): number {
  return Date.now() - performance.now()
}
