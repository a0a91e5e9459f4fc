import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { Authority, type HttpServer, startDnsServer, startHttpServer, startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'
import { version } from '../version.ts'

const root = await Authority.create()
const leaf = await root.issue()
const trusted = { tls: { caPem: root.cert } }

function probeHttp(target: string, http: object = {}, rest: object = {}) {
  return probeDocument({ kind: 'http', target, timeout: '2s', http, ...rest })
}

/** Probes a server that sends exactly these bytes once it has seen the request. */
async function probeRaw(answer: (socket: Socket) => unknown, rest: object = {}) {
  await using server = await startTcpServer((socket) => void socket.once('data', () => answer(socket)))
  return await probeHttp(`http://127.0.0.1:${server.port}/`, {}, { timeout: '500ms', ...rest })
}

test('is up for a plain answer, with address, phases and what was answered', async () => {
  await using server = await startHttpServer((_, response) => {
    response.writeHead(200, { 'x-a': ['1', '2'], 'content-type': 'text/plain' }).end('hello')
  })
  const result = await probeHttp(`${server.url}/health?x=1`)
  expect(result).toMatchObject({
    checkKey: 'test',
    region: 'test',
    kind: 'http',
    target: `${server.url}/health?x=1`,
    slot: '2026-01-01T00:00:30.000Z',
    outcome: 'up',
    attempts: 1,
    ip: '127.0.0.1',
    ipFamily: 4,
    error: null,
    assertions: [],
    http: {
      status: 200,
      version: '1.1',
      redirects: [],
      headers: { 'x-a': '1, 2', 'content-type': 'text/plain' },
      bodyBytes: 5,
      bodyTruncated: false,
      finalUrl: `${server.url}/health?x=1`,
    },
    tls: null,
    dns: null,
  })
  const { dnsMs, connectMs, tlsMs, ttfbMs, transferMs } = result.phases
  expect(tlsMs).toBeNull()
  const sum = (dnsMs ?? -1e9) + (connectMs ?? -1e9) + (ttfbMs ?? -1e9) + (transferMs ?? -1e9)
  expect(sum).toBeGreaterThan(0)
  expect(sum).toBeLessThanOrEqual(result.durationMs)
})

test('sends the request that the check describes', async () => {
  await using server = await startHttpServer()
  await probeHttp(`${server.url}/`, { method: 'POST', body: 'a=ü', headers: { 'X-Own': 'yes', Host: 'shop.example' } })
  await probeHttp(`${server.url}/#fragment`)
  const [own, plain] = server.requests
  expect(own).toMatchObject({ method: 'POST', path: '/', body: 'a=ü' })
  expect(own?.headers).toMatchObject({
    'x-own': 'yes',
    host: 'shop.example',
    'content-length': '4',
    connection: 'close',
  })
  expect(plain).toMatchObject({ method: 'GET', path: '/', body: '' })
  expect(plain?.headers).toMatchObject({ 'user-agent': `Sonde/${version}`, accept: '*/*' })
})

test('spreads the time over the phases in which it passed', async () => {
  await using server = await startHttpServer((_, response) => {
    setTimeout(() => {
      response.write('a')
      setTimeout(() => response.end('b'), 120)
    }, 100)
  })
  const { phases } = await probeHttp(server.url)
  expect(phases.ttfbMs).toBeGreaterThan(90)
  expect(phases.transferMs).toBeGreaterThan(110)
  expect(phases.connectMs).toBeLessThan(90)
})

test.each([
  [204, 'up'],
  [304, 'up'],
  [399, 'up'],
  [404, 'down'],
  [500, 'down'],
])('takes a status of %d for %s', async (status, outcome) => {
  await using server = await startHttpServer((_, response) => void response.writeHead(status).end())
  const result = await probeHttp(server.url)
  expect(result).toMatchObject({ outcome, http: { status } })
  if (outcome === 'down') {
    expect(result.error).toMatchObject({ code: 'http_status', message: `${server.url}/ answered ${status}` })
  }
})

test('an assertion on the status takes the place of the default verdict', async () => {
  await using server = await startHttpServer((_, response) => void response.writeHead(503).end())
  const up = await probeHttp(server.url, {}, { assertions: [{ source: 'status', op: 'eq', value: 503 }] })
  expect(up).toMatchObject({ outcome: 'up', assertions: [{ actual: 503, ok: true }] })
  const down = await probeHttp(server.url, {}, { assertions: [{ source: 'status', op: 'in', value: ['2xx'] }] })
  expect(down).toMatchObject({
    outcome: 'down',
    error: { code: 'assertion_failed', message: 'expected status in ["2xx"], found 503' },
  })
  const other = await probeHttp(server.url, {}, { assertions: [{ source: 'duration', op: 'lt', value: '1s' }] })
  expect(other).toMatchObject({ outcome: 'down', error: { code: 'http_status' }, assertions: [{ ok: true }] })
})

test('assertions see headers and body whole', async () => {
  await using server = await startHttpServer((_, response) => {
    for (let index = 0; index < 80; index++) response.setHeader(`x-${index}`, 'v'.repeat(index))
    response.writeHead(200, { 'x-long': 'a'.repeat(2000), 'content-type': 'text/plain; charset=iso-8859-1' })
    response.end(Buffer.from('{"status":"ok","n":"caf\xe9"}', 'latin1'))
  })
  const result = await probeHttp(
    server.url,
    {},
    {
      assertions: [
        { source: 'body.json', path: '$.status', op: 'eq', value: 'ok' },
        { source: 'body', op: 'contains', value: 'café' },
        { source: 'header', name: 'X-Long', op: 'matches', value: '^a{1000}a{1000}$' },
        { source: 'header', name: 'x-79', op: 'exists' },
      ],
    },
  )
  expect(result.assertions.map(({ ok }) => ok)).toEqual([true, true, true, true])
  // What is stored is bounded.
  expect(Object.keys(result.http?.headers ?? {})).toHaveLength(64)
  expect(Object.values(result.http?.headers ?? {}).every((value) => value.length <= 1024)).toBe(true)
})

test('follows redirects, relative ones too, and sums the phases', async () => {
  await using server = await startHttpServer((request, response) => {
    if (request.path === '/a') response.writeHead(302, { location: 'b?x=1' }).end('ignored')
    else if (request.path === '/b?x=1') response.writeHead(301, { location: '//localhost:1/'.replace('1', port) }).end()
    else response.end('done')
  })
  const port = String(server.port)
  const result = await probeHttp(`${server.url}/a`)
  expect(result).toMatchObject({
    outcome: 'up',
    http: {
      status: 200,
      bodyBytes: 4,
      finalUrl: `http://localhost:${port}/`,
      redirects: [
        { status: 302, location: `${server.url}/b?x=1`, ip: '127.0.0.1' },
        { status: 301, location: `http://localhost:${port}/`, ip: '127.0.0.1' },
      ],
    },
  })
})

test.each([
  [301, 'POST', 'GET', ''],
  [302, 'POST', 'GET', ''],
  [303, 'PUT', 'GET', ''],
  [303, 'HEAD', 'HEAD', ''],
  [301, 'PUT', 'PUT', 'body'],
  [307, 'POST', 'POST', 'body'],
  [308, 'DELETE', 'DELETE', 'body'],
] as const)('after %d goes on from %s with %s', async (status, method, next, body) => {
  await using server = await startHttpServer((request, response) => {
    if (request.path === '/') response.writeHead(status, { location: '/next' }).end()
    else response.end()
  })
  const sent = method === 'HEAD' ? {} : { body: 'body', headers: { 'content-type': 'text/plain' } }
  expect(await probeHttp(server.url, { method, ...sent })).toMatchObject({ outcome: 'up' })
  expect(server.requests[1]).toMatchObject({ method: next, body })
  expect(server.requests[1]?.headers['content-type']).toBe(body === '' ? undefined : 'text/plain')
})

test('keeps what is meant for one server from another', async () => {
  await using other = await startHttpServer()
  await using server = await startHttpServer((request, response) => {
    response.writeHead(302, { location: request.path === '/' ? '/same' : `${other.url}/` }).end()
  })
  const headers = { authorization: 'Bearer secret', cookie: 's=1', 'x-own': 'yes' }
  expect(await probeHttp(server.url, { headers })).toMatchObject({ outcome: 'up' })
  expect(server.requests[1]?.headers).toMatchObject({ authorization: 'Bearer secret', cookie: 's=1' })
  expect(other.requests[0]?.headers).not.toHaveProperty('authorization')
  expect(other.requests[0]?.headers).not.toHaveProperty('cookie')
  expect(other.requests[0]?.headers).toMatchObject({ 'x-own': 'yes', host: `127.0.0.1:${other.port}` })
})

test('a redirect that is not to be followed is an answer', async () => {
  await using server = await startHttpServer((_, response) => void response.writeHead(302, { location: '/b' }).end())
  const result = await probeHttp(server.url, { followRedirects: false })
  expect(result).toMatchObject({ outcome: 'up', http: { status: 302, redirects: [], headers: { location: '/b' } } })
})

test('tells a loop of redirects', async () => {
  await using server = await startHttpServer((_, response) => void response.writeHead(302, { location: '/' }).end())
  const result = await probeHttp(server.url, { maxRedirects: 3 })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'http_too_many_redirects', phase: 'http' } })
  expect(result.error?.message).toContain('after 3 redirects')
  expect(result.http?.redirects).toHaveLength(4)
  expect(server.requests).toHaveLength(4)
})

test.each([
  ['ftp://a.example/', 'found ftp:'],
  ['http://[', 'which is no URL'],
  ['http://a.example:0/', 'found 0'],
  [undefined, 'without a Location'],
])('tells a redirect to %s', async (location, message) => {
  await using server = await startHttpServer((_, response) => {
    response.writeHead(302, location === undefined ? {} : { location }).end()
  })
  const result = await probeHttp(server.url)
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'http_bad_redirect' }, http: { status: 302 } })
  expect(result.error?.message).toContain(message)
})

test('a redirect does not lead where the policy forbids', async () => {
  await using server = await startHttpServer((_, response) => {
    response.writeHead(302, { location: 'http://[::ffff:169.254.169.254]/latest/meta-data/' }).end()
  })
  const result = await probeHttp(server.url)
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'egress_denied', phase: 'connect' } })
})

test.each<[string, (url: string) => Promise<string>, object?]>([
  ['tcp_refused', async (url) => url.replace(/\d+$/, String(await closedPort()))],
  ['egress_denied', async () => 'http://169.254.169.254/latest/'],
  ['egress_denied', async () => 'http://0xa9fea9fe/'],
  ['dns_nodata', async (url) => url, { ipFamily: '6' }],
])('tells %s before any request', async (code, target, http = {}) => {
  await using server = await startHttpServer()
  const result = await probeHttp(await target(server.url), http)
  expect(result).toMatchObject({ outcome: 'down', error: { code }, http: null })
  expect(server.requests).toHaveLength(0)
})

async function closedPort(): Promise<number> {
  const server = await startTcpServer()
  await server[Symbol.asyncDispose]()
  return server.port
}

test('asks the resolvers that the check names', async () => {
  await using server = await startHttpServer()
  await using dns = await startDnsServer(({ name, type }) =>
    name === 'shop.example' && type === 'A' ? { answers: [{ name, type: 'A', ttl: 1, data: '127.0.0.1' }] } : {},
  )
  const target = `http://shop.example:${server.port}/`
  const result = await probeHttp(target, { resolvers: [`127.0.0.1:${dns.port}`] })
  expect(result).toMatchObject({ outcome: 'up', ip: '127.0.0.1' })
  expect(server.requests[0]?.headers.host).toBe(`shop.example:${server.port}`)
})

test('tells a name that does not exist, and how long finding out took', async () => {
  await using dns = await startDnsServer(() => ({ rcode: 3 }))
  const result = await probeHttp('http://gone.example/', { resolvers: [`127.0.0.1:${dns.port}`] })
  expect(result).toMatchObject({
    outcome: 'down',
    ip: null,
    error: { code: 'dns_nxdomain', phase: 'dns', cause: 'The name does not exist in DNS.' },
    phases: { dnsMs: expect.any(Number), connectMs: null },
  })
})

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

test('speaks HTTP over TLS and reports the chain', async () => {
  await using server = await startHttpServer(undefined, { tls: leaf })
  const result = await probeHttp(server.url.replace('127.0.0.1', 'localhost'), trusted)
  expect(result).toMatchObject({
    outcome: 'up',
    http: { status: 200, version: '1.1' },
    tls: {
      version: 'TLSv1.3',
      alpn: 'http/1.1',
      authorized: true,
      serverName: 'localhost',
      chain: [{ subject: 'CN=localhost' }],
    },
  })
  expect(result.phases.tlsMs).toBeGreaterThan(0)
})

test('sends no request to a server that it does not trust', async () => {
  await using server = await startHttpServer(undefined, { tls: leaf })
  const result = await probeHttp(server.url)
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_untrusted_root' }, tls: { authorized: false } })
  expect(server.requests).toHaveLength(0)
  const skipped = await probeHttp(server.url, { tls: { insecureSkipVerify: true } })
  expect(skipped).toMatchObject({ outcome: 'up', tls: { authorized: false } })
})

test('asks TLS for the name of a Host header, until a redirect leads elsewhere', async () => {
  const pair = await root.issue({ names: ['shop.example'] })
  await using other = await startHttpServer(undefined, { tls: leaf })
  await using server = await startHttpServer(
    (_, response) => void response.writeHead(302, { location: `${other.url}/` }).end(),
    { tls: pair },
  )
  const result = await probeHttp(server.url, { ...trusted, headers: { host: 'shop.example:8443' } })
  expect(result).toMatchObject({ outcome: 'up', tls: { serverName: '127.0.0.1' } })
})

test('tells plain HTTP where TLS was expected, and TLS where HTTP was', async () => {
  await using plain = await startHttpServer()
  const https = await probeHttp(plain.url.replace('http:', 'https:'))
  expect(https).toMatchObject({ outcome: 'down', error: { code: 'tls_not_tls' } })
  await using secure = await startHttpServer(undefined, { tls: leaf })
  const result = await probeHttp(secure.url.replace('https:', 'http:'))
  expect(result.outcome).toBe('down')
  expect(result.error?.code).toMatch(/^http_(?:closed|malformed|reset)$/)
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'tells a server that wants a client certificate, in %s',
  async (maxVersion) => {
    const tls = { ...leaf, requestCert: true, rejectUnauthorized: true, maxVersion }
    await using server = await startHttpServer(undefined, { tls })
    const result = await probeHttp(server.url, trusted)
    expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_client_cert_required', phase: 'tls' } })
  },
)

test('speaks HTTP/2 where it is offered, unless the check says otherwise', async () => {
  await using server = await startHttpServer((_, response) => void response.end('{"a":1}'), {
    tls: leaf,
    version: 'both',
  })
  const http = { method: 'POST', body: 'x', ...trusted }
  const assertions = [{ source: 'body.json', path: '$.a', op: 'eq', value: 1 }]
  const two = await probeHttp(server.url, http, { assertions })
  expect(two).toMatchObject({ outcome: 'up', http: { version: '2', status: 200, bodyBytes: 7 }, tls: { alpn: 'h2' } })
  expect(two.phases.transferMs).toBeGreaterThanOrEqual(0)
  const one = await probeHttp(server.url, { ...http, httpVersion: '1.1' }, { assertions })
  expect(one).toMatchObject({ outcome: 'up', http: { version: '1.1' }, tls: { alpn: 'http/1.1' } })
  expect(server.requests.map(({ body }) => body)).toEqual(['x', 'x'])
})

test('demands HTTP/2 where the check does', async () => {
  await using old = await startHttpServer(undefined, { tls: leaf })
  const result = await probeHttp(old.url, { ...trusted, httpVersion: '2' })
  expect(result).toMatchObject({
    outcome: 'down',
    error: { code: 'http_version', message: 'the check demands HTTP/2, the server agreed on http/1.1 (ALPN)' },
  })
  expect(old.requests).toHaveLength(0)
  await using cleartext = await startHttpServer(undefined, { version: '2' })
  expect(await probeHttp(cleartext.url, { httpVersion: '2' })).toMatchObject({ outcome: 'up', http: { version: '2' } })
  await using plain = await startHttpServer()
  expect(await probeHttp(plain.url, { httpVersion: '2' })).toMatchObject({
    outcome: 'down',
    error: { code: 'http_version' },
  })
})

test('tells headers beyond bounds and streams that end early in HTTP/2', async () => {
  await using server: HttpServer = await startHttpServer(
    (request, response) => {
      if (request.path === '/large') {
        for (let index = 0; index < 40; index++) response.setHeader(`x-${index}`, 'a'.repeat(1000))
        response.end()
      } else {
        response.write('part')
        // A stream of the HTTP/2 compatibility layer, which node:http's types do not know.
        const { stream } = response as unknown as { stream: { close(code: number): void } }
        setTimeout(() => stream.close(2), 20)
      }
    },
    { tls: leaf, version: '2' },
  )
  const large = await probeHttp(`${server.url}/large`, trusted)
  expect(large).toMatchObject({ outcome: 'down', error: { code: 'http_header_overflow' } })
  const reset = await probeHttp(server.url, trusted)
  expect(reset).toMatchObject({ outcome: 'down', error: { code: 'http_reset' }, http: { bodyBytes: 4 } })
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
