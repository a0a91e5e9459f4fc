import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Channel, type CheckInput } from '@sonde/core'
import { createChannel, openDatabase } from '@sonde/db'
import { freePort, freshDatabase } from '@sonde/testkit'
import { Authority, startDnsServer, startHttpServer, startTlsServer } from '@sonde/testkit/targets'
import pg from 'pg'
import { sonde, until } from './e2e/sonde.ts'
import { storeHistory } from './grafana-history.ts'

export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0

export type Sample = { metric: Record<string, string>; value: [number, string] }
export type GrafanaStack = AsyncDisposable & {
  /** An instant query of Prometheus. */
  promql: (query: string) => Promise<Sample[]>
  /** The values of a label of the series that match. */
  labelValues: (label: string, matcher: string) => Promise<string[]>
  /** A query as Grafana's database user, with no more rights than grafana/reader.sql gives. */
  sql: (query: string) => Promise<Record<string, unknown>[]>
  checks: (CheckInput & { key: string })[]
  /** The database, as its owner. */
  databaseUrl: string
}

/**
 * Everything that a dashboard looks at, on loopback: `sonde up` in two regions on a database with three days of history, probing
 * targets that are up and down, and a Prometheus that scrapes it.
 */
export async function startGrafanaStack(): Promise<GrafanaStack> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sonde-grafana-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const database = stack.use(await freshDatabase())
  const receiver = stack.use(await startHttpServer())
  const checks = await startTargets(stack)

  const handle = openDatabase(database.url, { name: 'test', onError: () => undefined })
  const channel = { key: 'ops', kind: 'webhook', webhook: { url: `${receiver.url}/` } }
  await createChannel(handle.db, Channel.parse(channel))
  await storeHistory(handle.db, checks, Date.now())
  await handle.close()
  const reader = await startReader(database.url)
  stack.defer(() => reader.end())

  const [apiPort, workerPort] = [await freePort(), await freePort()]
  const env = { DATABASE_URL: database.url, SONDE_PORT: String(apiPort), SONDE_METRICS_PORT: String(workerPort) }
  const up = stack.use(sonde(['up', '--regions', 'eu,us'], { cwd: folder, env: { ...env, SONDE_DATA_DIR: folder } }))
  const address = await startPrometheus(stack, folder, [apiPort], [workerPort, workerPort + 1])
  const ask = async <Data>(path: string, query: Record<string, string>): Promise<Data> => {
    const response = await fetch(`http://${address}/api/v1/${path}?${new URLSearchParams(query).toString()}`)
    const answer = (await response.json()) as { error?: string; data: Data }
    if (answer.error !== undefined) throw new Error(`${answer.error}: ${JSON.stringify(query)}`)
    return answer.data
  }
  const promql = async (query: string) => (await ask<{ result: Sample[] }>('query', { query })).result
  // Every check seen often enough in both regions, and the slowest of what Sonde says of itself: heartbeats come every 5 s.
  const seen = `count(count_over_time(probe_duration_seconds[5m]) >= 12) == ${2 * checks.length}
    and on () sum(increase(sonde_worker_event_loop_delay_seconds_count[1m])) > 0
    and on () count(sonde_check_up) == ${2 * checks.length} and on () count(sonde_workers == 1) == 2
    and on () sum(sonde_notifications_total) > 0`
  await until(async () => (await promql(seen)).length > 0, 90_000, up.output)

  const owned = stack.move()
  return {
    promql,
    labelValues: (label, matcher) => ask<string[]>(`label/${label}/values`, { 'match[]': matcher }),
    sql: async (query) => (await reader.query<Record<string, unknown>>(query)).rows,
    checks,
    databaseUrl: database.url,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function startTargets(stack: AsyncDisposableStack): Promise<GrafanaStack['checks']> {
  const http = stack.use(await startHttpServer())
  const root = await Authority.create()
  const leaf = await root.issue({ notAfter: new Date(Date.now() + 9 * 86_400_000) })
  const tls = stack.use(await startTlsServer({ ...leaf, chain: [root.cert] }))
  const soa = { mname: 'ns.example', rname: 'root.example', serial: 7, refresh: 1, retry: 1, expire: 1, minimum: 1 }
  const dns = stack.use(await startDnsServer(({ name }) => ({ answers: [{ name, type: 'SOA', ttl: 60, data: soa }] })))
  const common = { interval: '3s', timeout: '500ms', labels: { team: 'web' } }
  return [
    { ...common, key: 'shop', kind: 'http', target: `${http.url}/` },
    { ...common, key: 'broken', kind: 'http', target: `http://127.0.0.1:${await freePort()}/` },
    {
      ...common,
      key: 'mail',
      kind: 'tls',
      target: `127.0.0.1:${tls.port}`,
      tls: { caPem: root.cert },
      alerts: { channels: ['ops'] },
    },
    {
      ...common,
      key: 'zone',
      kind: 'dns',
      target: 'example.org',
      dns: { recordType: 'SOA', servers: [`udp://127.0.0.1:${dns.port}`] },
    },
  ]
}

/** A connection as the database user that grafana/reader.sql makes. */
async function startReader(url: string): Promise<pg.Client> {
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  await owner.query(await readFile(new URL('../grafana/reader.sql', import.meta.url), 'utf8'))
  await owner.query("alter role grafana password 'grafana'")
  await owner.end()
  const readerUrl = new URL(url)
  readerUrl.username = 'grafana'
  readerUrl.password = 'grafana'
  const reader = new pg.Client({ connectionString: readerUrl.href })
  await reader.connect()
  return reader
}

/** A Prometheus configured as prometheus/prometheus.yml is, but for its targets and how often it asks them. */
async function startPrometheus(
  stack: AsyncDisposableStack,
  folder: string,
  apis: readonly number[],
  workers: readonly number[],
): Promise<string> {
  const targets = (ports: readonly number[]) => [{ targets: ports.map((port) => `127.0.0.1:${port}`) }]
  const config = {
    global: { scrape_interval: '500ms' },
    scrape_configs: [
      { job_name: 'sonde', honor_labels: true, static_configs: targets(apis) },
      { job_name: 'sonde-roles', static_configs: targets(workers) },
    ],
  }
  await writeFile(join(folder, 'prometheus.json'), JSON.stringify(config))
  const address = `127.0.0.1:${await freePort()}`
  const options = { 'config.file': 'prometheus.json', 'storage.tsdb.path': 'tsdb', 'web.listen-address': address }
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  const prometheus = spawn('prometheus', args, { cwd: folder, stdio: 'ignore' })
  const exited = once(prometheus, 'exit')
  stack.defer(async () => {
    prometheus.kill()
    await exited
  })
  return address
}
