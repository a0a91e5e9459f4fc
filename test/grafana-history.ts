import { type CheckInput, explain, foldResults, type Result } from '@sonde/core'
import { createCheck, type Database, findCheck, ingest, insertRegion, makePartitions } from '@sonde/db'
import { aCheck, aResult } from '@sonde/testkit'
import { sql } from 'drizzle-orm'

const hour = 3_600_000
const day = 24 * hour
const regions = ['eu', 'us'] as const

/**
 * Stores checks with three days of results in two regions before now, stored as the ingester stores them: each has been down and
 * missed, the one of TLS has changed its certificate; and incidents of theirs and of none.
 */
export async function storeHistory(db: Database, checks: readonly (CheckInput & { key: string })[], nowMs: number) {
  for (const offset of [3, 2, 1, 0]) await makePartitions(db, nowMs - offset * day)
  const facts = { labels: {}, provider: 'test' }
  await insertRegion(db, 'eu', { ...facts, latitude: 50.1, longitude: 8.7 })
  await insertRegion(db, 'us', { ...facts, latitude: 39, longitude: -77.5 })
  for (const input of checks) {
    const check = aCheck(input)
    await createCheck(db, check)
    const checkId = (await findCheck(db, check.key))?.id ?? 0
    const results = regions.flatMap((region) =>
      Array.from({ length: 6 * 24 }, (_, index): Result => {
        const slotMs = nowMs - 3 * day + (index * day) / 48
        return aResult(check, slotMs, { region, ...found(check.kind, index, slotMs) })
      }),
    )
    await ingest(
      db,
      results.map((result) => ({ checkId, result })),
      foldResults,
    )
  }
  await storeIncidents(db, nowMs)
}

function found(kind: string, index: number, slotMs: number): Partial<Result> {
  const phases = { dnsMs: 2, connectMs: 5, tlsMs: 8, ttfbMs: 20 + (index % 10), transferMs: 1 }
  if (index % 50 === 7) {
    return {
      outcome: 'missed',
      startedAt: null,
      durationMs: 0,
      attempts: 0,
      error: explain('no_worker', 'nobody was there'),
    }
  }
  if (index % 20 === 3) {
    const code = kind === 'dns' ? 'dns_servfail' : 'tcp_refused'
    return { outcome: 'down', error: explain(code, 'for the test') }
  }
  const own = { phases, durationMs: 36 + (index % 10) }
  return kind === 'tls' ? { ...own, tls: chainOf(index < 100 ? 'old' : 'new', slotMs) } : own
}

function chainOf(name: string, slotMs: number): Result['tls'] {
  const notAfter = new Date(slotMs + 40 * day).toISOString()
  return {
    version: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    alpn: null,
    authorized: true,
    serverName: 'localhost',
    chain: [
      {
        subject: `CN=${name}`,
        issuer: 'CN=Test Root',
        serial: '01',
        notBefore: new Date(slotMs - day).toISOString(),
        notAfter,
        sha256: name.padEnd(64, '0'),
        san: ['localhost'],
        keyType: 'rsa',
        keyBits: 1024,
        signature: 'sha256WithRSAEncryption',
      },
    ],
    earliestExpiry: notAfter,
    daysLeft: 40,
  }
}

async function storeIncidents(db: Database, nowMs: number): Promise<void> {
  const at = (ms: number) => new Date(nowMs - ms).toISOString()
  await db.execute(sql`
    insert into incidents (check_id, rule, state, opened_at, resolved_at, code, summary, cause, remedy, regions)
    select id, 'down', 'resolved', ${at(5 * hour)}::timestamptz, ${at(4 * hour)}::timestamptz, 'tcp_refused', key || ' was down',
      'nobody listened', 'start it', '[{"region": "eu", "state": "down", "code": "tcp_refused", "message": "refused"}]'::jsonb
    from checks
    union all
    select id, 'down', 'open', ${at(2 * hour)}::timestamptz, null, 'tcp_refused', key || ' is down', 'nobody listens', 'start it',
      '[{"region": "eu", "state": "down", "code": "tcp_refused", "message": "refused"}]'::jsonb
    from checks where key = 'broken'
    union all
    select null, 'no_data', 'open', ${at(hour / 2)}::timestamptz, null, null, 'Nothing comes in', null, null, '[]'::jsonb`)
}
