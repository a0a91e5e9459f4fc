import {
  Authority,
  type DnsQuestion,
  startDnsServer,
  startDohServer,
  startDotServer,
  startTcpServer,
} from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'
import { trustAuthority } from '../tls/trusted.fixture.ts'

const root = await Authority.create()
trustAuthority(root.cert)
const leaf = await root.issue({ names: ['localhost', '127.0.0.1', 'dns.example'] })
const stranger = await Authority.create({ subject: 'CN=Stranger' }).then((authority) => authority.issue())

const answers = (question: DnsQuestion) => ({
  answers: [{ name: question.name, type: 'A' as const, ttl: 60, data: '192.0.2.1' }],
})

function probe(servers: string[], dns: object = {}, timeout = '2s') {
  return probeDocument({ kind: 'dns', target: 'shop.example', timeout, dns: { servers, ...dns } })
}

test('asks over TCP from the start where the check says so, and tells the time to connect apart', async () => {
  await using server = await startDnsServer(answers)
  const result = await probe([`tcp://127.0.0.1:${server.port}`])
  expect(result).toMatchObject({
    outcome: 'up',
    ip: '127.0.0.1',
    phases: { connectMs: expect.any(Number), dnsMs: expect.any(Number), tlsMs: null },
    dns: { server: `tcp://127.0.0.1:${server.port}` },
  })
  expect(server.questions.map(({ over }) => over)).toEqual(['tcp'])
})

test('asks over TLS, for the name after the #, and tells the chain', async () => {
  await using server = await startDotServer(answers, leaf)
  const result = await probe([`tls://127.0.0.1:${server.port}#dns.example`])
  expect(result).toMatchObject({
    outcome: 'up',
    phases: { connectMs: expect.any(Number), tlsMs: expect.any(Number), dnsMs: expect.any(Number) },
    tls: { authorized: true, serverName: 'dns.example', alpn: 'dot' },
    dns: { answers: [{ data: '192.0.2.1' }] },
  })
})

test('judges the certificate of a server over TLS as the tls kind does', async () => {
  await using server = await startDotServer(answers, leaf)
  expect(await probe([`tls://127.0.0.1:${server.port}#other.example`])).toMatchObject({
    outcome: 'down',
    error: { code: 'tls_hostname_mismatch', phase: 'tls' },
    tls: { authorized: false },
    dns: null,
  })
  await using unknown = await startDotServer(answers, stranger)
  const result = await probe([`tls://127.0.0.1:${unknown.port}#localhost`])
  expect(result.error?.code).toMatch(/^tls_(untrusted_root|incomplete_chain)$/)
})

test.each([
  ['h2', '/dns-query', 'POST', '2.0'],
  ['http/1.1', '/dns-query', 'POST', '1.1'],
  ['h2', '/dns-query{?dns}', 'GET', '2.0'],
])('asks over HTTPS by %s at %s', async (alpn, path, method, version) => {
  await using server = await startDohServer(answers, leaf, { http2: alpn === 'h2' })
  const result = await probe([`https://localhost:${server.port}${path}`])
  expect(result).toMatchObject({
    outcome: 'up',
    tls: { authorized: true, alpn, serverName: 'localhost' },
    dns: { server: `https://localhost:${server.port}${path}`, answers: [{ data: '192.0.2.1' }] },
  })
  expect(server.requests).toMatchObject([{ method, version, path: expect.stringMatching(/^\/dns-query/) }])
})

test('tells an answer over HTTPS that is none as dns_malformed', async () => {
  await using server = await startDohServer(() => [Buffer.from('not DNS at all')], leaf)
  const result = await probe([`https://localhost:${server.port}/dns-query`])
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'dns_malformed', phase: 'dns' } })
})

test.each(['tcp://127.0.0.1', 'tls://127.0.0.1', 'https://localhost'])(
  'tells that nothing listens at %s as dns_unreachable, and silence as dns_timeout',
  async (url) => {
    const start = () => (url.startsWith('https') ? startDohServer : startDotServer)(() => undefined, leaf)
    const silent = url.startsWith('tcp') ? await startDnsServer(() => undefined) : await start()
    const server = `${url}:${silent.port}${url.startsWith('https') ? '/dns-query' : ''}`
    try {
      const late = await probe([server], {}, '300ms')
      expect(late).toMatchObject({ outcome: 'down', error: { code: 'dns_timeout' } })
      expect(late.durationMs).toBeLessThan(400)
    } finally {
      await silent[Symbol.asyncDispose]()
    }
    expect(await probe([server])).toMatchObject({ outcome: 'down', error: { code: 'dns_unreachable', phase: 'dns' } })
  },
)

test.each(['udp://169.254.169.253', 'tcp://169.254.169.253', 'tls://169.254.169.253', 'https://169.254.169.253/q'])(
  'sends nothing to %s, which the egress policy denies',
  async (server) => {
    expect(await probe([server])).toMatchObject({ outcome: 'down', error: { code: 'egress_denied' } })
  },
)

test('asks a server over TCP that does not repeat the case of the name, as a forger could not', async () => {
  await using server = await startDnsServer((question, query) =>
    question.over === 'tcp'
      ? answers(question)
      : {
          ...answers(question),
          questions: (query.questions ?? []).map((one) => ({ ...one, name: one.name.toLowerCase() })),
        },
  )
  const result = await probeDocument({
    kind: 'dns',
    target: 'a-name-of-so-many-letters-that-no-chance-spells-it-alike.example',
    dns: { servers: [`udp://127.0.0.1:${server.port}`] },
  })
  expect(result.outcome).toBe('up')
  expect(server.questions.map(({ over }) => over)).toEqual(['udp', 'tcp'])
})

test('asks a server that does not know EDNS again without', async () => {
  await using server = await startDnsServer((question, query) =>
    (query.additionals ?? []).length > 0 ? { rcode: 1 } : answers(question),
  )
  expect(await probe([`udp://127.0.0.1:${server.port}`])).toMatchObject({ outcome: 'up', dns: { rcode: 'NOERROR' } })
  expect(server.questions).toHaveLength(2)
})

test('keeps the timeout under a server that sends an octet at a time', async () => {
  await using server = await startTcpServer((socket) => {
    socket.write(Buffer.from([0xff, 0xff]))
    const timer = setInterval(() => socket.write('x'), 5)
    socket.once('close', () => clearInterval(timer))
  })
  const result = await probe([`tcp://127.0.0.1:${server.port}`], {}, '300ms')
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'dns_timeout' } })
  expect(result.durationMs).toBeLessThan(350)
})

test('tells a connection that is closed in the middle of an answer as dns_malformed', async () => {
  await using server = await startTcpServer((socket) => {
    socket.once('data', () => socket.end(Buffer.from([0, 100, 1, 2])))
  })
  expect(await probe([`tcp://127.0.0.1:${server.port}`])).toMatchObject({
    outcome: 'down',
    error: { code: 'dns_malformed', message: expect.stringContaining('closed the connection after 4 bytes') },
  })
})

test('asks for the name of an address in reverse', async () => {
  await using server = await startDnsServer(({ name }) => ({
    answers: [{ name, type: 'PTR', ttl: 60, data: 'shop.example' }],
  }))
  const reverse = async (target: string) => {
    const servers = [`udp://127.0.0.1:${server.port}`]
    expect(await probeDocument({ kind: 'dns', target, dns: { servers, recordType: 'PTR' } })).toMatchObject({
      outcome: 'up',
      dns: { answers: [{ data: 'shop.example' }] },
    })
    return server.questions.at(-1)?.name
  }
  expect(await reverse('192.0.2.7')).toBe('7.2.0.192.in-addr.arpa')
  expect(await reverse('2001:db8::1')).toBe(`1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`)
  expect(await reverse('7.2.0.192.in-addr.arpa')).toBe('7.2.0.192.in-addr.arpa')
})
