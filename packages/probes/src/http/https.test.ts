import { Authority, type HttpServer, startHttpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeHttp } from '../probe.fixture.ts'

const root = await Authority.create()
const leaf = await root.issue()
const trusted = { tls: { caPem: root.cert } }

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

test('shows its certificate to a server that asks for one', async () => {
  const { cert: certPem, key: keyPem } = await root.issue({ usage: 'clientAuth' })
  const tls = { ...leaf, requestCert: true, rejectUnauthorized: true, ca: root.cert }
  await using server = await startHttpServer(undefined, { tls })
  const result = await probeHttp(server.url, { tls: { caPem: root.cert, certPem, keyPem } })
  expect(result).toMatchObject({ outcome: 'up', http: { status: 200 } })
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
