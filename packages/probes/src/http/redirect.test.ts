import { startHttpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeHttp } from '../probe.fixture.ts'

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
