import {
  type EncodedSpans,
  emptyRollup,
  explain,
  figureAt,
  foldResults,
  mergeRollups,
  noPhases,
  quantile,
  type Result,
  rollupOf,
  rollupTiers,
  SeriesMerger,
  type SeriesPoint,
  spanStart,
} from '@sonde/core'
import { aCheck, aResult, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { listCertificates, listEvents } from '../queries/certificates.ts'
import { createCheck, findCheck } from '../queries/checks.ts'
import { ingest } from '../queries/ingest.ts'
import { listResults } from '../queries/results.ts'
import { countSince, readSteps } from '../queries/rollups.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const minute = 60_000

let fresh: FreshDatabase
let handle: DatabaseHandle
beforeAll(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', max: 8, onError: () => undefined })
  await makePartitions(handle.db, start)
})
afterAll(async () => {
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

async function newCheck(key: string) {
  await createCheck(handle.db, aCheck({ key }))
  const stored = await findCheck(handle.db, key)
  if (stored === undefined) throw new Error('not stored')
  const { id, check } = stored
  return {
    id,
    result: (atMs: number, own: Partial<Result> = {}) => aResult(check, atMs, own),
    store: (...results: Result[]) =>
      ingest(
        handle.db,
        results.map((result) => ({ checkId: id, result })),
        foldResults,
      ),
    list: async () => (await listResults(handle.db, { checkId: id, limit: 1000 })).map(({ result }) => result),
    details: async () => {
      const { rows } = await handle.db.execute<{ slot: Date }>(
        sql`select slot from result_details where check_id = ${id} order by slot`,
      )
      return rows.map(({ slot }) => new Date(slot).toISOString())
    },
  }
}

const site = (status: number): Partial<Result> => ({
  http: {
    status,
    version: '1.1',
    redirects: [],
    headers: {},
    bodyBytes: 1,
    bodyTruncated: false,
    finalUrl: 'http://127.0.0.1:9/',
  },
})
const iso = (ms: number) => new Date(ms).toISOString()

test('documents are kept of the first, of each change, of what is down, and of one an hour; every result is shown', async () => {
  const check = await newCheck('sampled')
  const refused = { outcome: 'down', error: explain('tcp_refused', 'refused') } as const
  const results = [
    ...Array.from({ length: 10 }, (_, index) =>
      check.result(start + index * minute, { ...site(200), durationMs: index + 1 }),
    ),
    check.result(start + 10 * minute, site(204)),
    check.result(start + 11 * minute, site(204)),
    check.result(start + 12 * minute, refused),
    check.result(start + 13 * minute, refused),
    check.result(start + 14 * minute, site(204)),
    check.result(start + 73 * minute, site(204)),
    check.result(start + 74 * minute, site(204)),
  ]
  for (const result of results) await check.store(result)
  expect(await check.details()).toEqual([0, 10, 12, 13, 14, 74].map((at) => iso(start + at * minute)))
  const shown = (await check.list()).toReversed()
  expect(
    shown.map(({ slot, outcome, durationMs, http, startedAt, ip }) => [
      slot,
      outcome,
      durationMs,
      http?.status,
      startedAt,
      ip,
    ]),
  ).toEqual(
    results.map(({ slot, outcome, durationMs, http, startedAt, ip }) => [
      slot,
      outcome,
      durationMs,
      http?.status,
      startedAt,
      ip,
    ]),
  )
  expect(shown[3]?.detailSlot).toBe(iso(start))
  expect(shown[10]?.detailSlot).toBeUndefined()
})

test('an address that changes is shown of every result, in whatever chunks they come', async () => {
  const check = await newCheck('addresses')
  const ips = ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.1', '2001:db8::1', '192.0.2.1', '192.0.2.2']
  const results = ips.map((ip, index) =>
    check.result(start + index * minute, { ...site(index === 2 ? 204 : 200), ip, ipFamily: ip.includes(':') ? 6 : 4 }),
  )
  await check.store(...results.slice(0, 2))
  await check.store(...results.slice(2))
  expect((await check.list()).toReversed().map(({ ip, ipFamily }) => [ip, ipFamily])).toEqual(
    results.map(({ ip, ipFamily }) => [ip, ipFamily]),
  )
})

test('a late result keeps its document, and lends its facts to none behind it', async () => {
  const check = await newCheck('late')
  await check.store(check.result(start, site(200)), check.result(start + 2 * minute, site(200)))
  await check.store(check.result(start + minute, site(418)))
  expect((await check.list()).map(({ http }) => http?.status)).toEqual([200, 418, 200])
})

test('a result that takes the place of a missed row brings its document, and takes the miss out of the sums', async () => {
  const check = await newCheck('returned')
  const missed = (at: number) =>
    check.result(at, {
      outcome: 'missed',
      startedAt: null,
      error: explain('expired', 'lost'),
      durationMs: 0,
      attempts: 0,
    })
  await check.store(check.result(start, site(200)), missed(start + minute), missed(start + 2 * minute))
  await check.store(check.result(start + minute, { ...site(200), durationMs: 33 }))
  expect((await check.list()).map(({ outcome, http, durationMs }) => [outcome, http?.status, durationMs])).toEqual([
    ['missed', undefined, 0],
    ['up', 200, 33],
    ['up', 200, 12.5],
  ])
  expect(await countSince(handle.db, [check.id], start)).toEqual(
    new Map([[check.id, { up: 2, down: 0, missed: 1, maintenance: 0 }]]),
  )
  const codes: EncodedSpans['codes'][] = []
  const query = { checkId: check.id, tier: '5m', stepMs: 300_000, fromMs: start, toMs: start + 5 * minute } as const
  await readSteps(handle.db, query, (spans) => codes.push(spans.codes))
  expect(codes[0]).toEqual([{ expired: 1 }])
})

test('rollups of every tier are the sums of the results, also of late ones and in two regions', async () => {
  const check = await newCheck('summed')
  const results = Array.from({ length: 300 }, (_, index) => {
    const region = index % 3 === 0 ? 'us' : 'eu'
    const own: Partial<Result> =
      index % 7 === 0
        ? { region, outcome: 'down', error: explain('http_status', '503'), durationMs: 5 + index }
        : { region, durationMs: 1 + index / 3, phases: { ...noPhases, ttfbMs: index / 5 + 0.1 } }
    return check.result(start + index * minute, own)
  })
  // In steps of 97 they come far out of order.
  const shuffled = results.map((_, index) => results[(index * 97) % results.length] as Result)
  for (let at = 0; at < shuffled.length; at += 20) await check.store(...shuffled.slice(at, at + 20))
  for (const tier of ['5m', '1h', '1d'] as const) {
    // Of 5 minutes these are more steps than are asked for at once.
    const fromMs = spanStart(tier, start - 3 * 86_400_000)
    const stepMs = rollupTiers[tier]
    const merger = new SeriesMerger(stepMs)
    const told: unknown[] = []
    const note = (point: SeriesPoint | undefined) => {
      if (point === undefined) return
      const { startMs, up, down, codes, latency } = point
      const { total, ttfb } = latency
      told.push({
        startMs,
        up,
        down,
        codes,
        count: total?.[figureAt.count],
        p95: total?.[figureAt.p95Ms],
        ttfb: ttfb && [...ttfb.subarray(0, 4)].map((ms, at) => (at === figureAt.meanMs ? ms.toFixed(6) : ms)),
      })
    }
    const query = { checkId: check.id, tier, stepMs, fromMs, toMs: start + 86_400_000 }
    await readSteps(handle.db, query, (spans) => note(merger.add(spans)))
    note(merger.end())
    const bySpan = Map.groupBy(results, ({ slot }) => spanStart(tier, Date.parse(slot)))
    const expected = [...bySpan].map(([startMs, parts]) => {
      const { up, down, codes, latency } = mergeRollups([emptyRollup, ...parts.map((one) => rollupOf(one, false))])
      const { total, ttfb } = latency
      return {
        startMs,
        up,
        down,
        codes,
        count: total?.count,
        p95: total && Math.min(total.maxMs, Math.max(total.minMs, quantile(total.histogram, 0.95) ?? 0)),
        ttfb: ttfb && [ttfb.count, (ttfb.sumMs / ttfb.count).toFixed(6), ttfb.minMs, ttfb.maxMs],
      }
    })
    expect(told).toEqual(expected)
  }
  const days = { tier: '1d', stepMs: 86_400_000, fromMs: spanStart('1d', start), toMs: start + 86_400_000 } as const
  let inUs = 0
  await readSteps(handle.db, { checkId: check.id, ...days, region: 'us' }, ({ up, down }) => (inUs += up + down))
  expect(inUs).toBe(100)
})

test('a window of service begins at its five minutes, whatever whole hours and days lie in it', async () => {
  const check = await newCheck('window')
  const day = 86_400_000
  const began = Date.parse('2026-01-02T00:00:00Z')
  await makePartitions(handle.db, began)
  const results = Array.from({ length: 4 * 24 * 4 }, (_, index) => check.result(began + index * 15 * minute))
  for (let at = 0; at < results.length; at += 96) await check.store(...results.slice(at, at + 96))
  const end = began + 4 * day
  for (const windowMs of [
    5 * minute,
    20 * minute,
    3_600_000,
    7 * 3_600_000 + 10 * minute,
    day,
    2 * day + 5 * 3_600_000,
    4 * day,
  ]) {
    const counts = await countSince(handle.db, [check.id], end - windowMs)
    expect(counts.get(check.id)?.up ?? 0).toBe(results.filter(({ slot }) => Date.parse(slot) >= end - windowMs).length)
  }
})

test('certificates are known by fingerprint, where and when; another chain is an event', async () => {
  const [a, b] = [await newCheck('cert-a'), await newCheck('cert-b')]
  const certificate = (name: string, notAfter: string) => ({
    subject: `CN=${name}`,
    issuer: 'CN=ca',
    serial: '01',
    notBefore: '2025-01-01T00:00:00.000Z',
    notAfter,
    sha256: name.padEnd(64, '0'),
    san: [`DNS:${name}`],
    keyType: 'ec',
    keyBits: 256,
    signature: 'ecdsa-with-SHA256',
  })
  const [ca, old, next] = [
    certificate('ca', '2030-01-01T00:00:00.000Z'),
    certificate('old', '2026-02-01T00:00:00.000Z'),
    certificate('next', '2026-06-01T00:00:00.000Z'),
  ]
  const seen = (...chain: (typeof ca)[]): Partial<Result> => ({
    tls: {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      alpn: null,
      authorized: true,
      serverName: 'x',
      chain,
      earliestExpiry: null,
      daysLeft: null,
    },
  })
  await a.store(a.result(start, seen(old, ca)))
  await b.store(b.result(start + minute, seen(old, ca)))
  await a.store(a.result(start + 2 * minute, seen(next, ca)), a.result(start + 3 * minute, seen(next, ca)))
  const list = await listCertificates(handle.db, { limit: 10 })
  expect(
    list.map(({ subject, seenBy }) => [
      subject,
      seenBy.map(({ checkKey, position, current }) => [checkKey, position, current]),
    ]),
  ).toEqual([
    [
      'CN=old',
      [
        ['cert-a', 0, false],
        ['cert-b', 0, true],
      ],
    ],
    ['CN=next', [['cert-a', 0, true]]],
    [
      'CN=ca',
      [
        ['cert-a', 1, true],
        ['cert-b', 1, true],
      ],
    ],
  ])
  expect(await listEvents(handle.db, a.id, 10)).toEqual([
    {
      at: new Date(start + 2 * minute),
      region: 'local',
      type: 'certificate_changed',
      data: { before: [old.sha256, ca.sha256], after: [next.sha256, ca.sha256] },
    },
  ])
  expect(await listEvents(handle.db, b.id, 10)).toEqual([])
  const [first] = list
  expect(
    await listCertificates(handle.db, {
      limit: 10,
      after: first && { notAfter: first.notAfter, sha256: first.sha256 },
    }),
  ).toEqual(list.slice(1))
  expect((await listCertificates(handle.db, { limit: 10, checkKey: 'cert-b' })).map(({ subject }) => subject)).toEqual([
    'CN=old',
    'CN=ca',
  ])
  // A load balancer with one in each of two servers, in results that were written together.
  const c = await newCheck('cert-c')
  const [x, y] = [certificate('x', '2026-03-01T00:00:00.000Z'), certificate('y', '2026-03-01T00:00:00.000Z')]
  await c.store(...[x, y, x, y].map((leaf, index) => c.result(start + (5 + index) * minute, seen(leaf, ca))))
  const spans = (await listCertificates(handle.db, { limit: 10, checkKey: 'cert-c' })).map((one) =>
    [one, one.seenBy.find(({ checkKey }) => checkKey === 'cert-c')].map((span) =>
      [span?.firstSeen, span?.lastSeen].map((at) => ((at?.getTime() ?? 0) - start) / minute),
    ),
  )
  expect(spans).toEqual([
    [
      [5, 7],
      [5, 7],
    ],
    [
      [6, 8],
      [6, 8],
    ],
    [
      [0, 8],
      [5, 8],
    ],
  ])
  expect(await listEvents(handle.db, c.id, 10)).toHaveLength(3)
})
