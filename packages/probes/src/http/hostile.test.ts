import type { Socket } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { startTcpServer } from '@sonde/testkit/targets'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { probeHttp } from '../probe.fixture.ts'

const timeoutMs = 300
// The deadline is kept far closer than this; a machine that runs other tests besides may be late.
const slackMs = 400

/** Sends the same again and again, as fast as it is taken. */
function endless(socket: Socket, start: string, again: Buffer): void {
  socket.write(start, 'latin1')
  const more = (): void => {
    while (!socket.destroyed && socket.write(again));
  }
  socket.on('drain', more)
  more()
}

/** Sends a little every few milliseconds, and never ends. */
function drip(socket: Socket, start: string, again: string): void {
  socket.write(start, 'latin1')
  const timer = setInterval(() => socket.write(again, 'latin1'), 5)
  socket.once('close', () => clearInterval(timer))
}

const ok = 'HTTP/1.1 200 OK\r\n'
const zeros = Buffer.alloc(64 * 1024 * 1024)
const gzipBomb = gzipSync(zeros)
const brotliBomb = brotliCompressSync(zeros)
const bomb = (coding: string, body: Buffer) => (socket: Socket) => {
  socket.write(`${ok}content-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`)
  socket.write(body)
}
const block = Buffer.alloc(64 * 1024, 'x')

type Hostile = { behave: (socket: Socket) => void; code: string | null }
const hostile: Record<string, Hostile> = {
  'says nothing': { behave: () => {}, code: 'http_timeout' },
  'drips a header': { behave: (socket) => drip(socket, ok, 'a'), code: 'http_timeout' },
  'drips headers': { behave: (socket) => drip(socket, ok, 'x-a: b\r\n'), code: 'http_timeout' },
  'drips a body': { behave: (socket) => drip(socket, `${ok}\r\n`, 'x'), code: 'http_body_timeout' },
  'drips a chunk extension': {
    behave: (socket) => drip(socket, `${ok}transfer-encoding: chunked\r\n\r\n4`, ';a=b'),
    code: 'http_body_timeout',
  },
  'sends a header without end': {
    behave: (socket) => endless(socket, `${ok}x-a: `, block),
    code: 'http_header_overflow',
  },
  'sends a chunk extension without end': {
    behave: (socket) => endless(socket, `${ok}transfer-encoding: chunked\r\n\r\n4;`, block),
    code: 'http_body_timeout',
  },
  'sends hints without end': {
    behave: (socket) => endless(socket, '', Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000))),
    code: 'http_header_overflow',
  },
  'sends a body without end': { behave: (socket) => endless(socket, `${ok}\r\n`, block), code: null },
  'sends a gzip bomb': { behave: bomb('gzip', gzipBomb), code: null },
  'sends a brotli bomb': { behave: bomb('br', brotliBomb), code: null },
  'sends a bomb in a bomb': { behave: bomb('gzip, gzip', gzipSync(gzipBomb)), code: null },
  'sends garbage without end': {
    behave: (socket) => endless(socket, '', Buffer.alloc(64 * 1024, 0xff)),
    code: 'http_malformed',
  },
}

async function probeHostile({ behave }: Hostile) {
  await using server = await startTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => behave(socket))
  })
  return await probeHttp(`http://127.0.0.1:${server.port}/`, {}, { timeout: `${timeoutMs}ms` })
}

test.each(Object.entries(hostile))('keeps the deadline and the bounds with a server that %s', async (_, one) => {
  const result = await probeHostile(one)
  expect(result.error?.code ?? null).toBe(one.code)
  expect(result.http?.bodyBytes ?? 0).toBeLessThanOrEqual(1024 * 1024)
  expect(result.durationMs).toBeLessThan(timeoutMs + slackMs)
})

test('memory stays flat under a thousand hostile targets at once', async () => {
  const kinds = Object.values(hostile)
  await using server = await startTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (request) => {
      const [, index = '0'] = /^GET \/(\d+)/.exec(request.toString('latin1')) ?? []
      kinds[Number(index) % kinds.length]?.behave(socket)
    })
  })
  const attack = async (): Promise<number> => {
    const probes = Array.from({ length: 1000 }, (_, index) => {
      return probeHttp(`http://127.0.0.1:${server.port}/${index}`, { maxBodyBytes: 64 * 1024 }, { timeout: '3s' })
    })
    const results = await Promise.all(probes)
    expect(results.every(({ outcome }) => outcome === 'up' || outcome === 'down')).toBe(true)
    const { heapUsed, external } = process.memoryUsage()
    return (heapUsed + external) / 1024 / 1024
  }
  // The first time fills what stays: compiled code, buffers that are used again.
  await attack()
  const before = await attack()
  const after = await attack()
  expect(after - before).toBeLessThan(100)
})

const line = fc.oneof(
  fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.0 200 OK\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 301 Moved\r\nlocation: \r\n',
    'content-length: 5\r\n',
    'content-length: 99999999999999999999\r\n',
    'transfer-encoding: chunked\r\n',
    'transfer-encoding: gzip, chunked\r\n',
    'content-encoding: gzip\r\n',
    'content-encoding: br, zstd\r\n',
    'content-type: text/plain; charset=x\r\n',
    'upgrade: h2c\r\nconnection: upgrade\r\n',
    '\r\n',
    '5\r\nhello\r\n',
    'ffffffffffffffff\r\n',
    '0\r\n\r\n',
    '\0',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

test('no sequence of bytes makes it crash, hang or tell anything but what it knows', async () => {
  let answer = ''
  let cutAt = 0
  await using server = await startTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      const bytes = Buffer.from(answer, 'latin1')
      socket.write(bytes.subarray(0, cutAt))
      setImmediate(() => socket.end(bytes.subarray(cutAt)))
    })
  })
  const answers = fc.tuple(fc.array(line, { maxLength: 8 }), fc.nat(40), fc.boolean())
  await fc.assert(
    fc.asyncProperty(answers, async ([lines, cut, valid]) => {
      answer = (valid ? 'HTTP/1.1 200 OK\r\n' : '') + lines.join('')
      cutAt = cut
      const assertions = [{ source: 'body', op: 'exists' }]
      const result = await probeHttp(`http://127.0.0.1:${server.port}/`, {}, { timeout: '2s', assertions })
      expect(result.error?.code ?? 'up').toMatch(
        /^(?:up|assertion_failed|http_(?:status|closed|reset|malformed|decode|bad_redirect|too_many_redirects|header_overflow))$/,
      )
    }),
    { numRuns: 400 },
  )
})
