import { createRequire } from 'node:module'

// undici's own parser, by the file in which it keeps it: Node's llhttp, compiled to WebAssembly. Its Client hides what a monitor
// must tell (the minor version, answers of 100) and makes two errors with stack traces for every connection that it closes.
const load = createRequire(import.meta.url)

// Of WebAssembly's interface what is used here; TypeScript has it only among the browser's types.
declare const WebAssembly: {
  Module: new (code: Buffer) => object
  Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { exports: unknown }
}

type Pointer = number
type Exports = {
  memory: { buffer: ArrayBuffer }
  malloc(bytes: number): Pointer
  llhttp_alloc(type: number): Pointer
  llhttp_free(parser: Pointer): void
  llhttp_reset(parser: Pointer): void
  llhttp_set_lenient_optional_cr_before_lf(parser: Pointer, enabled: number): void
  llhttp_set_lenient_spaces_after_chunk_size(parser: Pointer, enabled: number): void
  llhttp_execute(parser: Pointer, data: Pointer, length: number): number
  llhttp_finish(parser: Pointer): number
  llhttp_get_error_reason(parser: Pointer): Pointer
  llhttp_get_http_major(parser: Pointer): number
  llhttp_get_http_minor(parser: Pointer): number
}

const responses = 2
export const parserOk = 0
export const invalidEof = 14
export const userStop = 24
export const chunkBytes = 64 * 1024

/** What the parser tells of an answer as it reads; spans point into the bytes that are being read. */
export type ParserEvents = {
  onHeaderField(from: number, to: number): void
  onHeaderValue(from: number, to: number): void
  /** True when no body follows whatever the headers say. */
  onHeadersComplete(status: number): boolean
  onBody(from: number, to: number): void
  /** True when nothing after this message is of interest. */
  onMessageComplete(): boolean
}

let current: ParserEvents | undefined
let exported: Exports | undefined
let buffer: Pointer = 0
let view = new Uint8Array(0)

/** Compiles the parser on first use, which takes some milliseconds. */
function parser(): Exports {
  if (exported !== undefined) return exported
  const module = new WebAssembly.Module(load('undici/lib/llhttp/llhttp_simd-wasm.js') as Buffer)
  const ignore = (): number => 0
  const env = {
    wasm_on_url: ignore,
    wasm_on_status: ignore,
    wasm_on_message_begin: ignore,
    wasm_on_header_field: (_: Pointer, at: Pointer, length: number) => {
      current?.onHeaderField(at - buffer, at - buffer + length)
      return 0
    },
    wasm_on_header_value: (_: Pointer, at: Pointer, length: number) => {
      current?.onHeaderValue(at - buffer, at - buffer + length)
      return 0
    },
    wasm_on_headers_complete: (_: Pointer, status: number) => (current?.onHeadersComplete(status) === true ? 1 : 0),
    wasm_on_body: (_: Pointer, at: Pointer, length: number) => {
      current?.onBody(at - buffer, at - buffer + length)
      return 0
    },
    wasm_on_message_complete: () => (current?.onMessageComplete() === true ? userStop : 0),
  }
  const made = new WebAssembly.Instance(module, { env }).exports as Exports
  buffer = made.malloc(chunkBytes)
  exported = made
  return made
}

/** Loads the parser now rather than with the first probe. */
export function warmUpParser(): void {
  parser()
}

// Those of answers that are over. What makes one and lets go of it runs once a probe, so that it is never compiled well.
const unused: Pointer[] = []
const maxUnused = 64

/** One HTTP/1 answer's parser. It holds memory outside the heap: `free` it. */
export class ResponseParser {
  readonly #events: ParserEvents
  readonly #wasm = parser()
  #pointer: Pointer

  constructor(events: ParserEvents) {
    this.#events = events
    const before = unused.pop()
    if (before !== undefined) {
      // All but the leniency is forgotten.
      this.#wasm.llhttp_reset(before)
      this.#pointer = before
      return
    }
    this.#pointer = this.#wasm.llhttp_alloc(responses)
    // Old servers and devices end lines with LF alone (RFC 9112 2.2 lets a client take that), and pad the sizes of chunks. All
    // browsers read them, and there is no second answer on this connection that could be smuggled in.
    this.#wasm.llhttp_set_lenient_optional_cr_before_lf(this.#pointer, 1)
    this.#wasm.llhttp_set_lenient_spaces_after_chunk_size(this.#pointer, 1)
  }

  /** Reads at most 64 KiB; returns 0, or llhttp's number for what is wrong. */
  execute(bytes: Uint8Array): number {
    const { memory } = this.#wasm
    // Memory that has grown is another buffer.
    if (view.buffer !== memory.buffer) view = new Uint8Array(memory.buffer, buffer, chunkBytes)
    view.set(bytes)
    current = this.#events
    try {
      return this.#wasm.llhttp_execute(this.#pointer, buffer, bytes.length)
    } finally {
      current = undefined
    }
  }

  /** The connection has ended; returns as `execute`. */
  finish(): number {
    current = this.#events
    try {
      return this.#wasm.llhttp_finish(this.#pointer)
    } finally {
      current = undefined
    }
  }

  /** What is wrong, in llhttp's words. */
  get reason(): string {
    const at = this.#wasm.llhttp_get_error_reason(this.#pointer)
    const bytes = new Uint8Array(this.#wasm.memory.buffer, at)
    return at === 0 ? 'unknown' : Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString('latin1')
  }

  /** The version of the status line, such as `1.0`. */
  get version(): string {
    return `${this.#wasm.llhttp_get_http_major(this.#pointer)}.${this.#wasm.llhttp_get_http_minor(this.#pointer)}`
  }

  free(): void {
    if (this.#pointer === 0) return
    if (unused.length < maxUnused) unused.push(this.#pointer)
    else this.#wasm.llhttp_free(this.#pointer)
    this.#pointer = 0
  }
}
