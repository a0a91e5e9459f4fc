import { Check, explain, foldResults, type Result } from '@sonde/core'
import { ensureRegions, ingest, openDatabase } from '@sonde/db'
import { aResult } from '@sonde/testkit'
import { sql } from 'drizzle-orm'

const chunk = 200

/**
 * Checks of one target in one region, with a team each and three results of which one in a hundred is down, by the ingester's own
 * statements; answers their numbers. They are due from the next slot on.
 */
export async function makeApiFleet(
  databaseUrl: string,
  fleet: { count: number; region: string; target: string; interval: string },
): Promise<number[]> {
  const { db, close } = openDatabase(databaseUrl, {
    name: 'bench',
    max: 2,
    patienceMs: 60_000,
    onError: () => undefined,
  })
  try {
    await ensureRegions(db, [fleet.region])
    const checks = Array.from({ length: fleet.count }, (_, index) => checkOf(index, fleet))
    const rows = checks.map((doc) => ({ key: doc.key, doc }))
    const { rows: made } = await db.execute<{ id: number }>(
      sql`insert into checks (key, doc) select key, doc from json_to_recordset(${JSON.stringify(rows)}::json) as r(key text, doc jsonb)
          returning id`,
    )
    const ids = made.map(({ id }) => id)
    const nowMs = Math.floor(Date.now() / 1000) * 1000
    for (let slot = 3; slot > 0; slot -= 1) {
      const items = checks.map((check, index) => ({
        checkId: ids[index] ?? 0,
        result: resultOf(check, index, fleet.region, nowMs - slot * 1000),
      }))
      for (let at = 0; at < items.length; at += chunk) await ingest(db, items.slice(at, at + chunk), foldResults)
    }
    await db.execute(sql`analyze`)
    return ids
  } finally {
    await close()
  }
}

function checkOf(index: number, { target, interval }: { target: string; interval: string }): Check {
  return Check.parse({
    key: `site-${index}`,
    name: `Site number ${index}`,
    kind: 'http',
    target: `${target}site-${index}`,
    interval,
    labels: { team: `team-${index % 20}`, env: 'production' },
    assertions: [{ source: 'status', op: 'eq', value: 200 }],
  })
}

function resultOf(check: Check, index: number, region: string, slotMs: number): Result {
  const isDown = index % 100 === 99
  return aResult(check, slotMs, {
    region,
    ...(isDown ? { outcome: 'down', error: explain('tcp_refused', '127.0.0.1 refused the connection') } : {}),
    durationMs: 4 + (index % 97) / 10,
    phases: { dnsMs: 0.1, connectMs: 0.4, tlsMs: null, ttfbMs: 3.1, transferMs: 0.2 },
    assertions: isDown ? [] : [{ source: 'status', op: 'eq', expected: 200, actual: 200, ok: true }],
    http: isDown
      ? null
      : {
          status: 200,
          version: '1.1',
          redirects: [],
          headers: { 'content-type': 'text/plain', server: 'bench' },
          bodyBytes: 2,
          bodyTruncated: false,
          finalUrl: check.target,
        },
  })
}
