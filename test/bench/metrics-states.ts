import { Check, foldResults, type Result } from '@sonde/core'
import { type Database, ensureRegions, ingest } from '@sonde/db'
import { aResult } from '@sonde/testkit'
import { sql } from 'drizzle-orm'

export type Fleet = { checks: number; regions: readonly string[]; nowMs: number }

const chunk = 200

// Of ten checks, as a fleet of web services has them.
const kinds = ['https', 'https', 'https', 'https', 'https', 'http', 'http', 'tls', 'dns', 'tcp'] as const

/** Checks with three results a region, through the same fold and statements as the ingester's: up, one in a hundred down by now. */
export async function makeFleet(db: Database, { checks: count, regions, nowMs }: Fleet): Promise<void> {
  await ensureRegions(db, [...regions])
  const checks = Array.from({ length: count }, (_, index) => checkOf(index))
  const rows = checks.map((doc) => ({ key: doc.key, doc }))
  await db.execute(
    sql`insert into checks (key, doc) select key, doc from json_to_recordset(${JSON.stringify(rows)}::json) as r(key text, doc jsonb)`,
  )
  for (let slot = 0; slot < 3; slot += 1) {
    const items = checks.flatMap((check, index) =>
      regions.map((region) => ({
        checkId: index + 1,
        result: resultOf(check, index, region, nowMs - (3 - slot) * 1000),
      })),
    )
    for (let at = 0; at < items.length; at += chunk) await ingest(db, items.slice(at, at + chunk), foldResults)
  }
}

function checkOf(index: number): Check {
  const kind = kinds[index % kinds.length] ?? 'http'
  const host = `site-${index}.example`
  const blocks: Record<(typeof kinds)[number], object> = {
    https: { kind: 'http', target: `https://${host}/health`, assertions: [{ source: 'status', op: 'eq', value: 200 }] },
    http: { kind: 'http', target: `http://${host}/health` },
    tls: { kind: 'tls', target: `${host}:443` },
    dns: { kind: 'dns', target: host },
    tcp: { kind: 'tcp', target: `${host}:5432` },
  }
  // A long interval keeps the series fresh for as long as the measurement takes.
  return Check.parse({
    key: `site-${index}`,
    interval: '1h',
    labels: { team: `team-${index % 20}`, env: 'production' },
    ...blocks[kind],
  })
}

function resultOf(check: Check, index: number, region: string, slotMs: number): Result {
  const kind = kinds[index % kinds.length] ?? 'http'
  const isDown = index % 100 === 99
  const vary = 1 + ((index * 7919 + slotMs / 1000) % 97) / 50
  const ms = (one: number) => Math.round(one * vary * 1000) / 1000
  const secured = kind === 'https' || kind === 'tls'
  const phases = {
    dnsMs: ms(3.2),
    connectMs: ms(12),
    tlsMs: secured ? ms(25.3) : null,
    ttfbMs: kind === 'http' || kind === 'https' ? ms(40.1) : null,
    transferMs: kind === 'http' || kind === 'https' ? ms(2.5) : null,
  }
  const found = { region, durationMs: ms(83.1), ip: '192.0.2.7', ipFamily: 4 as const, phases }
  if (isDown) {
    const error = {
      code: 'tcp_refused',
      phase: 'connect',
      message: `${check.target} refused the connection`,
      cause: 'Nothing listens on that port.',
      remedy: 'Start the service, or correct the port.',
    } as const
    return aResult(check, slotMs, { ...found, outcome: 'down', error })
  }
  return aResult(check, slotMs, {
    ...found,
    http: check.kind === 'http' ? httpOf(check.target, slotMs) : null,
    tls: secured ? tlsOf(`site-${index}.example`) : null,
    dns: check.kind === 'dns' ? dnsOf(check.target) : null,
    assertions: [{ source: 'status', op: 'eq', expected: 200, actual: 200, ok: true }],
  })
}

function httpOf(target: string, slotMs: number): NonNullable<Result['http']> {
  const names = ['date', 'server', 'content-type', 'cache-control', 'etag', 'vary', 'x-request-id']
  return {
    status: 200,
    version: '2',
    redirects: [],
    headers: {
      'content-length': '512',
      'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
      ...Object.fromEntries(names.map((name) => [name, `a value of ${name} at ${slotMs}`])),
    },
    bodyBytes: 512,
    bodyTruncated: false,
    finalUrl: target,
  }
}

function tlsOf(host: string): NonNullable<Result['tls']> {
  const earliestExpiry = new Date(Date.now() + 60 * 86_400_000).toISOString()
  return {
    version: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    alpn: 'h2',
    authorized: true,
    serverName: host,
    chain: [host, 'intermediate'].map((name) => ({
      subject: `CN=${name}`,
      issuer: 'CN=intermediate, O=An Authority',
      serial: '0123456789abcdef',
      notBefore: '2025-12-01T00:00:00.000Z',
      notAfter: earliestExpiry,
      sha256: Buffer.from(name.padEnd(32, '.')).toString('hex').slice(0, 64),
      san: [name, `www.${name}`],
      keyType: 'ec',
      keyBits: 256,
      signature: 'ecdsa-with-SHA256',
    })),
    earliestExpiry,
    daysLeft: 60,
  }
}

function dnsOf(name: string): NonNullable<Result['dns']> {
  return {
    server: '192.0.2.53:53',
    rcode: 'NOERROR',
    flags: ['qr', 'rd', 'ra'],
    answers: ['192.0.2.7', '192.0.2.8'].map((data) => ({ name, type: 'A', ttl: 300, data })),
    authorityCount: 0,
    additionalCount: 1,
  }
}
