import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { messageOf, TargetFailure } from '../failure.ts'
import { ZstdFrames } from './zstd.ts'

/** What a body reader tells as it reads. */
export type BodyEvents = {
  /** The cap is reached; nothing more is wanted. */
  onFull(): void
  /** Everything was written and decoded. */
  onEnd(): void
  /** The body is not what Content-Encoding says. */
  onFailure(failure: TargetFailure): void
  /** The decoder is behind; call `onDrain` when it has caught up. */
  onBusy(): void
  onDrain(): void
}

// More than any server applies; a longer list is an attack or a mistake.
const maxCodings = 4

/**
 * Takes a body as it comes off the wire, undoes its Content-Encoding (RFC 9110 8.4) and keeps at most `maxBytes` of what comes
 * out, so that a small answer which unfolds to gigabytes costs no more than a large one. Codings that we do not know are
 * passed on as they are.
 */
export class BodyReader {
  readonly #maxBytes: number
  readonly #events: BodyEvents
  readonly #contentEncoding: string | undefined
  #decoders: Transform[] | undefined
  #chunks: Buffer[] | undefined
  #bytes = 0
  #truncated = false
  #done = false

  constructor(options: { maxBytes: number; keep: boolean; contentEncoding: string | undefined }, events: BodyEvents) {
    this.#maxBytes = options.maxBytes
    this.#contentEncoding = options.contentEncoding
    this.#events = events
    this.#chunks = options.keep ? [] : undefined
  }

  /** Bytes kept, after decoding. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether there was more than `maxBytes`. */
  get truncated(): boolean {
    return this.#truncated
  }

  content(): Buffer {
    return Buffer.concat(this.#chunks ?? [])
  }

  write(chunk: Buffer): void {
    if (this.#done) return
    this.#decoders ??= this.#openDecoders(chunk)
    const [first] = this.#decoders
    if (first === undefined) this.#take(chunk)
    // A decoder keeps what it is given, and the buffer is the socket's.
    else if (!first.write(Buffer.from(chunk))) this.#events.onBusy()
  }

  end(): void {
    // A body without a single byte needs no decoding, whatever it was declared as.
    const [first] = this.#decoders ?? []
    if (first === undefined) this.#finish()
    else if (!this.#done) first.end()
  }

  destroy(): void {
    this.#done = true
    for (const decoder of this.#decoders ?? []) decoder.destroy()
  }

  #openDecoders(firstChunk: Buffer): Transform[] {
    const decoders = decodersFor(this.#contentEncoding, firstChunk)
    for (const [index, decoder] of decoders.entries()) {
      const next = decoders[index + 1]
      if (next !== undefined) decoder.pipe(next)
      decoder.on('error', (error) => this.#fail(error))
    }
    decoders[0]?.on('drain', () => this.#events.onDrain())
    decoders.at(-1)?.on('data', (chunk: Buffer) => this.#take(chunk))
    decoders.at(-1)?.on('end', () => this.#finish())
    return decoders
  }

  #take(chunk: Buffer): void {
    if (this.#done) return
    const room = this.#maxBytes - this.#bytes
    const kept = chunk.length <= room ? chunk : chunk.subarray(0, room)
    // The buffer is the parser's, and gone after this call.
    if (kept.length > 0) this.#chunks?.push(Buffer.from(kept))
    this.#bytes += kept.length
    if (chunk.length <= room) return
    this.#truncated = true
    this.destroy()
    this.#events.onFull()
  }

  #finish(): void {
    if (this.#done) return
    this.#done = true
    this.#events.onEnd()
  }

  #fail(error: Error): void {
    if (this.#done) return
    this.destroy()
    const text = `the body does not decode as ${this.#contentEncoding}: ${messageOf(error)} (${this.#bytes} bytes decoded before)`
    this.#events.onFailure(
      new TargetFailure('http_decode', text, { cause: error, seen: { encoding: this.#contentEncoding ?? 'none' } }),
    )
  }
}

/** The decoders for a Content-Encoding, in the order in which to apply them: the last one named was applied last. */
function decodersFor(contentEncoding: string | undefined, firstChunk: Buffer): Transform[] {
  if (contentEncoding === undefined) return []
  const codings = contentEncoding.split(',').map((one) => one.trim().toLowerCase())
  const named = codings.filter((one) => one !== '' && one !== 'identity')
  if (named.length > maxCodings) return []
  const decoders = named.reverse().map((coding) => decoderFor(coding, firstChunk))
  return decoders.every((decoder) => decoder !== undefined) ? decoders : []
}

function decoderFor(coding: string, firstChunk: Buffer): Transform | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip()
    case 'br':
      return zlib.createBrotliDecompress()
    case 'zstd':
      return new ZstdFrames()
    case 'deflate':
      // Means zlib's format (RFC 9110 8.4.1.2), whose first octet ends in 8; some servers send the bare deflate stream.
      return ((firstChunk[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw()
    default:
      return undefined
  }
}
