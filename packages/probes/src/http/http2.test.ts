import { once } from 'node:events'
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Authority } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeHttp } from '../probe.fixture.ts'

const root = await Authority.create()
const leaf = await root.issue()
const trusted = { tls: { caPem: root.cert } }

/** An HTTP/2 server that does as it is told with each session and stream. */
async function startHttp2Server(onStream: (stream: ServerHttp2Stream, session: ServerHttp2Session) => void) {
  const sessions = new Set<ServerHttp2Session>()
  const server: Http2SecureServer = createSecureServer(leaf)
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => {})
  })
  server.on('stream', (stream) => {
    stream.on('error', () => {})
    if (stream.session !== undefined) onStream(stream, stream.session as ServerHttp2Session)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) session.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

test.each([
  ['after', true],
  ['before', false],
])('takes the answer of a server that sends GOAWAY right %s it', async (_, after) => {
  await using server = await startHttp2Server((stream, session) => {
    if (!after) session.goaway()
    stream.respond({ ':status': 200, 'x-a': 'b' })
    stream.end('hello')
    if (after) session.goaway()
  })
  expect(await probeHttp(server.url, trusted)).toMatchObject({
    outcome: 'up',
    http: { status: 200, version: '2', headers: { 'x-a': 'b' }, bodyBytes: 5 },
  })
})

test('takes informational answers, and an answer without a body', async () => {
  await using server = await startHttp2Server((stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</a>' })
    stream.respond({ ':status': 204 }, { endStream: true })
  })
  const result = await probeHttp(server.url, trusted)
  expect(result).toMatchObject({ outcome: 'up', http: { status: 204, version: '2', bodyBytes: 0 } })
  expect(result.http?.headers).not.toHaveProperty('link')
})

test('tells an answer of more lines of headers than are taken as that, and not as a reset', async () => {
  await using server = await startHttp2Server((stream) => {
    const lines = Array.from({ length: 200 }, (_, index) => [`x-${index}`, 'y'])
    stream.respond({ ':status': 200, ...Object.fromEntries(lines) }, { endStream: true })
  })
  const result = await probeHttp(server.url, trusted)
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'http_header_overflow' } })
  expect(result.error?.cause).toContain('(128 lines over HTTP/2)')
})

test('a body goes at once, as servers of HTTP/2 need not answer an expectation', async () => {
  const bodies: string[] = []
  await using server = await startHttp2Server((stream) => {
    stream.setEncoding('utf8').on('data', (text: string) => bodies.push(text))
    stream.on('end', () => stream.respond({ ':status': 204 }, { endStream: true }))
  })
  const result = await probeHttp(server.url, {
    ...trusted,
    method: 'PUT',
    body: 'x',
    headers: { expect: '100-continue' },
  })
  expect(result).toMatchObject({ outcome: 'up', http: { status: 204, version: '2' } })
  expect(bodies).toEqual(['x'])
})

test('a server that refuses the protocol that is demanded does not speak that version', async () => {
  await using server = await startHttp2Server(() => {})
  const result = await probeHttp(server.url, { ...trusted, httpVersion: '1.1' })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'http_version', phase: 'http' } })
  expect(result.error?.cause).toContain('(HTTP/1.1)')
})

test('cuts a body without end at the cap, and tells one that stalls', async () => {
  await using server = await startHttp2Server((stream) => {
    stream.respond({ ':status': 200 })
    const more = (): void => {
      while (!stream.destroyed && stream.write(Buffer.alloc(16_384)));
    }
    if (stream.session?.socket === undefined) return
    stream.on('drain', more)
    more()
  })
  expect(await probeHttp(server.url, { ...trusted, maxBodyBytes: 100_000 })).toMatchObject({
    outcome: 'up',
    http: { bodyBytes: 100_000, bodyTruncated: true },
  })
  await using stalls = await startHttp2Server((stream) => {
    stream.respond({ ':status': 200 })
    stream.write('four')
  })
  expect(await probeHttp(stalls.url, trusted, { timeout: '300ms' })).toMatchObject({
    outcome: 'down',
    error: { code: 'http_body_timeout' },
    http: { bodyBytes: 4 },
  })
})

test('tells a server that ends the session without an answer', async () => {
  await using server = await startHttp2Server((_, session) => session.destroy())
  const result = await probeHttp(server.url, trusted)
  expect(result).toMatchObject({ outcome: 'down', error: { phase: 'http' } })
  expect(result.error?.code).toMatch(/^http_(?:closed|reset)$/)
})
