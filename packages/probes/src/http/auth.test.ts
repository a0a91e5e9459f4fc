import { Check } from '@sonde/core'
import { Authority, startHttpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeHttp } from '../probe.fixture.ts'

const basic = { username: 'monitor', password: 'p4ss: wörd' }
const root = await Authority.create()
const leaf = await root.issue()

test('sends basic and bearer credentials', async () => {
  await using server = await startHttpServer()
  await probeHttp(server.url, { auth: { basic } })
  await probeHttp(server.url, { auth: { bearer: 'abc.def-ghi' } })
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
    `Basic ${Buffer.from('monitor:p4ss: wörd').toString('base64')}`,
    'Bearer abc.def-ghi',
  ])
})

test.each([
  [{}, 'auth'],
  [{ basic, bearer: 'x' }, 'auth'],
  [{ bearer: 'a\r\nx: y' }, 'auth.bearer'],
  [{ basic: { username: 'a:b', password: '' } }, 'auth.basic.username'],
  [{ basic: { username: 'a' } }, 'auth.basic.password'],
  [{ basic: { username: 'a', password: 'b\n' } }, 'auth.basic.password'],
])('refuses %j', (auth, path) => {
  const parsed = Check.safeParse({ key: 'a', kind: 'http', target: 'http://a.example/', http: { auth } })
  expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([`http.${path}`])
})

test('refuses an Authorization header beside auth', () => {
  const http = { auth: { basic }, headers: { authorization: 'Basic x' } }
  const parsed = Check.safeParse({ key: 'a', kind: 'http', target: 'http://a.example/', http })
  expect(parsed.error?.issues[0]?.path.join('.')).toBe('http.headers.authorization')
})

test('credentials and cookies follow a redirect on the same host alone', async () => {
  await using other = await startHttpServer()
  await using server = await startHttpServer((request, response) => {
    const next: Record<string, string> = { '/a': '/b', '/b': `${other.url}/c` }
    response.writeHead(302, { location: next[request.path] ?? '/' }).end()
  })
  await probeHttp(`${server.url}/a`, { auth: { bearer: 'token-1' }, headers: { Cookie: 'a=b', 'X-Own': '1' } })
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-1'])
  const [last] = other.requests
  expect(last?.headers).toMatchObject({ 'x-own': '1' })
  expect(last?.headers).not.toHaveProperty('authorization')
  expect(last?.headers).not.toHaveProperty('cookie')
})

test('credentials do not leave TLS', async () => {
  await using plain = await startHttpServer()
  await using server = await startHttpServer(
    (_, response) => void response.writeHead(302, { location: plain.url }).end(),
    { tls: leaf },
  )
  await probeHttp(server.url, { auth: { bearer: 'token-1' }, tls: { caPem: root.cert } })
  expect(server.requests[0]?.headers.authorization).toBe('Bearer token-1')
  expect(plain.requests[0]?.headers).not.toHaveProperty('authorization')
})

test.each([
  [{ basic }, ['monitor', 'p4ss: wörd', Buffer.from('monitor:p4ss: wörd').toString('base64'), 'p4ss%3A%20w%C3%B6rd']],
  [{ bearer: 'tok"en-'.repeat(40) }, ['tok"en-', 'tok\\"en-', 'tok%22en-']],
])('nothing of %j is in a result, whatever the server echoes', async (auth, secrets) => {
  await using server = await startHttpServer((request, response) => {
    const echo = request.headers.authorization ?? ''
    const decoded = Buffer.from(echo.replace('Basic ', ''), 'base64').toString()
    response.setHeader('x-echo', echo)
    response.setHeader('x-filled', `${'a'.repeat(900)}${echo}${echo}`)
    if (request.path === '/loop')
      response.setHeader('location', `/?token=${encodeURIComponent(echo)}&of=${encodeURIComponent(basic.password)}`)
    response.writeHead(request.path === '/loop' ? 302 : 200).end(`${'.'.repeat(200)}${echo} ${decoded}`)
  })
  const assertions = [
    { source: 'body', op: 'eq', value: 'else' },
    { source: 'header', name: 'x-echo', op: 'eq', value: 'else' },
  ]
  for (const path of ['/', '/loop']) {
    for (const rest of [{ assertions }, {}]) {
      const text = JSON.stringify(await probeHttp(server.url + path, { auth, maxRedirects: 0 }, rest))
      for (const secret of secrets) expect(text).not.toContain(secret)
      expect(text).toContain('[secret]')
    }
  }
})
