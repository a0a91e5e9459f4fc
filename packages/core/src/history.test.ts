import { expect, test } from 'vitest'
import { explain } from './failure.ts'
import { documentOf, factsOf, keepsDetail, type NarrowResult, withDetail, withoutDetail } from './history.ts'
import { noPhases } from './probe.ts'
import { aResult } from './result.fixture.ts'
import type { Result } from './result.ts'

const http: NonNullable<Result['http']> = {
  status: 200,
  version: '1.1',
  redirects: [],
  headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' },
  bodyBytes: 512,
  bodyTruncated: false,
  finalUrl: 'http://127.0.0.1/',
}
const seen = aResult({
  http,
  ip: '192.0.2.7',
  ipFamily: 4,
  assertions: [
    { source: 'duration', op: 'lt', expected: '1s', actual: 10, ok: true },
    { source: 'body.size', op: 'gt', expected: 1, actual: 512, ok: true },
  ],
})
const narrow = (own: Partial<NarrowResult> = {}): NarrowResult => ({
  region: 'local',
  slot: '2026-01-01T00:00:30.000Z',
  startedAt: '2026-01-01T00:00:30.002Z',
  outcome: 'up',
  code: null,
  durationMs: 12,
  attempts: 1,
  phases: { ...noPhases, ttfbMs: 7 },
  ip: null,
  ...own,
})
const check = { checkKey: 'a', kind: 'http', target: 'http://127.0.0.1/' } as const
const at = (minutes: number) => new Date(Date.parse(seen.slot) + minutes * 60_000).toISOString()
const mark = { slotMs: Date.parse(seen.slot), facts: factsOf(seen), ip: seen.ip }

test.each<[string, Partial<Result>, boolean]>([
  ['the same facts half an hour later', { slot: at(30) }, false],
  ['the same facts an hour later', { slot: at(60) }, true],
  ['other headers and another size', { slot: at(1), http: { ...http, headers: {}, bodyBytes: 600 } }, false],
  ['another status', { slot: at(1), http: { ...http, status: 204 } }, true],
  ['down', { slot: at(1), outcome: 'down', error: explain('http_status', '503') }, true],
  ['missed', { slot: at(1), outcome: 'missed', http: null, error: explain('no_worker', 'none') }, true],
])('whether the document is kept: %s', (_, own, kept) => {
  const result = aResult({ ...seen, ...own })
  expect(keepsDetail(mark, result, factsOf(result))).toBe(kept)
})

test('the first result is kept whole', () => {
  expect(keepsDetail(null, seen, factsOf(seen))).toBe(true)
})

test('answers in another order, with other TTLs, are the same facts; another answer is not', () => {
  const dns = (data: string[], ttl: number) =>
    aResult({
      kind: 'dns',
      dns: {
        server: '127.0.0.1',
        rcode: 'NOERROR',
        flags: ['qr'],
        answers: data.map((one) => ({ name: 'a.example', type: 'A', ttl, data: one })),
        authorityCount: 0,
        additionalCount: 0,
      },
    })
  const facts = factsOf(dns(['192.0.2.1', '192.0.2.2'], 60))
  expect(factsOf(dns(['192.0.2.2', '192.0.2.1'], 17))).toBe(facts)
  expect(factsOf(dns(['192.0.2.2', '192.0.2.3'], 60))).not.toBe(facts)
})

test('a result without a detail of its own is shown with its own times and the facts of the detail before it', () => {
  const shown = documentOf(narrow(), check, seen)
  expect(shown).toMatchObject({
    slot: '2026-01-01T00:00:30.000Z',
    durationMs: 12,
    phases: { ttfbMs: 7 },
    ip: '192.0.2.7',
    http: { status: 200 },
    detailSlot: seen.slot,
  })
  expect(shown.assertions.map(({ actual, ok }) => [actual, ok])).toEqual([
    [12, true],
    [512, true],
  ])
  expect(documentOf(narrow({ ip: '2001:db8::1' }), check, seen)).toMatchObject({ ip: '2001:db8::1', ipFamily: 6 })
})

test('what an assertion saw of a certificate or an address is of the result itself, and of all else what the detail saw', () => {
  const saw = (source: string, actual: unknown) => ({ source, op: 'exists', expected: null, actual, ok: true })
  const tls = {
    version: 'TLSv1.3',
    cipher: 'x',
    alpn: null,
    authorized: true,
    serverName: 'a',
    chain: [],
    earliestExpiry: '2026-01-31T00:00:00.000Z',
    daysLeft: 30,
  }
  const assertions = [saw('cert.daysLeft', 30), saw('ip', '192.0.2.7'), saw('status', 200), saw('body.json', 'ok')]
  const later = narrow({ slot: '2026-01-01T12:00:00.000Z', ip: '192.0.2.8' })
  const shown = documentOf(later, check, aResult({ ...seen, tls, assertions }))
  expect(shown.tls?.daysLeft).toBe(29.5)
  expect(shown.assertions.map(({ actual }) => actual)).toEqual([29.5, '192.0.2.8', 200, 'ok'])
})

test('a missed slot says why, and shows nothing of what was seen before it', () => {
  const missed = narrow({ outcome: 'missed', code: 'expired', startedAt: null, phases: noPhases })
  expect(documentOf(missed, check, seen)).toMatchObject({
    outcome: 'missed',
    http: null,
    ip: null,
    error: { code: 'expired', phase: 'missed' },
  })
})

test('facts of another outcome, or whose detail is past retention, are left out', () => {
  expect(documentOf(narrow(), check, null)).toMatchObject({ checkKey: 'a', outcome: 'up', http: null, durationMs: 12 })
  const down = aResult({ outcome: 'down', error: explain('http_status', '503'), http })
  expect(documentOf(narrow(), check, down).http).toBeNull()
})

test('the newest result, taken apart and put together again, is as it was but for headers that change with every answer', () => {
  const certificate = {
    subject: 'CN=shop.example',
    issuer: 'CN=ca',
    serial: '01',
    notBefore: '2025-01-01T00:00:00.000Z',
    notAfter: '2027-01-01T00:00:00.000Z',
    sha256: 'ab',
    san: [],
    keyType: 'ec',
    keyBits: 256,
    signature: 'ecdsa-with-SHA256',
  }
  const answer = (date: string, bytes: string): Partial<Result> => ({
    http: {
      status: 200,
      version: '1.1',
      redirects: [],
      headers: { date, server: 'x', 'content-length': bytes },
      bodyBytes: Number(bytes),
      bodyTruncated: false,
      finalUrl: 'https://shop.example/',
    },
    tls: {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      alpn: null,
      authorized: true,
      serverName: 'shop.example',
      chain: [certificate],
      earliestExpiry: certificate.notAfter,
      daysLeft: 300,
    },
  })
  const detail = { ...seen, ...answer('Mon', '10'), slot: '2026-01-05T10:00:00.000Z' }
  const newest = { ...seen, ...answer('Tue', '11'), slot: '2026-01-05T10:01:00.000Z' }
  expect(withDetail(withoutDetail(detail), detail)).toEqual(detail)
  const kept = withoutDetail(newest)
  expect(kept.tls?.chain).toEqual([])
  expect(kept.http?.headers).toEqual({ 'content-length': '11' })
  expect(withDetail(kept, detail)).toEqual({
    ...newest,
    http: { ...newest.http, headers: { date: 'Mon', server: 'x', 'content-length': '11' } },
    detailSlot: detail.slot,
  })
  expect(withDetail(kept, null)).toEqual(kept)
})
