import type { OnReadOpts, Socket } from 'node:net'
import { loopTurn } from '../loop-turn.ts'
import { letGo } from './let-go.ts'

/**
 * Takes what came on a socket, in a buffer that holds something else after this call, and when it did by `performance.now()`; false
 * ends the reading, until `resume`.
 */
export type Taker = (chunk: Buffer, cameMs: number) => boolean

// Node would make a buffer of 64 KiB for every read, and pass it through a stream; both cost more than reading it.
const shared = Buffer.allocUnsafeSlow(64 * 1024)

/** What comes on one socket: into its stream, as ever, until somebody takes it directly. */
class Intake {
  readonly onread: OnReadOpts
  taker: Taker | undefined
  #socket: Socket | undefined

  constructor() {
    // The clock is read before anything else is done: in a process that was just woken every step takes long.
    this.onread = { buffer: shared, callback: (count) => this.#receive(loopTurn.arrivedMs(performance.now()), count) }
  }

  bind(socket: Socket): void {
    this.#socket = socket
  }

  #receive(cameMs: number, count: number): boolean {
    const chunk = shared.subarray(0, count)
    const { taker } = this
    const more = taker === undefined ? this.#socket?.push(Buffer.from(chunk)) === true : taker(chunk, cameMs)
    // Who has all that it waits for takes no more.
    if (taker !== undefined && this.taker === undefined) loopTurn.markAtEndForOthers()
    else loopTurn.markAtEnd()
    return more
  }
}

// On the socket itself, as looking it up elsewhere takes a process that has just been woken longer.
const ofSocket = Symbol('intake')
type Taken = Socket & { [ofSocket]?: Intake }

/** Opens a socket whose data can be taken directly; `open` hands the option `onread` on to `connect`. */
export function withIntake<Kind extends Socket>(open: (onread: OnReadOpts) => Kind): Kind {
  const intake = new Intake()
  const socket = letGo(open(intake.onread))
  intake.bind(socket)
  ;(socket as Taken)[ofSocket] = intake
  return socket
}

class Taking implements Disposable {
  readonly #intake: Intake
  readonly #taker: Taker

  constructor(intake: Intake, taker: Taker) {
    this.#intake = intake
    this.#taker = taker
  }

  [Symbol.dispose](): void {
    if (this.#intake.taker === this.#taker) this.#intake.taker = undefined
  }
}

/**
 * Gives everything that comes from now on, and what has come before, to `taker` and not to the stream, whose other events (`end`,
 * `error`, `close`) stay as they are. Until disposed of. Any other socket than one of `withIntake` is listened to as usual.
 */
export function takeFrom(socket: Socket, taker: Taker): Disposable {
  const intake = (socket as Taken)[ofSocket]
  if (intake === undefined) {
    const take = (chunk: Buffer): void => void taker(chunk, performance.now())
    socket.on('data', take)
    return { [Symbol.dispose]: () => void socket.off('data', take) }
  }
  intake.taker = taker
  const before = socket.read() as Buffer | null
  if (before !== null) taker(before, performance.now())
  return new Taking(intake, taker)
}
