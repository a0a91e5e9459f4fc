import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startHttpServer, startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeHttp } from '../probe.fixture.ts'

/** Probes a server that sends these bytes, in these pieces, once it has seen the request. */
async function probeRaw(pieces: string[], http: object = {}, after: (socket: Socket) => void = () => {}) {
  const send = async (socket: Socket): Promise<void> => {
    for (const piece of pieces) {
      socket.write(piece, 'latin1')
      await sleep(2)
    }
    after(socket)
  }
  await using server = await startTcpServer((socket) => void socket.once('data', () => void send(socket)))
  const assertions = [{ source: 'body', op: 'ne', value: 'no' }]
  return await probeHttp(`http://127.0.0.1:${server.port}/`, http, { timeout: '5s', assertions })
}

const answer = 'HTTP/1.1 200 OK\r\nx-a: 1\r\nX-A:  2 \r\ncontent-length: 4\r\n\r\nfour'

test('an answer is the same whole and octet by octet', async () => {
  const expected = { outcome: 'up', http: { status: 200, version: '1.1', headers: { 'x-a': '1, 2' }, bodyBytes: 4 } }
  expect(await probeRaw([answer])).toMatchObject(expected)
  expect(await probeRaw(answer.split(''))).toMatchObject(expected)
})

// Its parser is that of the answer before.
test.each([
  ['in its headers', ['HTTP/1.0 200 OK\r\nx-b: 2\r\nx-c'], 'http_closed'],
  ['in a chunk', ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nfour'], 'http_closed'],
  ['at what is no HTTP', ['SSH-2.0-OpenSSH_9.2\r\n'], 'http_malformed'],
])('an answer behind one that ended %s is read like any other', async (_, pieces, code) => {
  expect(await probeRaw(pieces, {}, (socket) => socket.end())).toMatchObject({ outcome: 'down', error: { code } })
  const result = await probeRaw([answer])
  expect(result).toMatchObject({ outcome: 'up', http: { status: 200, version: '1.1', bodyBytes: 4 } })
  expect(result.http?.headers).toEqual({ 'x-a': '1, 2', 'content-length': '4' })
})

test.each([
  ['100 unasked for', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['100 twice', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'],
  ['102', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ['103 with links', 'HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\nlink: </b>\r\n\r\n'],
])('takes %s before the answer, and tells nothing of its headers', async (_, before) => {
  const result = await probeRaw([before, answer])
  expect(result).toMatchObject({ outcome: 'up', http: { status: 200, bodyBytes: 4 } })
  expect(result.http?.headers).not.toHaveProperty('link')
})

/** A server that answers the head of a request, and then its body, and notes what had come when. */
async function probeContinuing(onHead: string, onBody: string, timeout = '5s') {
  const came: string[] = []
  await using server = await startTcpServer((socket) =>
    socket.on('data', (bytes) => {
      came.push(bytes.toString('latin1'))
      socket.write(came.length === 1 ? onHead : onBody)
    }),
  )
  const http = { method: 'POST', body: 'of weight', headers: { Expect: '100-continue' } }
  return { result: await probeHttp(`http://127.0.0.1:${server.port}/`, http, { timeout }), came }
}

test('holds a body back until the server says 100, where the check expects that', async () => {
  const { result, came } = await probeContinuing('HTTP/1.1 100 Continue\r\n\r\n', answer)
  expect(result).toMatchObject({ outcome: 'up', http: { status: 200, bodyBytes: 4 } })
  expect(came).toEqual([expect.stringMatching(/expect: 100-continue\r\n(?:.+\r\n)*\r\n$/), 'of weight'])
})

test('keeps a body that the server does not want', async () => {
  const { result, came } = await probeContinuing('HTTP/1.1 417 Expectation Failed\r\ncontent-length: 0\r\n\r\n', '')
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'http_status' }, http: { status: 417 } })
  expect(came).toHaveLength(1)
})

test('sends a body in time to a server that says nothing of the expectation', async () => {
  const { result, came } = await probeContinuing('', answer, '400ms')
  expect(result).toMatchObject({ outcome: 'up', http: { status: 200 } })
  expect(result.durationMs).toBeGreaterThan(150)
  expect(came[1]).toBe('of weight')
})

test('answers of 100 without end are headers without end', async () => {
  const result = await probeRaw(['HTTP/1.1 100 Continue\r\n\r\n'.repeat(2000)])
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'http_header_overflow' } })
})

test('tells HTTP/1.0, with and without a length', async () => {
  const end = (socket: Socket): void => void socket.end()
  const old = { outcome: 'up', http: { version: '1.0', bodyBytes: 4 } }
  expect(await probeRaw(['HTTP/1.0 200 OK\r\ncontent-length: 4\r\n\r\nfour'])).toMatchObject(old)
  expect(await probeRaw(['HTTP/1.0 200 OK\r\n\r\nfour'], {}, end)).toMatchObject(old)
})

test.each([
  [
    'Connection: close, and then does not close',
    'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 4\r\n\r\nfour',
  ],
  ['no Connection at all', answer],
  ['keep-alive', 'HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 4\r\n\r\nfour'],
  ['lines that end with LF alone', answer.replaceAll('\r\n', '\n')],
  ['sizes of chunks with blanks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4  \r\nfour\r\n0\r\n\r\n'],
  ['more than it said', `${answer}HTTP/1.1 200 OK\r\n`],
  ['trailers', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4;ext=1\r\nfour\r\n0\r\nx-sum: 1\r\n\r\n'],
])('is done with the last byte of the body when a server sends %s', async (_, bytes) => {
  const result = await probeRaw([bytes])
  expect(result).toMatchObject({ outcome: 'up', http: { bodyBytes: 4 } })
  expect(result.http?.headers).not.toHaveProperty('x-sum')
})

test.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n', { method: 'HEAD' }],
  ['HEAD, chunked', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', { method: 'HEAD' }],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', {}],
  ['304', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\n\r\n', {}],
])('waits for no body after %s', async (_, bytes, http) => {
  expect(await probeRaw([bytes], http)).toMatchObject({ outcome: 'up', http: { bodyBytes: 0, bodyTruncated: false } })
})

test.each([
  ['http_malformed', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nfour'],
  ['http_malformed', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\nfour'],
  ['http_malformed', 'HTTP/1.1 200 OK\r\ncontent-length: -4\r\n\r\nfour'],
  ['http_malformed', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nfourteen\r\n'],
  ['http_malformed', 'HTTP/3.7 200 OK\r\n\r\n'],
  ['http_malformed', 'HTTP/1.1 099 OK\r\n\r\n'],
  ['http_malformed', '<html>hello</html>'],
  ['http_header_overflow', `HTTP/1.1 200 ${'x'.repeat(40_000)}`],
  ['http_header_overflow', `HTTP/1.1 200 OK\r\n${'x'.repeat(40_000)}`],
  ['http_header_overflow', `HTTP/1.1 200 OK\r\n${'x: a\r\n'.repeat(6000)}content-length: 4\r\n\r\nfour`],
  [
    'http_header_overflow',
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n${'x-a: aaaaaaaa\r\n'.repeat(4000)}`,
  ],
])('tells %s of %j', async (code, bytes) => {
  expect(await probeRaw([bytes])).toMatchObject({ outcome: 'down', error: { code } })
})

test.each([
  ['utf-16le', 'text/plain; charset=utf-16le', Buffer.from('größe', 'utf16le')],
  ['a byte order mark over the header', 'text/plain; charset=iso-8859-1', Buffer.from('\ufeffgröße')],
  ['a byte order mark of UTF-16', 'text/plain', Buffer.from('\ufeffgröße', 'utf16le')],
  ['latin1', 'text/plain; charset="ISO-8859-1"', Buffer.from('größe', 'latin1')],
  ['a meta element', 'text/html', Buffer.from('<html><meta charset="iso-8859-1">größe', 'latin1')],
  [
    'an older meta element',
    'text/html',
    Buffer.from('<meta http-equiv=content-type content="text/html; charset=windows-1252">größe', 'latin1'),
  ],
  [
    'an XML declaration',
    'application/rss+xml',
    Buffer.from('<?xml version="1.0" encoding="latin1"?><a>größe</a>', 'latin1'),
  ],
  ['no such charset', 'text/plain; charset=x-nobody', Buffer.from('größe')],
])('assertions read a body in %s', async (_, type, body) => {
  await using server = await startHttpServer((_, response) => void response.setHeader('content-type', type).end(body))
  const assertions = [{ source: 'body', op: 'contains', value: 'größe' }]
  expect(await probeHttp(server.url, {}, { assertions })).toMatchObject({ outcome: 'up' })
})

test('each redirect carries the phases of its own connection', async () => {
  await using server = await startHttpServer((request, response) => {
    if (request.path === '/last') return void response.end('ok')
    setTimeout(() => response.writeHead(302, { location: '/last' }).end(), 60)
  })
  const { http, phases } = await probeHttp(`${server.url}/first`)
  const [first] = http?.redirects ?? []
  expect(first?.phases).toMatchObject({ tlsMs: null, dnsMs: expect.any(Number), connectMs: expect.any(Number) })
  expect(first?.phases?.ttfbMs).toBeGreaterThan(50)
  expect(phases.ttfbMs).toBeGreaterThan(first?.phases?.ttfbMs ?? Number.POSITIVE_INFINITY)
})
