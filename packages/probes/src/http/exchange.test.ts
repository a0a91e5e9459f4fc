import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { startHttpServer, startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeHttp } from '../probe.fixture.ts'

/** Probes a server that sends exactly these bytes once it has seen the request. */
async function probeRaw(answer: (socket: Socket) => unknown, rest: object = {}) {
  await using server = await startTcpServer((socket) => void socket.once('data', () => answer(socket)))
  return await probeHttp(`http://127.0.0.1:${server.port}/`, {}, { timeout: '500ms', ...rest })
}

test.each([
  ['http_timeout', () => {}, 'no complete headers came back within 500ms'],
  ['http_timeout', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nx-a: '), 'no complete headers'],
  [
    'http_timeout',
    (socket: Socket) => socket.write('HTTP/1.1 103 Early Hints\r\nx-a: b\r\n\r\n'),
    'no complete headers',
  ],
  [
    'http_body_timeout',
    (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfour'),
    'answered 200, and 4 bytes of the body came within 500ms',
  ],
  ['http_closed', (socket: Socket) => socket.end(), 'closed the connection before the headers were complete'],
  ['http_closed', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nx-a'), 'before the headers were complete'],
  [
    'http_closed',
    (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfour'),
    'closed the connection after 4 bytes of the body',
  ],
  [
    'http_closed',
    (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nfour\r\n'),
    'closed the connection after 4 bytes of the body',
  ],
  ['http_reset', (socket: Socket) => socket.resetAndDestroy(), 'was reset before the headers were complete'],
  [
    'http_malformed',
    (socket: Socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'),
    'does not match the HTTP/1.1 protocol',
  ],
  ['http_malformed', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nbad header\r\n\r\n'), 'HTTP/1.1 protocol'],
  [
    'http_malformed',
    (socket: Socket) => socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    'bad upgrade',
  ],
  [
    'http_malformed',
    (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot-hex\r\n'),
    'HTTP/1.1 protocol',
  ],
  [
    'http_header_overflow',
    (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(40_000)}\r\n\r\n`),
    'larger than 32 KiB',
  ],
  [
    'http_header_overflow',
    (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\n${'x-a: aaaaaaaaaa\r\n'.repeat(3000)}\r\n`),
    'larger than 32 KiB',
  ],
] as [string, (socket: Socket) => unknown, string][])('tells %s of %s', async (code, answer, message) => {
  const result = await probeRaw(answer)
  expect(result).toMatchObject({ outcome: 'down', error: { code, phase: 'http' } })
  expect(result.error?.message).toContain(message)
  expect(result.phases.ttfbMs).toBeGreaterThan(0)
})

test('takes hints that come before the answer', async () => {
  const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'
  const result = await probeRaw((socket) => socket.end(`${hints}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok`))
  expect(result).toMatchObject({ outcome: 'up', http: { status: 200, bodyBytes: 2 } })
})

test('takes a body that ends with the connection, unless it ends in a reset', async () => {
  const headers = 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n'
  expect(await probeRaw((socket) => socket.end(`${headers}whole`))).toMatchObject({
    outcome: 'up',
    http: { bodyBytes: 5 },
  })
  const reset = await probeRaw((socket) => {
    socket.write(`${headers}part`)
    setTimeout(() => socket.resetAndDestroy(), 50)
  })
  expect(reset).toMatchObject({ outcome: 'down', error: { code: 'http_reset' } })
})

test('reads no body where there is none', async () => {
  const result = await probeRaw((socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
  expect(result).toMatchObject({ outcome: 'up', http: { bodyBytes: 0 } })
  await using server = await startHttpServer(
    (_, response) => void response.writeHead(200, { 'content-length': 99 }).end(),
  )
  expect(await probeHttp(server.url, { method: 'HEAD' })).toMatchObject({ outcome: 'up', http: { bodyBytes: 0 } })
})

test('a body beyond the cap is cut and marked, and the rest not waited for', async () => {
  await using server = await startHttpServer((_, response) => {
    response.writeHead(200, { 'content-length': 1_000_000 })
    response.write('x'.repeat(5000))
  })
  const result = await probeHttp(server.url, { maxBodyBytes: 1000 })
  expect(result).toMatchObject({ outcome: 'up', http: { bodyBytes: 1000, bodyTruncated: true } })
  const asserted = await probeHttp(
    server.url,
    { maxBodyBytes: 1000 },
    { assertions: [{ source: 'body', op: 'notContains', value: 'y' }] },
  )
  expect(asserted).toMatchObject({ outcome: 'down', error: { code: 'assertion_failed' } })
  expect(asserted.error?.message).toContain('(cut after 1000 bytes)')
})

test('decodes what the server compressed, and bounds what comes out', async () => {
  await using server = await startHttpServer((request, response) => {
    const body = request.path === '/bomb' ? Buffer.alloc(50_000_000) : '{"status":"ok"}'
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body))
  })
  const assertions = [{ source: 'body.json', path: '$.status', op: 'eq', value: 'ok' }]
  expect(await probeHttp(server.url, {}, { assertions })).toMatchObject({ outcome: 'up', http: { bodyBytes: 15 } })
  expect(await probeHttp(`${server.url}/bomb`)).toMatchObject({
    outcome: 'up',
    http: { bodyBytes: 1024 * 1024, bodyTruncated: true },
  })
})

test('tells a body that does not decode', async () => {
  await using server = await startHttpServer((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip at all')
  })
  const result = await probeHttp(server.url)
  expect(result).toMatchObject({
    outcome: 'down',
    error: { code: 'http_decode', phase: 'http' },
    http: { status: 200 },
  })
})
