import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluateAssertions, type Observed } from './assertion.ts'
import { Assertion, type AssertionSource, assertionOperators, assertionSources } from './assertion-schema.ts'
import { noPhases } from './probe.ts'

const instant = '2027-01-01T00:00:00.000Z'
const certificate = {
  subject: 'CN=a.example',
  issuer: 'CN=Authority',
  serial: '01',
  notBefore: instant,
  notAfter: instant,
  sha256: 'AA:BB',
  san: ['a.example', 'b.example'],
  keyType: 'ec',
  keyBits: 256,
  signature: 'ecdsa-with-SHA256',
}
const observed: Observed = {
  durationMs: 120,
  phases: { dnsMs: 1, connectMs: 2, tlsMs: 3, ttfbMs: 4, transferMs: 5 },
  facts: {
    ip: '192.0.2.7',
    ipFamily: 4,
    body: '{"a":[1,2]}',
    http: {
      status: 200,
      version: '2',
      redirects: [],
      headers: { 'x-a': 'b' },
      bodyBytes: 11,
      bodyTruncated: false,
      finalUrl: 'https://a.example/',
    },
    tls: {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      alpn: null,
      authorized: true,
      serverName: 'a.example',
      chain: [certificate],
      earliestExpiry: instant,
      daysLeft: 40.5,
    },
    dns: {
      server: '192.0.2.53:53',
      rcode: 'NOERROR',
      flags: ['qr', 'ad'],
      answers: [
        { name: 'a.example', type: 'A', ttl: 300, data: '192.0.2.7' },
        { name: 'a.example', type: 'A', ttl: 60, data: '192.0.2.8' },
      ],
      authorityCount: 0,
      additionalCount: 0,
      status: 'secure',
    },
    icmp: {
      sent: 3,
      received: 2,
      lossPercent: 33.33,
      rttMinMs: 1,
      rttAvgMs: 1,
      rttMaxMs: 1,
      rttStddevMs: 0,
      hopLimit: 64,
    },
  },
}
const nothing: Observed = { durationMs: 120, phases: noPhases, facts: { ip: null, ipFamily: null } }

const values: { [Source in AssertionSource]: unknown } = {
  status: 200,
  header: 'b',
  body: '{"a":[1,2]}',
  'body.json': [1, 2],
  'body.size': 11,
  redirects: 0,
  'http.version': '2',
  duration: 120,
  ip: '192.0.2.7',
  'phase.dns': 1,
  'phase.connect': 2,
  'phase.tls': 3,
  'phase.ttfb': 4,
  'phase.transfer': 5,
  'cert.daysLeft': 40.5,
  'cert.issuer': 'CN=Authority',
  'cert.subject': 'CN=a.example',
  'cert.san': ['a.example', 'b.example'],
  'cert.fingerprint': 'AA:BB',
  'tls.version': 'TLSv1.3',
  'tls.cipher': 'TLS_AES_128_GCM_SHA256',
  'dns.rcode': 'NOERROR',
  'dns.answers': ['192.0.2.7', '192.0.2.8'],
  'dns.ttl': 60,
  'dns.flags': ['qr', 'ad'],
  'dns.status': 'secure',
  loss: 33.33,
}
const sources = Object.keys(assertionSources) as AssertionSource[]

const subjectOf = (source: AssertionSource): object => ({
  source,
  ...(source === 'header' ? { name: 'X-A' } : {}),
  ...(source === 'body.json' ? { path: '$.a[*]' } : {}),
})

function judge(source: AssertionSource, rest: object, seen = observed) {
  const [result] = evaluateAssertions([Assertion.parse({ ...subjectOf(source), ...rest })], seen)
  return result
}

/** Whether the schema takes it: a status is never equal to "a". */
const isTaken = (source: AssertionSource, rest: object): boolean =>
  Assertion.safeParse({ ...subjectOf(source), ...rest }).success

test.each(sources)('%s is read from what was observed, and is nothing where nothing was', (source) => {
  expect(judge(source, { op: 'exists' })).toMatchObject({ actual: values[source], ok: true })
  const always = source === 'duration'
  expect(judge(source, { op: 'exists' }, nothing)).toMatchObject({ ok: always })
  expect(judge(source, { op: 'notExists' }, nothing)).toMatchObject({ ok: !always })
})

const Text = fc.constantFrom('a', '200', 'a.example', '192.0.2.7', 'x')
const Operand = fc.oneof(Text, fc.integer({ min: -5, max: 500 }))

test('an operator and its opposite never both hold, and one of them does where there is a value', () => {
  const pairs = [
    ['eq', 'ne'],
    ['contains', 'notContains'],
    ['exists', 'notExists'],
    ['matches', 'notMatches'],
  ] as const
  fc.assert(
    fc.property(
      fc.constantFrom(...sources),
      fc.constantFrom(...pairs),
      Text,
      fc.boolean(),
      (source, pair, value, there) => {
        const rest = pair[0] === 'exists' ? {} : { value }
        fc.pre(pair.every((op) => isTaken(source, { op, ...rest })))
        const held = pair.map((op) => judge(source, { op, ...rest }, there ? observed : nothing)?.ok)
        expect(held.filter(Boolean).length).toBeLessThanOrEqual(1)
        if (there) expect(held.filter(Boolean)).toHaveLength(1)
      },
    ),
  )
})

test('order is total on numbers: of lt, eq and gt one holds, and lte and gte are their unions', () => {
  const numbers: AssertionSource[] = ['status', 'body.size', 'cert.daysLeft', 'dns.ttl', 'loss', 'redirects']
  fc.assert(
    fc.property(fc.constantFrom(...numbers), fc.integer({ min: -5, max: 500 }), (source, value) => {
      const [lt, eq, gt, lte, gte] = (['lt', 'eq', 'gt', 'lte', 'gte'] as const).map(
        (op) => judge(source, { op, value })?.ok,
      )
      expect([lt, eq, gt].filter(Boolean)).toHaveLength(1)
      expect(lte).toBe(lt || eq)
      expect(gte).toBe(gt || eq)
    }),
  )
})

const ofOneValue = sources.filter((source) => !Array.isArray(values[source]))

test('in holds when eq does for one of the list', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ofOneValue), fc.array(Operand, { maxLength: 5 }), (source, all) => {
      const list = all.filter((value) => isTaken(source, { op: 'eq', value }))
      const one = list.some((value) => judge(source, { op: 'eq', value })?.ok)
      expect(judge(source, { op: 'in', value: list })?.ok).toBe(one)
    }),
  )
})

test('a fingerprint is the same with and without colons and capitals, an rcode in any case, and 1.0 is a version', () => {
  for (const value of ['AA:BB', 'aabb', 'aa:bb']) expect(judge('cert.fingerprint', { op: 'eq', value })?.ok).toBe(true)
  expect(judge('cert.fingerprint', { op: 'in', value: ['aabc', 'AABB'] })?.ok).toBe(true)
  expect(judge('cert.fingerprint', { op: 'ne', value: 'aabb' })?.ok).toBe(false)
  for (const value of ['noerror', 'NOERROR']) expect(judge('dns.rcode', { op: 'eq', value })?.ok).toBe(true)
  expect(judge('dns.rcode', { op: 'in', value: ['nxdomain'] })?.ok).toBe(false)
  const { http } = observed.facts
  const old = { ...observed, facts: { ...observed.facts, ...(http && { http: { ...http, version: '1.0' } }) } }
  for (const value of [1, '1.0']) expect(judge('http.version', { op: 'eq', value }, old)?.ok).toBe(true)
  expect(judge('http.version', { op: 'eq', value: 1.1 }, old)?.ok).toBe(false)
})

test('versions of TLS have an order', () => {
  const held = (['lt', 'lte', 'gt', 'gte'] as const).map((op) => judge('tls.version', { op, value: 'TLSv1.2' })?.ok)
  expect(held).toEqual([false, false, true, true])
  expect(judge('tls.version', { op: 'gte', value: 'TLSv1.3' })?.ok).toBe(true)
  expect(judge('tls.version', { op: 'gte', value: 'TLSv1' }, nothing)?.ok).toBe(false)
})

test('in holds of several values when each of them is in the list, and of none never', () => {
  const both = ['192.0.2.8', '192.0.2.7', '192.0.2.9']
  expect(judge('dns.answers', { op: 'in', value: both })?.ok).toBe(true)
  expect(judge('dns.answers', { op: 'in', value: both.slice(1) })?.ok).toBe(false)
  const { dns } = observed.facts
  const empty = { ...observed, facts: { ...observed.facts, ...(dns && { dns: { ...dns, answers: [] } }) } }
  expect(judge('dns.answers', { op: 'in', value: both }, empty)?.ok).toBe(false)
})

test('no document that the schema takes makes the judgement throw', () => {
  const document = fc.record({
    source: fc.constantFrom(...sources),
    op: fc.constantFrom(...assertionOperators),
    value: fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null), fc.array(Operand)),
  })
  fc.assert(
    fc.property(document, fc.boolean(), ({ source, op, value }, there) => {
      const parsed = Assertion.safeParse({ ...subjectOf(source), op, value })
      if (!parsed.success) return
      const [result] = evaluateAssertions([parsed.data], there ? observed : nothing)
      expect(typeof result?.ok).toBe('boolean')
      expect(JSON.stringify(result?.actual)?.length).toBeLessThan(400)
    }),
  )
})
