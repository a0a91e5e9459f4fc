import { startDnsServer, startHttpServer, startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeHttp } from '../probe.fixture.ts'
import { version } from '../version.ts'

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
    error: { code: 'dns_nxdomain', phase: 'dns', cause: expect.stringContaining('does not exist') },
    phases: { dnsMs: expect.any(Number), connectMs: null },
  })
})
