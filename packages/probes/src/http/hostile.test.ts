import { httpMisdeeds, type Misdeed, startTcpServer } from '@sonde/testkit/targets'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { probeHttp } from '../probe.fixture.ts'

const timeoutMs = 300
// The deadline is kept far closer than this; a machine that runs other tests besides may be late.
const slackMs = 400

const misdeeds = httpMisdeeds()
const codes: Record<string, string | null> = {
  'says nothing': 'http_timeout',
  'drips a header': 'http_timeout',
  'drips headers': 'http_timeout',
  'drips a body': 'http_body_timeout',
  'drips a chunk extension': 'http_body_timeout',
  'sends a header without end': 'http_header_overflow',
  'sends a chunk extension without end': 'http_malformed',
  'sends hints without end': 'http_header_overflow',
  'sends a body without end': null,
  'sends a gzip bomb': null,
  'sends a brotli bomb': null,
  'sends a bomb in a bomb': null,
  'sends garbage without end': 'http_malformed',
}

async function probeHostile(misdeed: Misdeed) {
  await using server = await startTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => misdeed(socket))
  })
  return await probeHttp(`http://127.0.0.1:${server.port}/`, {}, { timeout: `${timeoutMs}ms` })
}

test.each(Object.entries(misdeeds))(
  'keeps the deadline and the bounds with a server that %s',
  async (name, misdeed) => {
    const result = await probeHostile(misdeed)
    expect(result.error?.code ?? null).toBe(codes[name])
    expect(result.http?.bodyBytes ?? 0).toBeLessThanOrEqual(1024 * 1024)
    expect(result.durationMs).toBeLessThan(timeoutMs + slackMs)
  },
)

test('memory stays flat under a thousand hostile targets at once', async () => {
  const kinds = Object.values(misdeeds)
  await using server = await startTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (request) => {
      const [, index = '0'] = /^GET \/(\d+)/.exec(request.toString('latin1')) ?? []
      kinds[Number(index) % kinds.length]?.(socket)
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
