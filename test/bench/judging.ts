import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Channel } from '@sonde/core'
import {
  createChannel,
  type Database,
  forgetIncidents,
  forgetMessages,
  judgeAgain,
  judgeCertificates,
  judgeLatencies,
  judgeRegions,
  leaseMessages,
  lookForStillness,
  makePartitions,
  mayStandStill,
  migrate,
  noteJudging,
  noteWorker,
  openDatabase,
  tellDue,
  tellGathered,
} from '@sonde/db'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { sql } from 'drizzle-orm'
import { makeFleet } from './metrics-states.ts'
import { percentile, table } from './statistics.ts'

// What the judging loop and the outbox take of a large fleet: 20,000 checks in three regions, one in a hundred down with an incident, one in
// two hundred without data, and most with a certificate. Each step by itself, and how many rows it reads in sequence, table by table.
const { values: options } = parseArgs({
  options: { checks: { type: 'string', default: '20000' }, rounds: { type: 'string', default: '15' } },
})
const checks = Number(options.checks)
const rounds = Number(options.rounds)

const folder = mkdtempSync(join(tmpdir(), 'sonde-bench-'))
chmodSync(folder, 0o711)
const dataDir = join(folder, 'data')
const server = await startEmbeddedPostgres({ dataDir, log: () => undefined })
try {
  await run(server.url)
} finally {
  await server.stop()
  await removeEmbeddedPostgres({ dataDir, cluster: server.cluster })
  rmSync(folder, { recursive: true, force: true })
}

/** Each region has a worker that has just been heard of. */
async function hear(db: Database, regions: readonly string[]): Promise<void> {
  for (const region of regions) {
    const worker = { id: region, region, version: 'x', startedAt: new Date().toISOString(), capabilities: [] }
    await noteWorker(db, { ...worker, load: null, clockOffsetMs: null })
  }
}

async function run(databaseUrl: string): Promise<void> {
  await using stack = new AsyncDisposableStack()
  await migrate(databaseUrl)
  // One connection, whose counts of rows are its own.
  const database = openDatabase(databaseUrl, { name: 'bench', max: 1, patienceMs: 600_000, onError: console.error })
  stack.defer(database.close)
  const { db } = database
  const startMs = Date.now()
  await makePartitions(db, startMs)
  await createChannel(db, Channel.parse({ key: 'ops', kind: 'webhook', webhook: { url: 'http://127.0.0.1:9/' } }))
  await makeFleet(db, { checks, regions: ['eu', 'us', 'ap'], nowMs: startMs })
  await db.execute(sql`update checks set doc = jsonb_set(doc, '{alerts,channels}', '["ops"]')`)
  await db.execute(sql`update check_states set missed = 3 where check_id % 200 = 1 and region_id = 1`)
  await db.execute(sql`update check_states set slow_at = now() where check_id % 500 = 2`)
  await db.execute(sql`update checks set doc = jsonb_set(doc, '{alerts,latency}', '{"percentile": 95, "above": "10ms", "over": "1h"}')
    where id % 500 = 2`)
  // What a year leaves behind.
  await db.execute(
    sql`insert into incidents (check_id, rule, state, opened_at, resolved_at, summary)
        select 1 + n % ${checks}::int, 'down', 'resolved', now() - n * interval '10 minutes', now() - n * interval '10 minutes' + interval '5 minutes', 'x'
        from generate_series(1, 50000) as n`,
  )
  await db.execute(
    sql`insert into outbox (incident_id, channel_key, type, doc, decided_at, state, created_at)
        select i.id, 'ops', type, '{"checkKey": "x", "rule": "down", "summary": "x"}', opened_at, 'sent', opened_at
        from incidents i, unnest(array['incident.opened', 'incident.resolved']) as type where state = 'resolved'`,
  )
  await db.execute(
    sql`insert into incident_tellings (incident_id, channel_key, told_at) select id, 'ops', opened_at from incidents where state = 'resolved'`,
  )
  await hear(db, ['eu', 'us', 'ap'])
  await db.execute(sql`vacuum analyze`)
  const now = () => Date.now()
  const steps: Record<string, () => Promise<unknown>> = {
    noteJudging: () => noteJudging(db, now()),
    mayStandStill: () => mayStandStill(db),
    lookForStillness: () => lookForStillness(db, now(), 0),
    judgeRegions: async () => {
      await hear(db, ['eu', 'us', 'ap'])
      await judgeRegions(db, now(), 0)
    },
    'judgeRegions, all silent': async () => {
      await db.execute(sql`update workers set seen_at = now() - interval '2 minutes'`)
      await judgeRegions(db, now(), 0)
      await hear(db, ['eu', 'us', 'ap'])
    },
    judgeAgain: () => judgeAgain(db, now()),
    judgeLatencies: () => judgeLatencies(db, now()),
    judgeCertificates: () => judgeCertificates(db, now()),
    tellDue: () => tellDue(db),
    tellGathered: () => tellGathered(db),
    leaseMessages: () => leaseMessages(db, new Map(), 3),
    forgetMessages: () => forgetMessages(db, 30 * 86_400_000),
    forgetIncidents: () => forgetIncidents(db, 400 * 86_400_000),
  }
  const rows: string[][] = []
  for (const [name, step] of Object.entries(steps)) {
    // What is found the first time is written, and there from then on.
    await step()
    await step()
    const took: number[] = []
    const before = await readInSequence()
    for (let round = 0; round < rounds; round++) {
      const began = performance.now()
      await step()
      took.push(performance.now() - began)
    }
    const after = await readInSequence()
    const read = [...after]
      .map(([relation, count]) => [relation, Math.round((count - (before.get(relation) ?? 0)) / rounds)] as const)
      .filter(([, count]) => count > 0)
    rows.push([
      name,
      ...[50, 100].map((of) => percentile(took, of).toFixed(1)),
      read.map(([relation, count]) => `${relation} ${count}`).join(', ') || '–',
    ])
  }
  const { rows: counts } = await db.execute<{ rule: string; count: number }>(
    sql`select rule, count(*)::int as count from incidents where state = 'open' group by rule order by rule`,
  )
  console.log(
    `${checks} checks in 3 regions; open: ${counts.map(({ rule, count }) => `${count} ${rule}`).join(', ')}\n`,
  )
  console.log(table(['step', 'p50, ms', 'worst, ms', 'rows read in sequence'], rows))

  async function readInSequence(): Promise<Map<string, number>> {
    await db.execute(sql`select pg_stat_force_next_flush()`)
    const { rows: read } = await db.execute<{ relname: string; seq_tup_read: string }>(
      sql`select relname, seq_tup_read from pg_stat_user_tables`,
    )
    return new Map(read.map(({ relname, seq_tup_read }) => [relname, Number(seq_tup_read)]))
  }
}
