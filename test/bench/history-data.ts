import { encodeLatency, foldResults, mergeRollups, type RollupTier, rollupOf, rollupTiers } from '@sonde/core'
import { type Database, ensureRegions, ingest, makePartitions } from '@sonde/db'
import { sql } from 'drizzle-orm'
import { makeChecks, resultOf, roundsOf } from './ingest-results.ts'

export const regions = ['eu', 'us', 'ap']
const dayMs = 86_400_000
const intervalMs = 30_000

// Latencies are taken from so many, each the histograms of as many results as its span has.
const pool: Record<RollupTier, number> = { '5m': 60, '1h': 40, '1d': 12 }

/**
 * Fills an empty database with what a history of `days` would hold for checks of 30 s in three regions. The first `wholeChecks` have
 * all of it: results and documents of 14 days, rollups of 5 min, 1 h and 1 day of all days. The others have all their days, and of the
 * finer tiers what a service level over 30 days reads: the hours of the last day and of the two at its beginning, and as many 5 min.
 */
export async function fillHistory(
  db: Database,
  options: { nowMs: number; checkCount: number; wholeChecks: number; days: number; log: (line: string) => void },
): Promise<void> {
  const { nowMs, checkCount, wholeChecks, days, log } = options
  await ensureRegions(db, regions)
  await makeChecks(db, checkCount)
  for (let day = -days; day <= 0; day++) await makePartitions(db, nowMs + day * dayMs, 0)
  await makePool(db)
  const spans = async (tier: RollupTier, what: { checks: string; fromMs: number; toMs: number }) => {
    const { checks, fromMs, toMs } = what
    const ms = rollupTiers[tier]
    await db.execute(sql`
      insert into ${sql.identifier(`rollups_${tier}`)} (start, check_id, up, down, missed, maintenance, region_id, codes, latency)
      select start, c.id, ${ms / intervalMs}::int - bad, bad, 0, 0, g.id, case when bad > 0 then '{"http_status": 1}'::jsonb end, p.latency
      from generate_series(${iso(Math.floor(fromMs / ms) * ms)}::timestamptz, ${iso(toMs - ms)}::timestamptz, ${`${ms} ms`}::interval) start
        cross join checks c cross join regions g
        cross join lateral (select ((c.id * 31 + g.id * 7 + extract(epoch from start)::bigint / 300) % 97)::int as n) n
        cross join lateral (select (n.n < 2)::int as bad) b
        join pool p on p.tier = ${tier} and p.n = n.n % ${pool[tier]}::int
      where ${sql.raw(checks)}
      on conflict do nothing`)
    log(`rollups of ${tier}: ${checks}`)
  }
  const whole = `c.id <= ${wholeChecks}`
  const others = `c.id > ${wholeChecks}`
  await spans('1d', { checks: 'true', fromMs: nowMs - days * dayMs, toMs: nowMs })
  await spans('1h', { checks: whole, fromMs: nowMs - days * dayMs, toMs: nowMs })
  await spans('5m', { checks: whole, fromMs: nowMs - days * dayMs, toMs: nowMs })
  for (const fromMs of [nowMs - dayMs, nowMs - 31 * dayMs]) {
    const [days1, hours] = [fromMs + 2 * dayMs, fromMs + 7 * 3_600_000].map((at) => Math.min(at, nowMs)) as [
      number,
      number,
    ]
    await spans('1h', { checks: others, fromMs, toMs: days1 })
    await spans('5m', {
      checks: others,
      fromMs: fromMs === nowMs - dayMs ? nowMs - 7 * 3_600_000 : fromMs,
      toMs: fromMs === nowMs - dayMs ? nowMs : hours,
    })
  }
  await fillResults(db, { nowMs, wholeChecks, days: Math.min(days, 14) })
  log('results')
  await fillStates(db, nowMs, checkCount)
  await fillCertificates(db, nowMs)
  await db.execute(sql`drop table pool`)
  await db.execute(sql`vacuum (freeze, analyze)`)
  log('states, certificates, statistics')
}

async function makePool(db: Database): Promise<void> {
  await db.execute(sql`create table pool (tier text, n int, latency bytea, primary key (tier, n))`)
  for (const [tier, ms] of Object.entries(rollupTiers) as [RollupTier, number][]) {
    for (let n = 0; n < pool[tier]; n++) {
      const results = Array.from({ length: ms / intervalMs }, (_, slot) =>
        resultOf(n + 1, 'eu', (n * 977 + slot) * intervalMs),
      )
      const { latency } = mergeRollups(results.map((result) => rollupOf(result, false)))
      await db.execute(sql`insert into pool values (${tier}, ${n}, ${Buffer.from(encodeLatency(latency))})`)
    }
  }
}

/** A row a slot, and a document an hour, of every check that has all. */
async function fillResults(db: Database, what: { nowMs: number; wholeChecks: number; days: number }): Promise<void> {
  const { nowMs, wholeChecks, days } = what
  for (let day = days; day > 0; day--) {
    const [from, to] = [nowMs - day * dayMs, nowMs - (day - 1) * dayMs - intervalMs].map(iso)
    await db.execute(sql`
      insert into results (slot, check_id, duration_ms, dns_ms, connect_ms, tls_ms, ttfb_ms, transfer_ms, start_delay_ms, region_id, attempts, outcome)
      select slot, c, 83.1, 3.2, 12, 25.3, 40.1, 2.5, 1, g.id, 1, 'up'
      from generate_series(${from}::timestamptz, ${to}::timestamptz, '30 s') slot cross join generate_series(1, ${wholeChecks}::int) c cross join regions g`)
    await db.execute(sql`
      insert into result_details (slot, check_id, region_id, doc)
      select slot, c, g.id, ${JSON.stringify(resultOf(1, 'eu', nowMs - day * dayMs))}::json
      from generate_series(${from}::timestamptz, ${to}::timestamptz, '1 h') slot cross join generate_series(1, ${wholeChecks}::int) c cross join regions g`)
  }
}

/** The newest results as an ingester writes them: states, with an open span, and the chains of now. */
async function fillStates(db: Database, nowMs: number, checkCount: number): Promise<void> {
  const startMs = Math.floor(nowMs / intervalMs) * intervalMs - 2 * intervalMs
  for (const chunk of roundsOf({ checkCount, regions, startMs, round: 0, slots: 2, chunkSize: 256 })) {
    await ingest(db, chunk, foldResults)
  }
}

/** Two certificates that each check has had before, and a few authorities that all have in common. */
async function fillCertificates(db: Database, nowMs: number): Promise<void> {
  const now = iso(nowMs)
  await db.execute(sql`
    insert into certificates
    select 'old' || c.id || '-' || n, 'CN=' || c.key, 'CN=intermediate', '01', ${now}::timestamptz - interval '90 days' * n, ${now}::timestamptz + interval '30 days' - n * interval '60 days',
      json_build_array('DNS:' || c.key), 'ec', 256, 'ecdsa-with-SHA256', ${now}::timestamptz - interval '90 days' * n, ${now}::timestamptz - interval '60 days' * n
    from checks c, generate_series(1, 2) n`)
  await db.execute(sql`
    insert into certificate_sightings
    select c.id, g.id, 'old' || c.id || '-' || n, 0, false, ${now}::timestamptz - interval '90 days' * n, ${now}::timestamptz - interval '60 days' * n
    from checks c, regions g, generate_series(1, 2) n`)
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
