import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { migrate, openDatabase } from '@sonde/db'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { migrateQueue } from '@sonde/queue'
import { freePort } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { sonde, until } from '../e2e/sonde.ts'
import { fillHistory } from './history-data.ts'
import { Reader } from './reader.ts'
import { percentile, table } from './statistics.ts'

// How long an API in a process of its own takes to answer about 90 days of 1,000 checks in three regions, over HTTP, one request at a time.
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    days: { type: 'string', default: '90' },
    checks: { type: 'string', default: '1000' },
    /** How many checks have all of their history; see history-data.ts for what the others have. */
    whole: { type: 'string' },
    requests: { type: 'string', default: '60' },
    /** Only the reads whose name begins so. */
    only: { type: 'string', default: '' },
  },
})
const goalMs = 50
const days = options.quick ? 35 : Number(options.days)
const checkCount = options.quick ? 100 : Number(options.checks)
const wholeChecks = Number(options.whole ?? (options.quick ? 2 : 20))
const requests = Number(options.requests)
const dayMs = 86_400_000
// Requests before the clock counts: a process that has answered none compiles what it runs.
const warmUp = 10
const token = 'an-admin-token-for-this-bench'

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
  await migrate(server.url, migrateQueue)
  const nowMs = Date.now()
  const { db, close } = openDatabase(server.url, { name: 'bench', patienceMs: 600_000, onError: console.error })
  await fillHistory(db, { nowMs, checkCount, wholeChecks, days, log: (line) => console.error(line) })
  const { rows } = await db.execute<{ size: string }>(
    sql`select pg_size_pretty(pg_database_size(current_database())) as size`,
  )
  await close()
  const port = await freePort()
  const env = {
    DATABASE_URL: server.url,
    SONDE_PORT: String(port),
    SONDE_ADMIN_TOKEN: token,
    SONDE_LOG_LEVEL: 'warn',
  }
  await using api = sonde(['api'], { env, cwd: folder })
  await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, 20_000, api.output)
  using reader = new Reader(port, { authorization: `Bearer ${token}` })
  const cells: string[][] = []
  for (const [name, path] of Object.entries(asked(nowMs)).filter(([one]) => one.startsWith(options.only))) {
    const { times, bytes } = await measure(reader, path)
    const p95 = percentile(times, 95)
    cells.push([
      name,
      percentile(times, 50).toFixed(1),
      p95.toFixed(1),
      Math.max(...times).toFixed(1),
      (bytes / 1024).toFixed(0),
      p95 <= goalMs ? 'yes' : 'NO',
    ])
  }
  console.log(`${checkCount} checks, ${days} days, ${wholeChecks} checks with all of it: ${rows[0]?.size}\n`)
  console.log(table(['ms', 'p50', 'p95', 'most', 'KiB', `p95 ≤ ${goalMs}`], cells))
}

/** Paths by name; each is asked for with another check every time. */
function asked(nowMs: number): Record<string, (index: number) => string> {
  const iso = (ms: number) => new Date(ms).toISOString()
  const whole = (index: number) => `checks/site-${(index % wholeChecks) + 1}`
  const since = (spanDays: number) => `from=${iso(nowMs - spanDays * dayMs)}`
  return {
    'series, a day': (index) => `${whole(index)}/series`,
    'series, 7 days': (index) => `${whole(index)}/series?${since(7)}`,
    'series, 7 days of one region by 5m': (index) => `${whole(index)}/series?${since(6.9)}&step=5m&region=eu`,
    'series, 7 days by 5m': (index) => `${whole(index)}/series?${since(6.9)}&step=5m`,
    'series, 30 days': (index) => `${whole(index)}/series?${since(30)}`,
    'series, 30 days by 1h': (index) => `${whole(index)}/series?${since(30)}&step=1h`,
    'series, all days': (index) => `${whole(index)}/series?${since(days)}`,
    'slo, 30 days of 100 checks': (index) => `slo?cursor=${cursor(`site-${(index * 37) % checkCount}`)}`,
    'slo, 90 days of one check': (index) => `slo?window=90d&check=site-${((index * 37) % checkCount) + 1}`,
    certificates: () => 'certificates',
    'certificates, one check': (index) => `certificates?check=site-${((index * 37) % checkCount) + 1}`,
    'certificates, current, next 60 days': () => `certificates?current=true&expiresBefore=${iso(nowMs + 60 * dayMs)}`,
    status: (index) => `checks/site-${((index * 37) % checkCount) + 1}/status`,
    'results, newest': (index) => `${whole(index)}/results`,
    'results, a day ago, one region': (index) => `${whole(index)}/results?to=${iso(nowMs - dayMs)}&region=us`,
    'results, down': (index) => `${whole(index)}/results?outcome=down&${since(1)}`,
    'results, down, of all days': (index) => `${whole(index)}/results?outcome=down`,
  }
}

function cursor(key: string): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

async function measure(reader: Reader, path: (index: number) => string): Promise<{ times: number[]; bytes: number }> {
  const times: number[] = []
  let bytes = 0
  for (let index = -warmUp; index < requests; index++) {
    const began = performance.now()
    bytes = await reader.get(`/api/v1/${path(index + warmUp)}`)
    if (index >= 0) times.push(performance.now() - began)
  }
  return { times, bytes }
}
