import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createGunzip } from 'node:zlib'
import { migrate, openDatabase } from '@sonde/db'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { freePort, query, withDatabase } from '@sonde/testkit'
import { sonde, until } from '../e2e/sonde.ts'
import { makeFleet } from './metrics-states.ts'
import { cpuMs } from './process.ts'
import { percentile, table } from './statistics.ts'

// How long one scrape of /metrics takes a real API process, and how much its memory grows by it.
const { values: options } = parseArgs({
  options: {
    checks: { type: 'string', default: '10000' },
    regions: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '9' },
    query: { type: 'string', default: '' },
  },
})
const regions = Array.from({ length: Number(options.regions) }, (_, index) => `region-${index}`)
const checks = Math.round(Number(options.checks) / regions.length)

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
  await query(server.url, 'create database metrics')
  const databaseUrl = withDatabase(server.url, 'metrics')
  await migrate(databaseUrl)
  const handle = openDatabase(databaseUrl, { name: 'bench', onError: () => undefined })
  await makeFleet(handle.db, { checks, regions, nowMs: Date.now() })
  await handle.close()
  await query(databaseUrl, 'vacuum analyze')
  const port = await freePort()
  const env = {
    DATABASE_URL: databaseUrl,
    SONDE_PORT: String(port),
    SONDE_ADMIN_TOKEN: 'a-token-for-the-bench',
    SONDE_LOG_LEVEL: 'warn',
  }
  await using api = sonde(['api'], { env, cwd: folder })
  await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, 20_000, api.output)
  const pid = api.child.pid ?? 0
  const url = `http://127.0.0.1:${port}/metrics${options.query}`
  // What the process is like before anybody scraped it.
  const atRestMiB = status(pid, 'VmRSS')
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const rows: string[][] = []
  for (const encoding of ['identity', 'gzip'] as const) {
    // The first is of cold code; a scraper comes every 15 s.
    const first = await scrape(url, encoding, pid)
    const rounds = []
    for (let round = 0; round < Number(options.rounds); round += 1) rounds.push(await scrape(url, encoding, pid))
    const seconds = rounds.map((one) => one.seconds)
    rows.push([
      encoding,
      String(first.series),
      (first.bytes / 1e6).toFixed(1),
      first.seconds.toFixed(2),
      percentile(seconds, 50).toFixed(2),
      Math.max(...seconds).toFixed(2),
      percentile(
        rounds.map((one) => one.cpuMs / 1000),
        50,
      ).toFixed(2),
      (status(pid, 'VmHWM') - atRestMiB).toFixed(0),
    ])
  }
  console.log(`${checks * regions.length} check-regions; at rest the process has ${atRestMiB.toFixed(0)} MiB`)
  console.log(
    table(['', 'series', 'MB sent', 'first, s', 'median, s', 'slowest, s', 'CPU, s', 'growth at most, MiB'], rows),
  )
}

type Scrape = { seconds: number; cpuMs: number; bytes: number; series: number }

/** Reads the whole answer as a scraper does; `bytes` are those sent. */
async function scrape(url: string, encoding: string, pid: number): Promise<Scrape> {
  const cpu = cpuMs(pid)
  const began = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<{ parts: Buffer[]; zipped: boolean }>()
  request(url, { headers: { 'accept-encoding': encoding } }, (response) => {
    const parts: Buffer[] = []
    response.on('data', (part: Buffer) => parts.push(part))
    response.on('end', () => resolve({ parts, zipped: response.headers['content-encoding'] === 'gzip' }))
    response.on('error', reject)
    if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`))
  })
    .on('error', reject)
    .end()
  const { parts, zipped } = await promise
  const seconds = (performance.now() - began) / 1000
  const used = cpuMs(pid) - cpu
  return {
    seconds,
    cpuMs: used,
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
    series: await seriesIn(parts, zipped),
  }
}

/** Lines that are samples, counted after the clock has stopped. */
async function seriesIn(parts: readonly Buffer[], zipped: boolean): Promise<number> {
  let count = 0
  let atStart = true
  const take = (part: Buffer): void => {
    for (const byte of part) {
      if (atStart && byte !== 35) count += 1
      atStart = byte === 10
    }
  }
  if (!zipped) {
    for (const part of parts) take(part)
    return count
  }
  const gunzip = createGunzip()
  for (const part of parts) gunzip.write(part)
  gunzip.end()
  for await (const part of gunzip) take(part as Buffer)
  return count
}

/** A line of /proc/PID/status, in MiB. */
function status(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  const [, kib = '0'] = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) / 1024
}
