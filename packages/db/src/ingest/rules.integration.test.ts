import { type CheckInput, explain, foldResults, type IncidentDocument, type Result } from '@sonde/core'
import { aCheck, aResult, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createChannel } from '../queries/channels.ts'
import { createCheck, deleteCheck, findCheck, putCheck } from '../queries/checks.ts'
import { acknowledgeIncident, listIncidents } from '../queries/incidents.ts'
import { ingest } from '../queries/ingest.ts'
import { judgeAgain } from '../queries/judge-again.ts'
import { judgeCertificates } from '../queries/judge-certificates.ts'
import { judgeLatencies } from '../queries/judge-latency.ts'
import { tellDue } from '../queries/tell-due.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const day = 86_400_000

let fresh: FreshDatabase
let handle: DatabaseHandle
beforeAll(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', max: 4, onError: () => undefined })
  await makePartitions(handle.db, start)
  for (const key of ['ops', 'web']) {
    await createChannel(handle.db, { key, kind: 'ntfy', enabled: true, ntfy: { url: 'http://127.0.0.1/x' } })
  }
})
afterAll(async () => {
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

async function newCheck(key: string, own: Partial<CheckInput> = {}) {
  const doc = aCheck({ key, interval: '10s', timeout: '1s', alerts: { channels: ['ops'] }, ...own })
  await createCheck(handle.db, doc)
  const id = (await findCheck(handle.db, key))?.id ?? 0
  return {
    doc,
    at: (slot: number, own: Partial<Result>) => {
      const slotMs = start + slot * 10_000
      return ingest(handle.db, [{ checkId: id, result: aResult(doc, slotMs, own) }], foldResults, slotMs + 500)
    },
    incidents: () => listIncidents(handle.db, { checkKey: key, limit: 10 }),
  }
}

/** What was told of incidents of a rule, oldest first: channel, type and summary. */
async function told(rule: string) {
  const { rows } = await handle.db.execute<{ type: string; channel_key: string; doc: IncidentDocument }>(
    sql`select o.type, o.channel_key, o.doc from outbox o join incidents i on i.id = o.incident_id where i.rule = ${rule} order by number`,
  )
  return rows.map(({ type, channel_key, doc }) => ({ channel: channel_key, type, doc }))
}

type Certificate = NonNullable<Result['tls']>['chain'][number]
function certificate(sha256: string, notAfterMs: number, own: Partial<Certificate> = {}): Certificate {
  return {
    subject: `CN=${sha256}.example`,
    issuer: 'CN=CA, O=Example',
    serial: '01',
    notBefore: new Date(notAfterMs - 90 * day).toISOString(),
    notAfter: new Date(notAfterMs).toISOString(),
    sha256,
    san: ['shop.example'],
    keyType: 'ec',
    keyBits: 256,
    signature: 'ecdsa-with-SHA256',
    ...own,
  }
}
const shown = (...chain: Certificate[]): Partial<Result> => ({
  tls: {
    version: 'TLSv1.3',
    cipher: 'x',
    alpn: null,
    authorized: true,
    serverName: 'shop.example',
    chain,
    earliestExpiry: chain[0]?.notAfter ?? null,
    daysLeft: 1,
  },
})
const tls = { kind: 'tls', target: 'shop.example:443' } as const

test('a certificate near its end is one incident for all checks that see it, told at each threshold, and over when replaced', async () => {
  const shop = await newCheck('cert-shop', tls)
  const api = await newCheck('cert-api', { ...tls, alerts: { channels: ['web'] } })
  const old = certificate('old', start + 10 * day)
  const leaf = certificate('leaf', start + 80 * day)
  await shop.at(0, shown(leaf, old))
  await api.at(0, shown(old))
  await judgeCertificates(handle.db, start + 1000)
  await judgeCertificates(handle.db, start + 2000)
  const [opened] = await told('certExpiry')
  expect(opened?.doc).toMatchObject({
    rule: 'certExpiry',
    checkKey: 'cert-shop',
    summary: 'certificate CN=old.example expires in 9 days, on 2026-01-15T10:00:00.000Z; seen by cert-api, cert-shop',
  })
  await judgeCertificates(handle.db, start + 8 * day)
  await judgeCertificates(handle.db, start + 11 * day)
  expect((await told('certExpiry')).map(({ channel, type, doc }) => [channel, type, doc.code])).toEqual([
    ['ops', 'incident.opened', null],
    ['web', 'incident.opened', null],
    ['ops', 'incident.updated', null],
    ['web', 'incident.updated', null],
    ['ops', 'incident.updated', 'tls_expired'],
    ['web', 'incident.updated', 'tls_expired'],
  ])
  const fresh = certificate('new', start + 100 * day)
  await shop.at(1, shown(leaf, fresh))
  await judgeCertificates(handle.db, start + 15_000)
  expect((await shop.incidents())[0]?.resolvedAt).toBeNull()
  await api.at(1, shown(fresh))
  // Shown not long ago, and a pool of servers may show it again.
  await judgeCertificates(handle.db, start + 15_000)
  expect((await shop.incidents())[0]?.resolvedAt).toBeNull()
  await judgeCertificates(handle.db, start + 150_000)
  expect((await told('certExpiry')).slice(6).map(({ channel, type }) => [channel, type])).toEqual([
    ['ops', 'incident.resolved'],
    ['web', 'incident.resolved'],
  ])
})

test('a channel whose check has a later threshold hears of the certificate then, once, and of its end', async () => {
  const early = await newCheck('stage-early', { ...tls, alerts: { channels: ['ops'], certExpiry: ['30d'] } })
  const late = await newCheck('stage-late', { ...tls, alerts: { channels: ['web'], certExpiry: ['3d'] } })
  const old = certificate('staged', start + 20 * day)
  const before = (await told('certExpiry')).length
  for (const check of [early, late]) await check.at(0, shown(old))
  for (const days of [0, 1, 17.5, 18, 19.5, 20.5]) {
    await judgeCertificates(handle.db, start + days * day + 1000)
    await tellDue(handle.db, start + days * day + 2000)
  }
  expect((await told('certExpiry')).slice(before).map(({ channel, type, doc }) => [channel, type, doc.code])).toEqual([
    ['ops', 'incident.opened', null],
    ['web', 'incident.opened', null],
    ['ops', 'incident.updated', 'tls_expired'],
    ['web', 'incident.updated', 'tls_expired'],
  ])
  const told3d = (await told('certExpiry')).slice(before)[1]?.doc
  expect(told3d?.summary).toMatch(/^certificate CN=staged.example expires in 2 days/)
  for (const check of [early, late]) await check.at(1, shown(certificate('staged-new', start + 99 * day)))
  await judgeCertificates(handle.db, start + 21 * day)
  expect((await told('certExpiry')).slice(before + 4).map(({ channel, type }) => [channel, type])).toEqual([
    ['ops', 'incident.resolved'],
    ['web', 'incident.resolved'],
  ])
})

test('an incident of a certificate goes on when the check that it was told for is deleted, and ends with the last one', async () => {
  const first = await newCheck('cert-first', tls)
  const second = await newCheck('cert-second', tls)
  for (const check of [first, second]) await check.at(0, shown(certificate('shared', start + 2 * day)))
  await judgeCertificates(handle.db, start + 1000)
  await deleteCheck(handle.db, 'cert-first')
  await judgeCertificates(handle.db, start + 2000)
  await judgeAgain(handle.db, start + 2000)
  const open = async () =>
    (await listIncidents(handle.db, { state: 'open', rule: 'certExpiry', limit: 5 })).map(({ summary }) => summary)
  expect(await open()).toEqual([expect.stringMatching(/seen by cert-second$/)])
  await putCheck(handle.db, { ...second.doc, enabled: false })
  await judgeCertificates(handle.db, start + 3000)
  expect(await open()).toEqual([])
})

test('a certificate that changes unexpectedly is told once, a renewal never', async () => {
  const checks = [await newCheck('change-a', tls), await newCheck('change-b', tls)]
  const old = certificate('change-old', start + 20 * day)
  const renewal = certificate('change-renewal', start + 90 * day)
  const strange = certificate('change-strange', start + 90 * day, { issuer: 'CN=Other, O=Other' })
  for (const check of checks) await check.at(0, shown(old))
  for (const check of checks) await check.at(1, shown(renewal))
  expect(await told('certChange')).toEqual([])
  // The pool still has the old one somewhere: no news.
  for (const check of checks) await check.at(2, shown(old))
  expect(await told('certChange')).toEqual([])
  for (const check of checks) await check.at(3, shown(strange))
  expect(await told('certChange')).toMatchObject([
    {
      type: 'incident.opened',
      doc: { checkKey: 'change-a', summary: expect.stringMatching(/issued by CN=Other, O=Other/) },
    },
  ])
  await judgeCertificates(handle.db, start + 40_000)
  await judgeCertificates(handle.db, start + day + 40_000)
  expect((await told('certChange')).map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved'])
  const [, over] = await told('certChange')
  expect(over?.doc.summary).toMatch(/^over after 1d \(it has been there for a day\): certificate changed unexpectedly/)
  const off = await newCheck('change-off', { ...tls, alerts: { certChange: { enabled: false } } })
  await off.at(0, shown(old))
  await off.at(1, shown(certificate('change-other', start + 90 * day, { san: ['other.example'] })))
  expect(await off.incidents()).toEqual([])
})

test('a changed certificate is told to the channels of each check that sees it, and is over when somebody acknowledges it', async () => {
  const a = await newCheck('swap-a', tls)
  const b = await newCheck('swap-b', { ...tls, alerts: { channels: ['web', 'ops'] } })
  const before = (await told('certChange')).length
  for (const check of [a, b]) await check.at(0, shown(certificate('swap-old', start + 20 * day)))
  const strange = certificate('swap-strange', start + 90 * day, { issuer: 'CN=Other, O=Other' })
  for (const check of [a, b, b]) await check.at(1, shown(strange))
  await tellDue(handle.db, start + 20_000)
  await tellDue(handle.db, start + 400_000)
  const news = async () => (await told('certChange')).slice(before).map(({ channel, type }) => `${type} ${channel}`)
  expect(await news()).toEqual(['incident.opened ops', 'incident.opened web'])
  const [open] = await listIncidents(handle.db, { state: 'open', rule: 'certChange', limit: 1 })
  await acknowledgeIncident(handle.db, open?.id ?? '', 'ann')
  await judgeCertificates(handle.db, start + 30_000)
  expect((await news()).slice(2)).toEqual(['incident.resolved ops', 'incident.resolved web'])
  for (const check of [a, b]) await check.at(2, shown(certificate('swap-old', start + 20 * day)))
  for (const check of [a, b]) await check.at(3, shown(strange))
  expect(await news()).toHaveLength(4)
})

test('a check is not told as slow while what it depends on is down', async () => {
  const parent = await newCheck('line', { alerts: { failureThreshold: 1 } })
  await parent.at(0, { outcome: 'down', error: explain('tcp_timeout', 'no answer') })
  const alerts = { latency: { percentile: 90, above: '800ms', over: '2m' } }
  const check = await newCheck('over-the-line', { alerts, dependsOn: ['line'] })
  for (let slot = 0; slot < 6; slot++) await check.at(slot, { durationMs: 1000 })
  await judgeLatencies(handle.db, start + 55_000)
  expect(await check.incidents()).toEqual([])
  await parent.at(5, {})
  await parent.at(6, {})
  await judgeLatencies(handle.db, start + 75_000)
  expect((await check.incidents()).map(({ rule }) => rule)).toEqual(['latency'])
})

test('a check is slow by the percentile of its window, and fast again a tenth below', async () => {
  const alerts = { channels: ['ops'], latency: { percentile: 90, above: '800ms', over: '2m' } }
  const check = await newCheck('slow', { alerts })
  for (let slot = 0; slot < 12; slot++) await check.at(slot, { durationMs: 100 })
  await judgeLatencies(handle.db, start + 115_000)
  expect(await check.incidents()).toEqual([])
  // What the worker could not time well does not count.
  for (const slot of [12, 13, 14]) await check.at(slot, { durationMs: 3000, timing: 'delayed' })
  await judgeLatencies(handle.db, start + 145_000)
  expect(await check.incidents()).toEqual([])
  for (const slot of [15, 16, 17]) await check.at(slot, { durationMs: 1000 })
  await judgeLatencies(handle.db, start + 175_000)
  await judgeLatencies(handle.db, start + 176_000)
  expect(await told('latency')).toMatchObject([
    {
      type: 'incident.opened',
      doc: { summary: 'slow is slow in 1 of 1 region: above 800ms: local p90 1000 ms over 2m (9 results)' },
    },
  ])
  for (let slot = 18; slot < 31; slot++) await check.at(slot, { durationMs: 100 })
  await judgeLatencies(handle.db, start + 305_000)
  expect((await told('latency')).map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved'])
})

test('a long window is judged by the sums of five minutes and the span that is still open', async () => {
  const alerts = { channels: ['ops'], latency: { percentile: 50, above: '800ms', over: '2h' } }
  const check = await newCheck('slow-for-long', { alerts, interval: '1m' })
  for (let slot = 0; slot < 60; slot += 6) await check.at(slot, { durationMs: slot < 24 ? 100 : 2000 })
  await judgeLatencies(handle.db, start + 600_000)
  const [incident] = await check.incidents()
  expect(incident?.summary).toMatch(/local p50 (19|20)\d\d ms over 2h \(10 results\)$/)
})

const answers = (...data: string[]): Partial<Result> => ({
  dns: {
    server: 'udp://127.0.0.1:53',
    rcode: 'NOERROR',
    flags: [],
    answers: data.map((one) => ({ name: 'shop.example', type: 'A', ttl: 60, data: one })),
    authorityCount: 0,
    additionalCount: 0,
  },
})
const dns = { kind: 'dns', target: 'shop.example' } as const

test('answers that change for good are told, and round-robin is not', async () => {
  const check = await newCheck('answers', dns)
  for (const slot of [0, 1, 2, 3]) await check.at(slot, answers('192.0.2.1'))
  await check.at(4, answers('198.51.100.9'))
  expect(await check.incidents()).toEqual([])
  for (const slot of [5, 6]) await check.at(slot, answers('198.51.100.9'))
  expect(await told('dnsChange')).toMatchObject([
    {
      type: 'incident.opened',
      doc: { summary: 'answers: the answers changed in 1 of 1 region: gone A 192.0.2.1, new A 198.51.100.9' },
    },
  ])
  for (const slot of [7, 8]) await check.at(slot, answers('192.0.2.1'))
  expect((await told('dnsChange')).map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved'])
  const [, over] = await told('dnsChange')
  expect(over?.doc.summary).toMatch(/^over after \d+s \(the answers are as they were/)
  const round = await newCheck('round-robin', dns)
  const sets = [
    ['1', '2'],
    ['2', '3'],
    ['3', '1'],
  ]
  for (let slot = 0; slot < 30; slot++) await round.at(slot, answers(...(sets[slot % 3] ?? [])))
  expect(await round.incidents()).toEqual([])
})

test('changed answers that somebody has acknowledged are over at once, and stay so', async () => {
  const check = await newCheck('moved', dns)
  for (const slot of [0, 1, 2, 3]) await check.at(slot, answers('192.0.2.1'))
  for (const slot of [4, 5]) await check.at(slot, answers('198.51.100.9'))
  const [open] = await check.incidents()
  expect(open).toMatchObject({ rule: 'dnsChange', resolvedAt: null })
  await acknowledgeIncident(handle.db, open?.id ?? '', 'ann')
  await judgeAgain(handle.db, start + 60_000)
  for (const slot of [6, 7]) await check.at(slot, answers('198.51.100.9'))
  await judgeAgain(handle.db, start + 80_000)
  const [over, ...others] = await check.incidents()
  expect(others).toEqual([])
  expect(over).toMatchObject({ acknowledgedBy: 'ann', resolvedAt: expect.any(String) })
})

test('a DNSSEC signature that nobody renews is told before it ends', async () => {
  const check = await newCheck('signed', { ...dns, dns: { dnssec: 'report' } })
  const { dns: seen = null } = answers('192.0.2.1')
  const signed = (daysLeft: number): Partial<Result> => ({
    dns: seen && { ...seen, status: 'secure', signatureDaysLeft: daysLeft, signatureLifeDays: 14 },
  })
  await check.at(0, signed(7))
  expect(await check.incidents()).toEqual([])
  for (const slot of [1, 2]) await check.at(slot, signed(1))
  await check.at(3, signed(14))
  expect((await told('dnssecExpiry')).map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved'])
})
