import type { Evidence } from '@sonde/core'
import { aCheck } from '@sonde/testkit'
import { Authority, startDnsServer, startTcpServer, startTlsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { egressPolicy } from '../net/egress.ts'
import { isPublicName } from './public-name.ts'
import { type EvidenceOptions, takeEvidence } from './take-evidence.ts'

const options = (own: Partial<EvidenceOptions> = {}): EvidenceOptions => ({
  region: 'eu',
  egress: egressPolicy({ deny: [], allow: [] }),
  resolvers: [],
  trace: false,
  now: Date.now,
  signal: AbortSignal.timeout(20_000),
  ...own,
})

test('an https target shows its chain over the families that it has, without a request', async () => {
  const authority = await Authority.create()
  const leaf = await authority.issue({
    names: ['127.0.0.1'],
    notAfter: new Date(Date.now() - 86_400_000),
    notBefore: new Date(Date.now() - 2 * 86_400_000),
  })
  await using server = await startTlsServer({ cert: leaf.cert, key: leaf.key })
  const check = aCheck({
    key: 'shop',
    target: `https://127.0.0.1:${server.port}/`,
    http: { tls: { caPem: authority.cert } },
  })
  const evidence = await takeEvidence(check, options())
  expect(evidence).toMatchObject({
    region: 'eu',
    families: [{ family: 4, address: '127.0.0.1', outcome: 'down', code: 'tls_expired' }],
    chain: [{ subject: expect.stringContaining('127.0.0.1') as string }],
    trace: null,
    resolvers: [],
  })
})

test('the families are told apart', async () => {
  await using server = await startTcpServer()
  const check = aCheck({ key: 'shop', kind: 'tcp', target: `localhost:${server.port}` })
  const { families } = await takeEvidence(check, options())
  const byFamily = Object.fromEntries(families.map(({ family, outcome, code }) => [family, [outcome, code]]))
  expect(byFamily[4]).toEqual(['up', null])
  // Nothing listens there, if this machine speaks IPv6 at all.
  if (6 in byFamily) expect(byFamily[6]?.[0]).toBe('down')
})

test('two other resolvers are asked about a public name, and what they say is kept', async () => {
  const answer = (data: string) =>
    startDnsServer((question) => ({ answers: [{ name: question.name, type: 'A', ttl: 60, data }] }))
  await using first = await answer('192.0.2.1')
  await using second = await answer('192.0.2.2')
  const check = aCheck({
    key: 'zone',
    kind: 'dns',
    target: 'shop.sonde-monitor.org',
    dns: { servers: ['udp://127.0.0.1:9'] },
  })
  const resolvers = [`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`]
  const evidence = await takeEvidence(check, options({ resolvers }))
  expect(evidence.resolvers).toEqual([
    { server: resolvers[0], rcode: 'NOERROR', answers: ['192.0.2.1'], error: null },
    { server: resolvers[1], rcode: 'NOERROR', answers: ['192.0.2.2'], error: null },
  ])
})

test('what is known within a moment is told before the rest is, as when a target keeps silent', async () => {
  await using server = await startTcpServer()
  const here = await startDnsServer((question) => ({
    answers: question.type === 'A' ? [{ name: question.name, type: 'A', ttl: 60, data: '127.0.0.1' }] : [],
  }))
  await using dns = here
  const resolvers = [`127.0.0.1:${dns.port}`]
  const target = `https://shop.sonde-monitor.org:${server.port}/`
  const check = aCheck({ key: 'shop', target, http: { resolvers } })
  const enough = new AbortController()
  const early: Evidence[] = []
  const onEarly = (one: Evidence) => {
    early.push(one)
    enough.abort()
  }
  const whole = await takeEvidence(check, options({ resolvers, onEarly, signal: enough.signal }))
  expect(early).toMatchObject([{ partial: true, families: [], resolvers: [{ answers: ['127.0.0.1'] }], trace: null }])
  expect(whole).toMatchObject({ partial: false, resolvers: early[0]?.resolvers })
})

test('nobody else is asked about names that are ours alone', async () => {
  await using dns = await startDnsServer(() => ({ rcode: 3 }))
  const resolvers = [`127.0.0.1:${dns.port}`]
  for (const target of ['db.internal', 'localhost', 'nas.local', 'shop.example']) {
    await takeEvidence(
      aCheck({ key: 'own', kind: 'dns', target, dns: { servers: ['udp://127.0.0.1:9'] } }),
      options({ resolvers }),
    )
  }
  expect(dns.questions).toEqual([])
})

test.each([
  ['shop.sonde-monitor.org', true],
  ['db', false],
  ['10.0.0.1', false],
  ['[::1]', false],
  ['printer.LAN.', false],
  ['1.0.0.10.in-addr.arpa', false],
])('%s is a public name: %s', (name, expected) => {
  expect(isPublicName(name)).toBe(expected)
})

test('a denied address is not dialled for evidence either', async () => {
  const check = aCheck({ key: 'meta', target: 'http://169.254.169.254/' })
  const { families, trace } = await takeEvidence(check, options({ trace: true }))
  expect(families.map(({ code }) => code)).toEqual(['egress_denied'])
  expect(trace).toBeNull()
})
