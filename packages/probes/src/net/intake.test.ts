import { gzipSync } from 'node:zlib'
import { Authority, startHttpServer, startTcpServer, startTlsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeHttp } from '../probe.fixture.ts'

const root = await Authority.create()
const leaf = await root.issue()

test.each([
  ['http', {}],
  ['https', { tls: leaf }],
])('what a server sends over many connections of %s at once is not mixed up, decoded or not', async (_, secured) => {
  const bodyOf = (path: string): string => path.repeat(8000 / path.length)
  await using server = await startHttpServer(({ path }, response) => {
    const isPacked = /[02468]$/.test(path)
    response.writeHead(200, isPacked ? { 'content-encoding': 'gzip' } : {})
    // Without compression, a mixed-up body would still decode.
    response.end(isPacked ? gzipSync(bodyOf(path), { level: 0 }) : bodyOf(path))
  }, secured)
  const paths = Array.from({ length: 40 }, (_, index) => `/number-${index}`)
  const results = await Promise.all(
    paths.map((path) => {
      const assertions = [{ source: 'body', op: 'eq', value: bodyOf(path) }]
      return probeHttp(`${server.url}${path}`, { tls: { caPem: root.cert } }, { timeout: '9s', assertions })
    }),
  )
  expect(results.filter(({ outcome }) => outcome !== 'up')).toEqual([])
})

test('an answer that comes before its question is still an answer', async () => {
  const answer = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 4\r\n\r\nlate'
  await using server = await startTcpServer((socket) => void socket.on('error', () => {}).end(answer))
  const assertions = [{ source: 'body', op: 'eq', value: 'late' }]
  expect(await probeHttp(`http://127.0.0.1:${server.port}/`, {}, { assertions })).toMatchObject({
    error: { code: 'http_status' },
    http: { status: 408, bodyBytes: 4 },
    assertions: [{ ok: true }],
  })
})

test('frames of HTTP/2 that come with the end of the handshake are not lost', async () => {
  const settings = Buffer.from('000000040000000000', 'hex')
  const answer = Buffer.from('00000101050000000188', 'hex')
  // In TLS 1.2 the server has the last word of the handshake, and what follows may come in the same packet.
  await using server = await startTlsServer({ ...leaf, ALPNProtocols: ['h2'], maxVersion: 'TLSv1.2' }, (socket) => {
    socket.write(settings)
    socket.once('data', () => setTimeout(() => socket.write(answer), 20))
  })
  for (const _ of [1, 2, 3]) {
    const result = await probeHttp(`https://127.0.0.1:${server.port}/`, { tls: { caPem: root.cert } })
    expect(result).toMatchObject({ outcome: 'up', error: null, http: { status: 200, version: '2' } })
  }
})
