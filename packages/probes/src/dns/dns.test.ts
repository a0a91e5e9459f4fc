import { type Answerer, type DnsQuestion, startDnsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'

const a = ({ name }: DnsQuestion, data = '192.0.2.1') => ({ name, type: 'A' as const, ttl: 60, data })

async function probeDns(answerer: Answerer, dns: object = {}, rest: object = {}) {
  await using server = await startDnsServer(answerer)
  const servers = [`udp://127.0.0.1:${server.port}`]
  const document = { kind: 'dns' as const, target: 'shop.example', timeout: '500ms', dns: { servers, ...dns }, ...rest }
  return { result: await probeDocument(document), server }
}

test('is up for an answer of the type asked for, and tells what was answered', async () => {
  const { result, server } = await probeDns((question) => ({
    answers: [
      { name: 'shop.example', type: 'CNAME', ttl: 300, data: 'real.example' },
      { ...a(question), name: 'real.example' },
    ],
    authorities: [{ name: 'example', type: 'NS', ttl: 9, data: 'ns.example' }],
  }))
  expect(result).toMatchObject({
    outcome: 'up',
    error: null,
    ip: '127.0.0.1',
    ipFamily: 4,
    http: null,
    tls: null,
    dns: {
      server: `udp://127.0.0.1:${server.port}`,
      rcode: 'NOERROR',
      flags: ['qr', 'rd', 'ra'],
      answers: [
        { name: 'shop.example', type: 'CNAME', ttl: 300, data: 'real.example' },
        { name: 'real.example', type: 'A', ttl: 60, data: '192.0.2.1' },
      ],
      authorityCount: 1,
      additionalCount: 0,
    },
    phases: { dnsMs: expect.any(Number), connectMs: null },
  })
})

test('asks for AAAA, and without recursion, where the check says so', async () => {
  const answer = { name: 'shop.example', type: 'AAAA' as const, ttl: 60, data: '2001:db8::1' }
  const { result, server } = await probeDns(() => ({ answers: [answer] }), {
    recordType: 'AAAA',
    recursionDesired: false,
  })
  expect(result).toMatchObject({ outcome: 'up', dns: { answers: [{ data: '2001:db8::1' }], flags: ['qr', 'ra'] } })
  expect(server.questions).toMatchObject([{ name: 'shop.example', type: 'AAAA', recursionDesired: false }])
})

test.each([
  [3, 'dns_nxdomain', 'NXDOMAIN'],
  [2, 'dns_servfail', 'SERVFAIL'],
  [5, 'dns_refused', 'REFUSED'],
  [4, 'dns_servfail', 'NOTIMP'],
  [0, 'dns_nodata', 'NOERROR'],
])('tells rcode %d as %s, with the answer', async (rcode, code, name) => {
  const { result } = await probeDns(() => ({ rcode }))
  expect(result).toMatchObject({ outcome: 'down', error: { code, phase: 'dns' }, dns: { rcode: name, answers: [] } })
})

test('an alias alone is no answer', async () => {
  const alias = { name: 'shop.example', type: 'CNAME' as const, ttl: 300, data: 'real.example' }
  const { result } = await probeDns(() => ({ answers: [alias] }))
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'dns_nodata' } })
})

test('tells silence as dns_timeout and garbage as dns_malformed', async () => {
  const silent = await probeDns(() => undefined)
  expect(silent.result).toMatchObject({ outcome: 'down', error: { code: 'dns_timeout' }, dns: null })
  expect(silent.server.questions.length).toBeGreaterThan(1)
  const garbled = await probeDns((_, { id = 0 }) => [Buffer.from([id >> 8, id & 0xff, 0x81, 0x80, 0, 1])])
  expect(garbled.result).toMatchObject({ outcome: 'down', error: { code: 'dns_malformed' } })
})

test('tells a server that nothing listens at, and one that may not be asked', async () => {
  const { server } = await probeDns(() => ({}))
  const gone = await probeDocument({
    kind: 'dns',
    target: 'a.example',
    dns: { servers: [`udp://127.0.0.1:${server.port}`] },
  })
  expect(gone).toMatchObject({ outcome: 'down', error: { code: 'dns_unreachable' } })
  const denied = await probeDocument({
    kind: 'dns',
    target: 'a.example',
    dns: { servers: ['udp://169.254.169.253:53'] },
  })
  expect(denied).toMatchObject({ outcome: 'down', error: { code: 'egress_denied' } })
})

test('an assertion on the rcode takes the place of the default verdict', async () => {
  const assertions = [{ source: 'dns.rcode', op: 'eq', value: 'NXDOMAIN' }]
  expect((await probeDns(() => ({ rcode: 3 }), {}, { assertions })).result).toMatchObject({ outcome: 'up' })
})

test('assertions see answers, time to live and flags', async () => {
  const assertions = [
    { source: 'dns.answers', op: 'contains', value: '192.0.2.1' },
    { source: 'dns.ttl', op: 'gte', value: 60 },
    { source: 'dns.flags', op: 'contains', value: 'ra' },
    { source: 'dns.flags', op: 'contains', value: 'ad' },
  ]
  const { result } = await probeDns((question) => ({ answers: [a(question)] }), {}, { assertions })
  expect(result.assertions.map(({ ok }) => ok)).toEqual([true, true, true, false])
  expect(result.error).toMatchObject({ code: 'assertion_failed' })
})

test('asks for names beyond ASCII as DNS carries them', async () => {
  const { server } = await probeDns((question) => ({ answers: [a(question)] }), {}, { target: 'bücher.example' })
  expect(server.questions[0]?.name).toBe('xn--bcher-kva.example')
})
