import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { foldResults } from '@sonde/core'
import {
  compactDays,
  type Database,
  ensureRegions,
  type IngestItem,
  ingest,
  makePartitions,
  migrate,
  openDatabase,
} from '@sonde/db'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { query, withDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { ChunkWriter, resultsAtOnce, transactionsAtOnce } from '../../apps/ingester/src/writer.ts'
import { makeChecks, roundsOf } from './ingest-results.ts'
import { cpuMs } from './process.ts'
import { descendant } from './schedule-cpu.ts'
import { median, table } from './statistics.ts'

// How many results a second one ingester writes that has all the chunks in hand that it takes, beside the same statements sent by the
// driver alone: recorded once, and replayed on a database in the same state. Then what a result takes on disk.
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    checks: { type: 'string', default: '1000' },
    // What a worker hands over at a time, and how many chunks an ingester has in hand.
    chunk: { type: 'string', default: '64' },
    'in-hand': { type: 'string', default: '16' },
  },
})
const regions = ['eu', 'us', 'ap']
const checkCount = Number(options.checks)
const chunkSize = Number(options.chunk)
const chunksInHand = Number(options['in-hand'])
const chunksTogether = Math.max(1, Math.floor(resultsAtOnce / chunkSize))
const rounds = Number(options.rounds ?? (options.quick ? 2 : 10))
// Each round is so many slots of every check and region, 30 s apart, and so crosses from one span of five minutes to the next.
const slotsARound = 10
const startMs = Date.parse('2026-01-05T00:00:00Z')

const folder = mkdtempSync(join(tmpdir(), 'sonde-bench-'))
chmodSync(folder, 0o711)
const dataDir = join(folder, 'data')
const server = await startEmbeddedPostgres({ dataDir, log: () => undefined })
try {
  await run()
} finally {
  await server.stop()
  await removeEmbeddedPostgres({ dataDir, cluster: server.cluster })
  rmSync(folder, { recursive: true, force: true })
}

async function run(): Promise<void> {
  const urls = await Promise.all(['ours', 'recorded', 'bare'].map(prepare))
  await using pools = new AsyncDisposableStack()
  const [ours, recorded, bare] = urls.map((url) => {
    const pool = new pg.Pool({ connectionString: url, max: transactionsAtOnce })
    // Its connections may still be closing when the server ends.
    pool.on('error', () => undefined)
    pools.defer(() => pool.end())
    return pool
  }) as [pg.Pool, pg.Pool, pg.Pool]
  const statements: Statement[] = []
  const recording = drizzle(recorded, { logger: { logQuery: (text, values) => statements.push({ text, values }) } })
  const postgres = descendant('postgres')
  const figures: Record<string, number[]> = { ours: [], bare: [], ratio: [], oursCpu: [], postgresCpu: [] }
  for (let round = 0; round <= rounds; round++) {
    const chunks = roundsOf({ checkCount, regions, startMs, round, slots: slotsARound, chunkSize })
    const results = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    const transactions: Statement[][] = []
    // As the ingester puts them together when all that it has in hand waits.
    for (let at = 0; at < chunks.length; at += chunksTogether) {
      statements.length = 0
      await write(recording as unknown as Database, chunks.slice(at, at + chunksTogether).flat())
      transactions.push([...statements])
    }
    const writer = new ChunkWriter(
      (items) => write(drizzle(ours) as unknown as Database, items),
      () => false,
    )
    const measureOurs = async () => {
      const [own, theirs] = [process.cpuUsage(), cpuMs(postgres)]
      const seconds = await timed(chunks, chunksInHand, (chunk) => writer.add(chunk))
      const { user, system } = process.cpuUsage(own)
      return {
        rate: results / seconds,
        own: (user + system) / 1000 / results,
        theirs: (cpuMs(postgres) - theirs) / results,
      }
    }
    const measureBare = async () =>
      results / (await timed(transactions, transactionsAtOnce, (one) => replay(bare, one)))
    // Who goes first changes with every round.
    let bareRate = round % 2 === 0 ? await measureBare() : 0
    const { rate, own, theirs } = await measureOurs()
    if (bareRate === 0) bareRate = await measureBare()
    // The first round warms up.
    if (round === 0) continue
    figures.ours?.push(rate)
    figures.bare?.push(bareRate)
    // One after the other they meet the same machine.
    figures.ratio?.push(rate / bareRate)
    figures.oursCpu?.push(own)
    figures.postgresCpu?.push(theirs)
  }
  const of = (name: string) => median(figures[name] ?? [])
  console.log(
    table(
      ['', 'figure', 'goal', ''],
      [
        ['results/s', of('ours').toFixed(0), '≥ 5000', of('ours') >= 5000 ? 'yes' : 'NO'],
        ['the same statements, bare', of('bare').toFixed(0), '', ''],
        ['ratio, round by round', of('ratio').toFixed(2), '≥ 0.60', of('ratio') >= 0.6 ? 'yes' : 'NO'],
        ['CPU of the ingester a result, ms', of('oursCpu').toFixed(3), '', ''],
      ],
    ),
  )
  console.log(`\n${await sizes(withDatabase(server.url, 'ours'))}`)
}

type Statement = { text: string; values: unknown[] }

async function write(db: Database, chunk: readonly IngestItem[]): Promise<void> {
  const stored = await ingest(db, chunk, foldResults)
  if (stored.length !== chunk.length) throw new Error(`${stored.length} of ${chunk.length} results were stored`)
}

async function replay(pool: pg.Pool, statements: readonly Statement[]): Promise<void> {
  const client = await pool.connect()
  try {
    for (const { text, values } of statements) await client.query(text, values)
  } finally {
    client.release()
  }
}

/** Seconds for all, `atOnce` at a time. */
async function timed<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<number> {
  const began = performance.now()
  const left = items.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of left) await work(item)
    }),
  )
  return (performance.now() - began) / 1000
}

async function prepare(name: string): Promise<string> {
  await query(server.url, `create database ${name}`)
  const url = withDatabase(server.url, name)
  await migrate(url)
  const { db, close } = openDatabase(url, { name: 'bench', max: 1, onError: console.error })
  await makePartitions(db, startMs)
  await ensureRegions(db, regions)
  await makeChecks(db, checkCount)
  await close()
  return url
}

async function sizes(url: string): Promise<string> {
  const { db, close } = openDatabase(url, { name: 'bench', max: 1, patienceMs: 300_000, onError: console.error })
  const read = async () => {
    const { rows } = await db.execute<{ name: string; rows: string; heap: string; indexes: string }>(
      sql`select p.name, p.rows, pg_table_size(p.name::regclass) as heap, pg_indexes_size(p.name::regclass) as indexes from (
            select 'results_y2026m01d05' as name, count(*) as rows from results union all
            select 'result_details_y2026m01d05', count(*) from result_details union all
            select 'rollups_5m_y2026m01d05', count(*) from rollups_5m union all
            select 'rollups_1h_y2026m01', count(*) from rollups_1h union all
            select 'rollups_1d', count(*) from rollups_1d union all
            select 'check_states', count(*) from check_states) p`,
    )
    return rows.map(({ name, rows: count, heap, indexes }) => ({
      name,
      rows: Number(count),
      heap: Number(heap) / Number(count),
      indexes: Number(indexes) / Number(count),
    }))
  }
  const before = await read()
  await compactDays(db, startMs + 2 * 86_400_000)
  const after = await read()
  await close()
  const cells = before.map(({ name, rows, heap, indexes }, index) => [
    name,
    String(rows),
    heap.toFixed(1),
    indexes.toFixed(1),
    (after[index]?.indexes ?? 0).toFixed(1),
    (heap + (after[index]?.indexes ?? 0)).toFixed(1),
  ])
  return table(['bytes a row', 'rows', 'table', 'indexes', 'compacted', 'together'], cells)
}
