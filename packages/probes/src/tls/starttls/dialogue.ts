import type { Socket } from 'node:net'
import { abortError, codeOf, isOurFault, messageOf, onAbort, TargetFailure } from '../../failure.ts'
import type { ProbeContext } from '../../kind.ts'

// A greeting with many lines of welcome is shorter than this; what is longer is not a mail server's manners.
const maxBytes = 16 * 1024
const maxLines = 100
const maxShown = 200

/**
 * What is said in plain text before TLS, bounded in bytes and lines and under the probe's deadline. Only one reader at a time.
 *
 * Throws `TargetFailure`: `tls_timeout` when the server is silent, `tls_reset` when it hangs up, `tls_not_tls` when it says
 * more than any dialogue needs.
 */
export class Dialogue {
  readonly #socket: Socket
  readonly #context: ProbeContext
  readonly #protocol: string
  #buffered: Buffer = Buffer.alloc(0)
  #bytes = 0
  #lines = 0

  constructor(socket: Socket, protocol: string, context: ProbeContext) {
    this.#socket = socket
    this.#protocol = protocol
    this.#context = context
  }

  /** The address that our side of the connection has, for protocols in which a client says who it is. */
  get localAddress(): string {
    return this.#socket.localAddress ?? '127.0.0.1'
  }

  write(data: string | Uint8Array): void {
    this.#socket.write(data)
  }

  /** The next line without its end, each octet one character. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#buffered.indexOf(10)
      if (end !== -1) {
        this.#lines += 1
        if (this.#lines > maxLines) throw this.refusal(`sent more than ${maxLines} lines`)
        return this.#take(end + 1)
          .toString('latin1')
          .replace(/\r?\n$/, '')
      }
      await this.#more()
    }
  }

  /** Exactly so many bytes. */
  async bytes(count: number): Promise<Buffer> {
    if (count > maxBytes) throw this.refusal(`announced a message of ${count} bytes`)
    while (this.#buffered.length < count) await this.#more()
    return this.#take(count)
  }

  /** Everything up to and with the first match of the pattern. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const text = this.#buffered.toString('latin1')
      const found = pattern.exec(text)
      if (found !== null) return this.#take(found.index + found[0].length).toString('latin1')
      await this.#more()
    }
  }

  /** What had come beyond what was read: a server that keeps to the protocol now waits for our ClientHello. */
  get rest(): number {
    return this.#buffered.length + this.#socket.readableLength
  }

  /** The server does not turn to TLS; `said` is what it answered instead. */
  refusal(what: string, said?: string): TargetFailure {
    const shown = said === undefined ? undefined : shownText(said)
    const message = `the server ${what} (STARTTLS of ${this.#protocol})${shown === undefined ? '' : `: ${shown}`}`
    const seen = { protocol: this.#protocol, ...(shown === undefined ? {} : { said: shown }) }
    return new TargetFailure('tls_not_tls', message, { seen })
  }

  #take(count: number): Buffer {
    const taken = this.#buffered.subarray(0, count)
    this.#buffered = this.#buffered.subarray(count)
    return taken
  }

  async #more(): Promise<void> {
    const chunk = await this.#read()
    this.#bytes += chunk.length
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk])
    if (this.#bytes > maxBytes) throw this.refusal(`sent more than ${maxBytes} bytes before TLS`)
  }

  #read(): Promise<Buffer> {
    const socket = this.#socket
    const protocol = this.#protocol
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
    const onReadable = (): void => {
      const chunk = socket.read() as Buffer | null
      if (chunk !== null) resolve(chunk)
    }
    const hungUp = (how: string, cause?: unknown): void =>
      reject(
        new TargetFailure('tls_reset', `the server ${how} before TLS began (STARTTLS of ${protocol})`, {
          cause,
          seen: { protocol },
        }),
      )
    const onEnd = (): void => hungUp('closed the connection')
    const onError = (error: Error): void => {
      if (isOurFault(error)) reject(error)
      else hungUp(codeOf(error) === 'ECONNRESET' ? 'reset the connection' : `failed with ${messageOf(error)}`, error)
    }
    const listening = onAbort(this.#context.signal, () =>
      reject(
        abortError(
          this.#context.signal,
          'tls_timeout',
          (timeout) =>
            this.#bytes === 0
              ? `the server said nothing within ${timeout} (STARTTLS of ${protocol})`
              : `the server did not turn to TLS within ${timeout}; ${this.#bytes} bytes had come (STARTTLS of ${protocol})`,
          { protocol },
        ),
      ),
    )
    socket.on('readable', onReadable)
    socket.once('end', onEnd)
    socket.once('error', onError)
    onReadable()
    if (socket.readableEnded) onEnd()
    return promise.finally(() => {
      listening[Symbol.dispose]()
      socket.off('readable', onReadable)
      socket.off('end', onEnd)
      socket.off('error', onError)
    })
  }
}

function shownText(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= maxShown ? line : `${line.slice(0, maxShown - 1)}…`
}
