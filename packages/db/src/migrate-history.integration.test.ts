import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { explain, type Result } from '@sonde/core'
import { aCheck, aResult, freshDatabase } from '@sonde/testkit'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { migrationConfig } from './migration-state.ts'
import { listResults } from './queries/results.ts'
import { listStatesOf } from './queries/states.ts'

const day = 86_400_000
const start = Date.parse('2026-01-05T10:00:00Z')

/** The migrations up to the one with this number, as a version of before had them. */
function migrationsUpTo(last: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'sonde-migrations-'))
  cpSync(migrationConfig.migrationsFolder, folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8')) as { entries: { idx: number }[] }
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.filter(({ idx }) => idx <= last) }))
  return folder
}

test('results that were written whole are carried over to narrow rows with their documents', async () => {
  await using fresh = await freshDatabase({ schema: 'none' })
  const client = new pg.Client({ connectionString: fresh.url })
  await client.connect()
  const before = migrationsUpTo(5)
  await applyMigrations(drizzle(client), { ...migrationConfig, migrationsFolder: before })
  rmSync(before, { recursive: true })
  const check = aCheck({ key: 'site' })
  await client.query(`insert into regions (name) values ('local')`)
  await client.query('insert into checks (key, doc) values ($1, $2)', [check.key, check])
  await client.query(
    `create table results_y2026m01d05 partition of results for values from ('2026-01-05') to ('2026-01-06')`,
  )
  const phases = { dnsMs: 1.5, connectMs: 2.25, tlsMs: null, ttfbMs: 30, transferMs: 0.5 }
  const results: Result[] = [
    aResult(check, start, { phases, durationMs: 34.25, startedAt: new Date(start + 7).toISOString() }),
    aResult(check, start + 1000, { outcome: 'down', error: explain('tcp_refused', 'refused'), timing: 'delayed' }),
    aResult(check, start + 2000, {
      outcome: 'missed',
      startedAt: null,
      durationMs: 0,
      attempts: 0,
      ip: null,
      ipFamily: null,
      error: explain('expired', 'too late'),
    }),
    // Of a day that had no partition.
    aResult(check, start + 3 * day, { phases }),
  ]
  for (const result of results) {
    await client.query(
      'insert into results (check_id, region_id, slot, outcome, code, duration_ms, doc) values (1, 1, $1, $2, $3, $4, $5)',
      [result.slot, result.outcome, result.error?.code ?? null, result.durationMs, result],
    )
  }
  await client.query(
    `insert into check_states (check_id, region_id, verdict, last_slot, last_result, totals) values (1, 1, 'up', $1, $2, '{"up": 2}')`,
    [results[3]?.slot, results[3]],
  )
  await migrate(fresh.url)
  const { rows } = await client.query(
    'select tableoid::regclass::text as part, dns_ms, connect_ms, tls_ms, start_delay_ms, delayed, attempts, code from results order by slot',
  )
  expect(rows).toEqual([
    {
      part: 'results_y2026m01d05',
      dns_ms: 1.5,
      connect_ms: 2.25,
      tls_ms: null,
      start_delay_ms: 7,
      delayed: false,
      attempts: 1,
      code: null,
    },
    {
      part: 'results_y2026m01d05',
      dns_ms: null,
      connect_ms: null,
      tls_ms: null,
      start_delay_ms: 0,
      delayed: true,
      attempts: 1,
      code: 'tcp_refused',
    },
    {
      part: 'results_y2026m01d05',
      dns_ms: null,
      connect_ms: null,
      tls_ms: null,
      start_delay_ms: null,
      delayed: false,
      attempts: 0,
      code: 'expired',
    },
    {
      part: 'results_default',
      dns_ms: 1.5,
      connect_ms: 2.25,
      tls_ms: null,
      start_delay_ms: 0,
      delayed: false,
      attempts: 1,
      code: null,
    },
  ])
  await client.end()
  const { db, assertMigrated, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  await assertMigrated()
  const shown = await listResults(db, { checkId: 1, limit: 10 })
  expect(shown.map(({ result }) => result)).toEqual(results.toReversed())
  const [state] = await listStatesOf(db, 1)
  expect(state?.state).toMatchObject({ verdict: 'up', totals: { up: 2 }, lastResult: results[3] })
  await close()
})
