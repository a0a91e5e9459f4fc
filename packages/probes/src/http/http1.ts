import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import { TargetFailure } from '../failure.ts'
import type { ProbeContext } from '../kind.ts'
import { takeFrom } from '../net/intake.ts'
import { onceFor } from '../once-for.ts'
import { type Answer, maxHeaderBytes } from './answer.ts'
import { lowerCase } from './header-name.ts'
import { chunkBytes, invalidEof, type ParserEvents, parserOk, ResponseParser } from './llhttp.ts'
import type { HttpRequest } from './request.ts'

/**
 * Sends a request over HTTP/1.1 (RFC 9112), the only one on this connection, and tells `answer` what comes back. A body that is
 * expected to be asked for (100-continue) is held back until it is, and for part of the time that there is at most.
 */
export function dispatchHttp1(
  socket: Socket,
  request: HttpRequest,
  answer: Answer,
  { deadlineMs }: Pick<ProbeContext, 'deadlineMs'>,
): Disposable {
  return new Http1Exchange(socket, request, answer, deadlineMs)
}

// What may come besides the body: headers, and around each chunk its length and extensions (RFC 9112 7.1), which the parser
// skips without end. A body in chunks of one octet has six times its size of them.
const maxFraming = 1024 * 1024
// How long a body waits for 100 (Continue), which many servers never send (RFC 9110 10.1.1); curl waits as long.
const continueWaitMs = 1000
// What a line of the headers has besides name and value.
const lineBytes = ': \r\n'.length

const nothing: Buffer = Buffer.alloc(0)

class Http1Exchange implements ParserEvents, Dispatcher.DispatchController, Disposable {
  readonly #socket: Socket
  readonly #url: string
  readonly #isHead: boolean
  readonly #answer: Answer
  readonly #parser: ResponseParser
  #taking: Disposable | undefined
  #sendBody: (() => void) | undefined
  #waiting: NodeJS.Timeout | undefined
  #bytes = nothing
  // A field may come in several spans, as its bytes came.
  #field = ''
  #value = ''
  #inValue = false
  #headers: Record<string, string> = {}
  #headerBytes = 0
  // The same by what the fields hold: the headers' end, and more, may have come in one piece.
  #fieldBytes = 0
  #headersDone = false
  #received = 0
  #bodyBytes = 0
  #begun = false
  #reading = false
  #over = false

  readonly aborted = false
  readonly reason = null
  rawHeaders: null = null
  rawTrailers: null = null

  constructor(socket: Socket, request: HttpRequest, answer: Answer, deadlineMs: number) {
    this.#socket = socket
    this.#url = request.url.href
    this.#isHead = request.method === 'HEAD'
    this.#answer = answer
    this.#parser = new ResponseParser(this)
    socket.on('end', this.#onEnd).on('close', this.#onClose).on('error', this.#onError)
    // It may have ended, or failed, before anybody listened.
    if (socket.destroyed) {
      queueMicrotask(() => this.#onClose())
    } else {
      this.#send(request, deadlineMs)
      this.#taking = takeFrom(socket, this.#onData)
    }
  }

  /** Takes no more notice of the connection, which is the caller's to close. */
  [Symbol.dispose](): void {
    // Its listeners stay with the socket, and do nothing any more.
    this.#over = true
    clearTimeout(this.#waiting)
    this.#taking?.[Symbol.dispose]()
    if (!this.#reading) this.#parser.free()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  abort(error: Error): void {
    this.#answer.onResponseError(this, error)
  }

  get paused(): boolean {
    return this.#socket.isPaused()
  }

  #send(request: HttpRequest, deadlineMs: number): void {
    const { body, headers } = request
    const socket = this.#socket
    const head = requestHead(request)
    if (body === undefined) {
      socket.write(head, 'latin1')
    } else if (headers['expect'] !== undefined) {
      socket.write(head, 'latin1')
      this.#sendBody = () => void socket.write(body, () => this.#answer.onRequestSent())
      const waitMs = Math.max(0, Math.min(continueWaitMs, (deadlineMs - performance.now()) / 2))
      this.#waiting = setTimeout(() => this.#continue(), waitMs)
    } else {
      socket.cork()
      socket.write(head, 'latin1')
      socket.write(body, () => this.#answer.onRequestSent())
      socket.uncork()
    }
    this.#answer.onRequestSent()
  }

  /** Sends the body that was held back, once. */
  #continue(): void {
    clearTimeout(this.#waiting)
    const send = this.#sendBody
    this.#sendBody = undefined
    send?.()
  }

  readonly #onData = (chunk: Buffer, cameMs: number): boolean => {
    if (this.#over) return false
    if (!this.#begun) {
      this.#begun = true
      this.#answer.onResponseStarted(cameMs)
    }
    for (let at = 0; at < chunk.length && !this.#over; at += chunkBytes) {
      this.#read(chunk.length <= chunkBytes ? chunk : chunk.subarray(at, at + chunkBytes))
    }
    if (this.#over) this.#taking?.[Symbol.dispose]()
    return !this.#socket.isPaused()
  }

  #read(bytes: Buffer): void {
    this.#bytes = bytes
    this.#reading = true
    const result = this.#parser.execute(bytes)
    this.#reading = false
    if (this.#over) return this.#parser.free()
    if (result !== parserOk) return this.#fail(malformed(this.#url, this.#parser.reason))
    this.#received += bytes.length
    if (this.#headersDone) {
      if (this.#received - this.#bodyBytes > maxFraming + 16 * this.#bodyBytes) {
        this.#fail(malformed(this.#url, `${this.#received} bytes, of which ${this.#bodyBytes} were the body's`))
      }
      return
    }
    // Names without end are told by nobody until they end.
    this.#headerBytes += bytes.length
    if (this.#headerBytes > maxHeaderBytes) this.#overflow()
  }

  readonly #onEnd = (): void => {
    if (this.#over) return
    this.#reading = true
    const result = this.#parser.finish()
    this.#reading = false
    if (this.#over) return this.#parser.free()
    // A body that decodes is not over with its last byte.
    if (result === parserOk && this.#headersDone) return this.#answer.onResponseEnd()
    this.#fail(
      result === invalidEof || result === parserOk ? this.#closed() : malformed(this.#url, this.#parser.reason),
    )
  }

  readonly #onClose = (): void => {
    // After an end there is nothing to tell; without one the connection was cut short.
    if (!this.#over && !this.#socket.readableEnded) this.#fail(this.#closed())
  }

  readonly #onError = (error: Error): void => {
    if (!this.#over) this.#fail(error)
  }

  onHeaderField(from: number, to: number): void {
    if (this.#inValue) this.#keepHeader()
    this.#field += this.#bytes.toString('latin1', from, to)
    this.#trailerBound(to - from)
  }

  onHeaderValue(from: number, to: number): void {
    this.#inValue = true
    this.#value += this.#bytes.toString('latin1', from, to)
    this.#trailerBound(to - from)
  }

  onHeadersComplete(status: number): boolean {
    if (this.#inValue || this.#field !== '') this.#keepHeader()
    const headers = this.#headers
    this.#headers = {}
    // 100 unasked for, 103 and their like come before the answer (RFC 9110 15.2).
    if (this.#fieldBytes > maxHeaderBytes) {
      this.#overflow()
    } else if (status < 100) {
      this.#fail(malformed(this.#url, `the status ${status}`))
    } else if (status === 101) {
      this.#fail(malformed(this.#url, 'bad upgrade: 101, which nobody asked for'))
    } else if (status === 100) {
      this.#continue()
    } else if (status >= 200) {
      // A body that was held back is not wanted any more.
      clearTimeout(this.#waiting)
      this.#sendBody = undefined
      this.#headersDone = true
      this.#headerBytes = 0
      this.#answer.version = this.#parser.version
      this.#answer.begin(this, status, headers, this.#fieldBytes)
    }
    return this.#isHead
  }

  onBody(from: number, to: number): void {
    this.#bodyBytes += to - from
    if (!this.#over) this.#answer.onResponseData(this, this.#bytes.subarray(from, to))
  }

  onMessageComplete(): boolean {
    if (!this.#headersDone) return false
    if (!this.#over) this.#answer.onResponseEnd()
    // Whatever follows answers nothing that we asked.
    this.#over = true
    return true
  }

  #keepHeader(): void {
    const name = lowerCase(this.#field)
    // A server may name a header `constructor`, under which every object has something, if no text.
    const before: unknown = this.#headers[name]
    const value = this.#value.trimEnd()
    this.#fieldBytes += name.length + this.#value.length + lineBytes
    this.#headers[name] = typeof before === 'string' ? `${before}, ${value}` : value
    this.#field = ''
    this.#value = ''
    this.#inValue = false
  }

  /** Trailers are read and let go of; they have the same bound as headers. */
  #trailerBound(bytes: number): void {
    if (!this.#headersDone) return
    this.#headerBytes += bytes
    if (this.#headerBytes > maxHeaderBytes) this.#overflow()
  }

  #overflow(): void {
    const text = `the headers of ${this.#url} are larger than 32 KiB`
    this.#fail(new TargetFailure('http_header_overflow', text, { seen: { url: this.#url } }))
  }

  #closed(): TargetFailure {
    const { status, bodyBytes } = this.#answer
    const came = status === undefined ? 'before the headers were complete' : `after ${bodyBytes} bytes of the body`
    return new TargetFailure('http_closed', `${this.#url} closed the connection ${came}`, { seen: { url: this.#url } })
  }

  #fail(error: Error): void {
    this.#over = true
    this.#answer.onResponseError(this, error)
  }
}

function malformed(url: string, reason: string): TargetFailure {
  return new TargetFailure('http_malformed', `${url}: what came does not match the HTTP/1.1 protocol (${reason})`, {
    seen: { url, reason },
  })
}

const withBody = new Set(['POST', 'PUT', 'PATCH'])

/** The request line and the headers, to their empty line. Names and values were found to hold no line breaks. */
const requestHead = onceFor(({ method, url, headers, body }: HttpRequest): string => {
  let head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${headers['host'] ?? url.host}\r\nconnection: close\r\n`
  for (const name in headers) if (name !== 'host') head += `${name}: ${headers[name]}\r\n`
  if (body !== undefined) head += `content-length: ${Buffer.byteLength(body)}\r\n`
  else if (withBody.has(method)) head += 'content-length: 0\r\n'
  return `${head}\r\n`
})
