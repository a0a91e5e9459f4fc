import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import type { TargetFailure } from '../failure.ts'
import { BodyReader } from './body.ts'

type Read = { text: string; truncated: boolean; failure?: TargetFailure }

function read(
  content: Buffer,
  contentEncoding: string | undefined,
  maxBytes = 1_000_000,
  chunkBytes = 7,
): Promise<Read> {
  return new Promise((resolve) => {
    const done = (failure?: TargetFailure): void =>
      resolve({ text: reader.content().toString(), truncated: reader.truncated, ...(failure && { failure }) })
    const events = { onFull: done, onEnd: done, onFailure: done, onBusy: () => {}, onDrain: () => {} }
    const reader = new BodyReader({ maxBytes, keep: true, contentEncoding }, events)
    for (let at = 0; at < content.length; at += chunkBytes) reader.write(content.subarray(at, at + chunkBytes))
    reader.end()
  })
}

const text = 'what the server said, at some length. '.repeat(20)

test.each([
  [undefined, Buffer.from(text)],
  ['identity', Buffer.from(text)],
  ['gzip', zlib.gzipSync(text)],
  ['x-gzip', zlib.gzipSync(text)],
  ['br', zlib.brotliCompressSync(text)],
  ['zstd', zlib.zstdCompressSync(text)],
  ['deflate', zlib.deflateSync(text)],
  ['deflate', zlib.deflateRawSync(text)],
  ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(text))],
  ['GZIP', zlib.gzipSync(text)],
  ['aws-chunked', Buffer.from(text)],
])('undoes %s', async (coding, content) => {
  expect(await read(content, coding)).toEqual({ text, truncated: false })
})

test.each([1, 7, 30, 1_000_000])(
  'undoes frames of zstd that follow one another, %d bytes at a time',
  async (chunkBytes) => {
    const frames = ['one, ', '', 'two, ', 'x'.repeat(300_000), 'three'].map((part) => zlib.zstdCompressSync(part))
    const whole = `one, two, ${'x'.repeat(300_000)}three`
    expect(await read(Buffer.concat(frames), 'zstd', 1_000_000, chunkBytes)).toEqual({ text: whole, truncated: false })
    expect(await read(Buffer.concat(frames), 'zstd', 8, chunkBytes)).toEqual({ text: 'one, two', truncated: true })
    const cut = await read(Buffer.concat(frames).subarray(0, -3), 'zstd', 1_000_000, chunkBytes)
    expect(cut.failure).toMatchObject({ code: 'http_decode' })
  },
)

test.each(['gzip', 'br', undefined])('cuts at the cap after undoing %s', async (coding) => {
  const content = { gzip: zlib.gzipSync(text), br: zlib.brotliCompressSync(text) }[coding ?? ''] ?? Buffer.from(text)
  expect(await read(content, coding, 100)).toEqual({ text: text.slice(0, 100), truncated: true })
  expect(await read(content, coding, text.length)).toEqual({ text, truncated: false })
})

test.each(['gzip', 'br', 'zstd', 'deflate'])('tells a body that is not %s', async (coding) => {
  const { failure } = await read(Buffer.from('<html>not compressed</html>'), coding)
  expect(failure).toMatchObject({
    code: 'http_decode',
    message: expect.stringContaining(`does not decode as ${coding}`),
  })
})

test('tells a compressed body that ends too early', async () => {
  const { failure } = await read(zlib.gzipSync(text).subarray(0, 40), 'gzip')
  expect(failure).toMatchObject({ code: 'http_decode', message: expect.stringContaining('unexpected end of file') })
})

test('takes an empty body for what it is, whatever it was declared as', async () => {
  expect(await read(Buffer.alloc(0), 'gzip')).toEqual({ text: '', truncated: false })
})
