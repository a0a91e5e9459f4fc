import type { HttpCheck, HttpFacts } from '@sonde/core'
import type { Dispatcher } from 'undici'
import { abortError, onAbort, TargetFailure } from '../failure.ts'
import { addPhase, type Observation, type ProbeContext } from '../kind.ts'
import type { StopSignal } from '../stop.ts'
import { BodyReader } from './body.ts'
import { decodeText } from './charset.ts'
import { isRedirect } from './redirect.ts'
import type { HttpRequest } from './request.ts'

export type HttpResponse = { status: number; headers: Record<string, string> }
export type AnswerOptions = Pick<HttpCheck['http'], 'maxBodyBytes' | 'followRedirects'> & {
  /** Whether an assertion wants to see the body; else it is counted and let go. */
  keepBody: boolean
}

/** What counts as the headers of an answer, names and values; larger ones are refused. */
export const maxHeaderBytes = 32 * 1024

/**
 * Receives one answer from undici: notes ttfb and transfer, writes the http facts as they come, and settles once, with the
 * response or with whatever went wrong. The body of an answer that will be redirected is not read.
 */
export class Answer implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest
  readonly #options: AnswerOptions
  readonly #seen: Observation
  readonly #signal: StopSignal
  readonly #listening: Disposable
  readonly #settled = Promise.withResolvers<HttpResponse>()
  /** As the result tells it: 2, 1.1 or 1.0. Known before the headers are. */
  version = '1.1'
  #sentMs = performance.now()
  #firstByteMs: number | undefined
  #response: HttpResponse | undefined
  #body: BodyReader | undefined
  #over = false

  constructor(request: HttpRequest, options: AnswerOptions, seen: Observation, { signal }: ProbeContext) {
    this.#request = request
    this.#options = options
    this.#seen = seen
    this.#signal = signal
    this.#listening = onAbort(signal, () => this.#fail(this.#timeout()))
  }

  /** The response once it is complete; rejects with `TargetFailure`, or with the error of undici or the socket as it came. */
  get settled(): Promise<HttpResponse> {
    return this.#settled.promise
  }

  get status(): number | undefined {
    return this.#response?.status
  }

  get bodyBytes(): number {
    return this.#body?.bytes ?? 0
  }

  // undici takes nothing for a handler that lacks this one.
  onRequestStart(): void {}

  /** The request's last byte was written; ttfb counts from here. */
  onRequestSent(): void {
    if (this.#firstByteMs === undefined) this.#sentMs = performance.now()
  }

  onResponseStarted(cameMs = performance.now()): void {
    this.#firstByteMs ??= cameMs
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    incoming: Record<string, string | string[] | undefined>,
  ): void {
    // 103 and its like come before the answer (RFC 9110 15.2).
    if (this.#over || status < 200) return
    const { headers, bytes } = flattened(incoming)
    this.begin(controller, status, headers, bytes)
  }

  /** The headers are complete, and so many bytes with their names. */
  begin(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string>,
    bytes: number,
  ): void {
    if (this.#over) return
    this.#response = { status, headers }
    this.#body = new BodyReader(
      {
        maxBytes: this.#options.maxBodyBytes,
        keep: this.#options.keepBody,
        contentEncoding: headers['content-encoding'],
      },
      {
        onFull: () => this.#finish(),
        onEnd: () => this.#finish(),
        onFailure: (failure) => this.#fail(failure),
        onBusy: () => controller.pause(),
        onDrain: () => controller.resume(),
      },
    )
    this.#noteFacts()
    if (bytes > maxHeaderBytes) {
      const text = `the headers of ${this.#request.url.href} are larger than 32 KiB`
      this.#fail(new TargetFailure('http_header_overflow', text, { seen: { url: this.#request.url.href } }))
    } else if (this.#options.followRedirects && isRedirect(status)) {
      this.#finish()
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over) this.#body?.write(chunk)
  }

  onResponseEnd(): void {
    if (!this.#over) this.#body?.end()
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(error)
  }

  #finish(): void {
    const response = this.#response
    if (response === undefined) return this.#fail(new Error('an answer ended before it began'))
    this.#end(() => this.#settled.resolve(response))
  }

  #fail(error: unknown): void {
    this.#end(() => this.#settled.reject(error))
  }

  #end(settle: () => void): void {
    if (this.#over) return
    this.#over = true
    this.#listening[Symbol.dispose]()
    const nowMs = performance.now()
    addPhase(this.#seen, 'ttfbMs', (this.#firstByteMs ?? nowMs) - this.#sentMs)
    if (this.#firstByteMs !== undefined) addPhase(this.#seen, 'transferMs', nowMs - this.#firstByteMs)
    if (this.#response !== undefined) this.#noteFacts()
    this.#body?.destroy()
    settle()
  }

  #noteFacts(): void {
    const { facts } = this.#seen
    const { status, headers } = this.#response as HttpResponse
    facts.http = {
      status,
      version: this.version,
      redirects: this.#request.redirects,
      headers,
      bodyBytes: this.bodyBytes,
      bodyTruncated: this.#body?.truncated ?? false,
      finalUrl: this.#request.url.href,
    } satisfies HttpFacts
    if (this.#options.keepBody && this.#over) {
      facts.body = decodeText(this.#body?.content() ?? Buffer.alloc(0), headers['content-type'])
    }
  }

  #timeout(): unknown {
    const { method, url } = this.#request
    const response = this.#response
    return response === undefined
      ? abortError(
          this.#signal,
          'http_timeout',
          (timeout) => `${method} ${url.href} was sent and no complete headers came back within ${timeout}`,
          { url: url.href },
        )
      : abortError(
          this.#signal,
          'http_body_timeout',
          (timeout) =>
            `${url.href} answered ${response.status}, and ${this.bodyBytes} bytes of the body came within ${timeout}`,
          { url: url.href, status: response.status },
        )
  }
}

function flattened(incoming: Record<string, string | string[] | undefined>): {
  headers: Record<string, string>
  bytes: number
} {
  const headers: Record<string, string> = {}
  let bytes = 0
  for (const name in incoming) {
    const value = incoming[name]
    const text = Array.isArray(value) ? value.join(', ') : (value ?? '')
    headers[name] = text
    bytes += name.length + text.length
  }
  return { headers, bytes }
}
