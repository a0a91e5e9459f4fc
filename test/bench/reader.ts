import { connect, type Socket } from 'node:net'

/**
 * Asks an HTTP server for one answer after the other, over one connection, and keeps nothing of them: what comes is read into the same
 * memory again and again. With `node:http` a megabyte is as much new memory, and a reader of many of them stands still for a tenth of a
 * second in every few to collect it, which then counts as the server's time.
 */
export class Reader implements Disposable {
  readonly #socket: Socket
  readonly #headers: string
  #answer: ReturnType<typeof Promise.withResolvers<number>> | undefined
  /** The head of an answer as far as it came, until it is whole. */
  #head = ''
  #length = 0
  #left = 0

  constructor(port: number, headers: Readonly<Record<string, string>>) {
    this.#headers = Object.entries({ host: `127.0.0.1:${port}`, ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')
    const buffer = Buffer.allocUnsafe(1024 * 1024)
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer,
        callback: (bytes) => {
          this.#read(buffer.subarray(0, bytes))
          return true
        },
      },
    })
    this.#socket.on('error', (error) => this.#answer?.reject(error))
    this.#socket.on('close', () =>
      this.#answer?.reject(new Error('the connection was closed before the end of an answer')),
    )
  }

  /** The bytes of the body of `path`, once the last has come; rejects on another status than 200, and on a body of unknown length. */
  get(path: string): Promise<number> {
    this.#answer = Promise.withResolvers<number>()
    this.#socket.write(`GET ${path} HTTP/1.1\r\n${this.#headers}\r\n`)
    return this.#answer.promise
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }

  #read(bytes: Buffer): void {
    let body = bytes.length
    if (this.#left === 0) {
      const before = this.#head.length
      this.#head += bytes.toString('latin1', 0, headBytes)
      const end = this.#head.indexOf('\r\n\r\n')
      if (end === -1) return
      const length = /\r\ncontent-length: (\d+)\r\n/i.exec(this.#head)?.[1]
      if (!this.#head.startsWith('HTTP/1.1 200 ') || length === undefined)
        return this.#answer?.reject(new Error(`not an answer to be measured: ${this.#head}`))
      this.#length = this.#left = Number(length)
      body = before + bytes.length - end - 4
      this.#head = ''
    }
    this.#left -= body
    if (this.#left === 0) this.#answer?.resolve(this.#length)
  }
}

// More than the head of any answer of ours.
const headBytes = 4096
