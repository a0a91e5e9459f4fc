import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { foldResults } from '@sonde/core'
import { ensureRegions, ingest, makePartitions, migrate, openDatabase } from '@sonde/db'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { migrateQueue } from '@sonde/queue'
import { freePort } from '@sonde/testkit'
import { runSonde, sonde, until } from '../e2e/sonde.ts'
import { makeChecks, resultOf } from './ingest-results.ts'
import { cpuMs, rssMiB } from './process.ts'
import { table } from './statistics.ts'

// What it takes to apply a file of many checks, by the command, against an API process; and how long everybody else waits meanwhile:
// who reads, who writes by the API, and an ingester.
const { values: options } = parseArgs({
  options: {
    checks: { type: 'string', default: '10000' },
    /** A folder that the API writes its CPU profile into. */
    profiles: { type: 'string' },
  },
})
const checkCount = Number(options.checks)
const ownChecks = 200
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

/** Checks as a file would have them: assertions, labels, and one in ten with a secret. */
function configText(count: number, changed: number): string {
  const checks = Array.from({ length: count }, (_, index) => {
    const secret = index % 10 === 0 ? `\n      auth: { bearer: "secret-${index}-of-a-check" }` : ''
    return `  - key: applied-${index}
    kind: http
    target: https://applied-${index}.example/health
    interval: ${index < changed ? '2m' : '1m'}
    labels: { team: team-${index % 20}, tier: "${index % 3}" }
    http:
      method: GET
      headers: { accept: application/json }${secret}
    assertions:
      - { source: status, op: in, value: ["2xx"] }
      - { source: body.json, path: "$.status", op: eq, value: ok }
      - { source: duration, op: lt, value: 800ms }
`
  })
  return `manager: bench\nchecks:\n${checks.join('')}`
}

async function run(): Promise<void> {
  await migrate(server.url, migrateQueue)
  const { db, close } = openDatabase(server.url, { name: 'bench-ingester', onError: console.error })
  const nowMs = Date.now()
  await makePartitions(db, nowMs)
  await ensureRegions(db, ['eu'])
  await makeChecks(db, ownChecks)
  const port = await freePort()
  const env = {
    DATABASE_URL: server.url,
    SONDE_PORT: String(port),
    SONDE_ADMIN_TOKEN: token,
    SONDE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    SONDE_LOG_LEVEL: 'warn',
  }
  const profiling: Record<string, string> =
    options.profiles === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${options.profiles}` }
  await using api = sonde(['api'], { env: { ...env, ...profiling }, cwd: folder })
  const pid = api.child.pid as number
  const base = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(`${base}/readyz`)).ok, 60_000, api.output)

  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
  }
  let slot = 0
  const others: Record<string, () => Promise<unknown>> = {
    read: () => ask('GET', '/api/v1/checks?limit=50'),
    'write of a check': () => ask('PATCH', `/api/v1/checks/site-${(slot % ownChecks) + 1}`, { retries: slot % 3 }),
    'write of a silence': () =>
      ask('POST', '/api/v1/silences', { labels: { team: `t${slot}` }, duration: '1h', comment: 'bench' }),
    ingest: async () => {
      slot += 1
      const results = Array.from({ length: ownChecks }, (_, index) => ({
        checkId: index + 1,
        result: resultOf(index + 1, 'eu', nowMs + slot * 30_000),
      }))
      const stored = await ingest(db, results, foldResults)
      if (stored.length !== ownChecks) throw new Error(`${stored.length} of ${ownChecks} results were stored`)
    },
  }

  const file = join(folder, 'checks.yaml')
  const cells: string[][] = []
  const measure = async (name: string, args: string[], expected: number) => {
    const done = new AbortController()
    const waits: Record<string, number> = {}
    const failures: string[] = []
    const busy = Object.entries(others).map(async ([other, work]) => {
      while (!done.signal.aborted) {
        const began = performance.now()
        await work().catch((error: unknown) => failures.push(`${other}: ${String(error)}`))
        waits[other] = Math.max(waits[other] ?? 0, performance.now() - began)
        await sleep(50)
      }
    })
    let mostMiB = 0
    const sampler = setInterval(() => (mostMiB = Math.max(mostMiB, rssMiB(pid))), 50)
    const [cpu, began] = [cpuMs(pid), performance.now()]
    const { code, output } = await runSonde(args, { env, cwd: folder })
    const seconds = (performance.now() - began) / 1000
    const apiSeconds = (cpuMs(pid) - cpu) / 1000
    done.abort()
    await Promise.all(busy)
    clearInterval(sampler)
    if (code !== expected) throw new Error(`${name}: exit code ${code}: ${output.slice(-2000)}`)
    cells.push([
      name,
      seconds.toFixed(1),
      apiSeconds.toFixed(1),
      mostMiB.toFixed(0),
      ...Object.keys(others).map((other) => (waits[other] ?? 0).toFixed(0)),
      String(failures.length),
    ])
    for (const failure of new Set(failures)) console.error(`${name}: ${failure}`)
  }
  try {
    await measure('nothing', ['token', 'list'], 0)
    writeFileSync(file, configText(checkCount, 0))
    await measure('validate', ['validate', '-f', file], 0)
    await measure('apply, all new', ['apply', '-f', file], 0)
    await measure('apply again', ['apply', '-f', file], 0)
    writeFileSync(file, configText(checkCount, checkCount / 10))
    await measure('plan of a tenth changed', ['apply', '-f', file, '--dry-run'], 2)
    await measure('apply a tenth changed', ['apply', '-f', file], 0)
    writeFileSync(file, configText(checkCount / 2, checkCount / 10))
    await measure('apply, half pruned', ['apply', '-f', file, '--prune'], 0)
    await measure('export', ['export'], 0)
  } finally {
    await close()
  }
  const waitsOf = Object.keys(others).map((name) => `${name}, ms`)
  console.log(`${checkCount} checks; the longest that others waited\n`)
  console.log(table(['', 'seconds', 'CPU of the API', 'MiB', ...waitsOf, 'failed'], cells))
}
