import { Transform, type TransformCallback } from 'node:stream'
import zlib from 'node:zlib'

type Decoder = ReturnType<typeof zlib.createZstdDecompress>

/**
 * Undoes zstd (RFC 8878), of which any number of frames may follow one another. Node's own decoder stops after the first when
 * the next begins in the same piece, and says nothing of what it leaves out.
 */
export class ZstdFrames extends Transform {
  #decoder: Decoder | undefined
  #given = 0

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#undo(chunk, done)
  }

  #undo(chunk: Buffer, done: TransformCallback): void {
    const decoder = (this.#decoder ??= this.#open())
    this.#given += chunk.length
    decoder.write(chunk, (error) => {
      // An error is told as it is emitted.
      if (error != null) return
      const left = this.#given - decoder.bytesWritten
      if (left === 0) return done()
      // All that it made of the frame comes before what the next one holds.
      whenEnded(decoder, () => {
        this.#decoder = undefined
        this.#undo(chunk.subarray(chunk.length - left), done)
      })
    })
  }

  override _flush(done: TransformCallback): void {
    const decoder = this.#decoder
    if (decoder === undefined) return done()
    whenEnded(decoder, done)
    decoder.end()
  }

  /** Asked for by whoever takes what comes out, after a pause too. */
  override read(size?: number): unknown {
    this.#decoder?.resume()
    return super.read(size)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#decoder?.destroy()
    done(error)
  }

  #open(): Decoder {
    this.#given = 0
    const decoder = zlib.createZstdDecompress()
    decoder.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) decoder.pause()
    })
    return decoder.on('error', (error) => this.destroy(error))
  }
}

function whenEnded(decoder: Decoder, then: () => void): void {
  if (decoder.readableEnded) then()
  else decoder.once('end', then)
}
