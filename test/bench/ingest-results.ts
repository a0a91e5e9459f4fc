import { Check, type Result } from '@sonde/core'
import { type Database, type IngestItem } from '@sonde/db'
import { sql } from 'drizzle-orm'

const intervalMs = 30_000

function checkOf(index: number): Check {
  return Check.parse({
    key: `site-${index}`,
    kind: 'http',
    target: `https://site-${index}.example/health`,
    interval: '30s',
  })
}

/** Checks with the numbers 1 … count, as an empty database gives them. */
export async function makeChecks(db: Database, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({ key: `site-${index + 1}`, doc: checkOf(index + 1) }))
  await db.execute(
    sql`insert into checks (key, doc) select key, doc from json_to_recordset(${JSON.stringify(rows)}::json) as r(key text, doc jsonb)`,
  )
}

/** One round of results, slot by slot as they would come, in chunks: each slot of a check in each region, one in 500 down. */
export function roundsOf(options: {
  checkCount: number
  regions: readonly string[]
  startMs: number
  round: number
  slots: number
  chunkSize: number
}): IngestItem[][] {
  const { checkCount, regions, startMs, round, slots, chunkSize } = options
  const items: IngestItem[] = []
  for (let slot = 0; slot < slots; slot++) {
    const number = round * slots + slot
    for (let checkId = 1; checkId <= checkCount; checkId++) {
      // Checks take turns within the interval.
      const slotMs = startMs + number * intervalMs + Math.floor((checkId / checkCount) * intervalMs)
      for (const region of regions) items.push({ checkId, result: resultOf(checkId, region, slotMs) })
    }
  }
  return Array.from({ length: Math.ceil(items.length / chunkSize) }, (_, index) =>
    items.slice(index * chunkSize, (index + 1) * chunkSize),
  )
}

/** As a worker gives it for an https site: two certificates, a dozen headers, all phases. */
export function resultOf(checkId: number, region: string, slotMs: number): Result {
  const slot = new Date(slotMs).toISOString()
  const vary = 1 + ((checkId * 7919 + slotMs / 1000) % 97) / 50
  const down = (checkId * 31 + slotMs / 1000) % 500 < 1
  const target = `https://site-${checkId}.example/health`
  const round = (ms: number) => Math.round(ms * 1000) / 1000
  return {
    checkKey: `site-${checkId}`,
    region,
    kind: 'http',
    target,
    slot,
    startedAt: new Date(slotMs + 1).toISOString(),
    outcome: down ? 'down' : 'up',
    durationMs: round(83.1 * vary),
    attempts: 1,
    ip: '192.0.2.7',
    ipFamily: 4,
    phases: {
      dnsMs: round(3.2 * vary),
      connectMs: round(12 * vary),
      tlsMs: round(25.3 * vary),
      ttfbMs: round(40.1 * vary),
      transferMs: round(2.5 * vary),
    },
    error: down
      ? {
          code: 'http_status',
          phase: 'http',
          message: `${target} answered 503 Service Unavailable`,
          cause: 'The server answered, and says that it cannot serve.',
          remedy: 'Look at the log of the server at this time.',
        }
      : null,
    assertions: [{ source: 'status', op: 'in', expected: ['2xx'], actual: down ? 503 : 200, ok: !down }],
    http: {
      status: down ? 503 : 200,
      version: '2',
      redirects: [],
      headers: Object.fromEntries(
        ['date', 'server', 'content-type', 'content-length', 'cache-control', 'etag', 'vary', 'x-request-id'].map(
          (name) => [name, `a value of ${name} at ${slot}`],
        ),
      ),
      bodyBytes: 512,
      bodyTruncated: false,
      finalUrl: target,
    },
    tls: {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      alpn: 'h2',
      authorized: true,
      serverName: `site-${checkId}.example`,
      chain: [`site-${checkId}.example`, 'intermediate'].map((name) => ({
        subject: `CN=${name}`,
        issuer: 'CN=intermediate, O=An Authority',
        serial: '0123456789abcdef',
        notBefore: '2025-12-01T00:00:00.000Z',
        notAfter: '2026-03-01T00:00:00.000Z',
        sha256: Buffer.from(name.padEnd(32, '.')).toString('hex').slice(0, 64),
        san: [`DNS:${name}`],
        keyType: 'ec',
        keyBits: 256,
        signature: 'ecdsa-with-SHA256',
      })),
      earliestExpiry: '2026-03-01T00:00:00.000Z',
      daysLeft: 55,
    },
    dns: null,
    tcp: null,
    icmp: null,
  }
}
