import { Authority, startHttpServer, startTcpServer } from '@sonde/testkit/targets'
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

test('keeps headers that hold secrets, by their names or because the check says so, from another server', async () => {
  await using other = await startHttpServer()
  await using server = await startHttpServer((request, response) => {
    response.writeHead(302, { location: request.path === '/' ? '/same' : `${other.url}/` }).end()
  })
  const headers = { 'X-Api-Key': 'k3y-of-ours', 'X-Tenant': 's3cr3t-name', 'x-own': 'yes' }
  expect(await probeHttp(server.url, { headers, secretHeaders: ['x-tenant'] })).toMatchObject({ outcome: 'up' })
  expect(server.requests[1]?.headers).toMatchObject({ 'x-api-key': 'k3y-of-ours', 'x-tenant': 's3cr3t-name' })
  expect(other.requests[0]?.headers).toMatchObject({ 'x-own': 'yes' })
  expect(other.requests[0]?.headers).not.toHaveProperty('x-api-key')
  expect(other.requests[0]?.headers).not.toHaveProperty('x-tenant')
})

test('asks another host for its own name in TLS, whatever the check calls the first', async () => {
  const authority = await Authority.create()
  await using other = await startHttpServer(undefined, { tls: await authority.issue({ names: ['localhost'] }) })
  await using server = await startHttpServer(
    (_, response) => void response.writeHead(302, { location: `https://localhost:${other.port}/` }).end(),
    { tls: await authority.issue({ names: ['shop.example'] }) },
  )
  const result = await probeHttp(server.url, { tls: { serverName: 'shop.example', caPem: authority.cert } })
  expect(result).toMatchObject({ outcome: 'up', tls: { serverName: 'localhost', authorized: true } })
})

test.each([
  ['in UTF-8', Buffer.from('/größe'), '/gr%C3%B6%C3%9Fe'],
  ['in Latin-1', Buffer.from('/größe', 'latin1'), '/gr%C3%B6%C3%9Fe'],
])('follows a Location that is %s', async (_, location, path) => {
  const paths: string[] = []
  await using server = await startTcpServer((socket) => {
    socket.once('data', (head) => {
      const asked = head.toString('latin1').split(' ')[1] ?? ''
      paths.push(asked)
      if (asked !== '/') return socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
      return socket.end(
        Buffer.concat([Buffer.from('HTTP/1.1 302 Found\r\nlocation: '), location, Buffer.from('\r\n\r\n')]),
      )
    })
  })
  expect(await probeHttp(`http://127.0.0.1:${server.port}/`)).toMatchObject({ outcome: 'up' })
  expect(paths).toEqual(['/', path])
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
