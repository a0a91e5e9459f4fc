import type { ChildProcess } from 'node:child_process'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { freePort, startRedisServer } from '@sonde/testkit'
import pg from 'pg'
import { answered, apiClient } from '../e2e/api-client.ts'
import { runSonde, sonde, until } from '../e2e/sonde.ts'
import { childrenWith, descendant, type Part } from './schedule-cpu.ts'

const token = 'an-admin-token-for-the-bench'

/** The process of `sonde up`, with all roles but the workers. */
export const together = 'sonde up'

export type Backend = 'redis' | 'postgres'

/**
 * The service as it is run: one worker a region, PostgreSQL and perhaps Redis on loopback; each other role a process of its own, or all
 * of them in one, as `sonde up` has it.
 */
export type SondeStack = {
  parts: Part[]
  databaseUrl: string
  apiUrl: string
  /** That may do all. */
  token: string
  /** Makes so many checks of this target in all regions and answers their numbers. */
  makeChecks(count: number, check: { target: string; interval: string }): Promise<number[]>
  /** Samples of the ingester's own metrics, by series. */
  ingesterMetrics(): Promise<Map<string, number>>
  /** Everything that the roles have said. */
  says(): string
} & AsyncDisposable

/** Starts it in `folder`. With `profiles`, each role writes a CPU profile into that folder when it ends. */
export async function startSondeStack(
  folder: string,
  options: { backend: Backend; regions: readonly string[]; profiles: string | undefined; together: boolean },
): Promise<SondeStack> {
  await using stack = new AsyncDisposableStack()
  await mkdir(folder)
  await chmod(folder, 0o711)
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const dataDir = join(folder, 'data')
  const database = await startEmbeddedPostgres({ dataDir, log: () => undefined })
  stack.defer(async () => {
    await database.stop()
    await removeEmbeddedPostgres({ dataDir, cluster: database.cluster })
  })
  const parts: Part[] = [{ name: 'PostgreSQL', pid: descendant('postgres') }]
  const both: Record<string, string> = { DATABASE_URL: database.url, SONDE_LOG_LEVEL: 'warn' }
  if (options.backend === 'redis') {
    const redis = await startRedisServer()
    if (redis === null) throw new Error('there is no redis-server here: apt-get install redis-server')
    stack.use(redis)
    parts.push({ name: 'Redis', pid: descendant('redis-server') })
    both.REDIS_URL = redis.url
  }
  const { code, output } = await runSonde(['migrate'], { env: both, cwd: folder })
  if (code !== 0) throw new Error(output)

  const apiPort = await freePort()
  const outputs: (() => string)[] = []
  let metricsUrl = `http://127.0.0.1:${apiPort}/metrics?check=`
  const start = async (name: string, args: string[], quiet = false) => {
    const port = await freePort()
    if (name === 'ingester') metricsUrl = `http://127.0.0.1:${port}/metrics`
    const profiling =
      options.profiles === undefined
        ? {}
        : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${join(options.profiles, name)}` }
    const own = {
      SONDE_PORT: String(apiPort),
      SONDE_ADMIN_TOKEN: token,
      SONDE_METRICS_PORT: String(port),
      ...profiling,
    }
    const running = stack.use(sonde(args, { env: { ...both, ...own }, cwd: folder, quiet }))
    endWithUs(running.child)
    outputs.push(() => `${name}: ${running.output()}`)
    const pid = running.child.pid as number
    parts.push({ name, pid })
    return pid
  }
  const workerOf = (region: string): [string, string[]] => [`worker ${region}`, ['worker', '--region', region]]
  const up = options.together ? await start(together, ['up', '--regions', options.regions.join()], true) : undefined
  if (up === undefined) {
    for (const role of ['api', 'scheduler', 'ingester', 'notifier']) await start(role, [role])
    for (const region of options.regions) await start(...workerOf(region))
  }
  const says = () => outputs.map((one) => one()).join('\n')
  const client = apiClient(`http://127.0.0.1:${apiPort}`, token)
  await until(
    async () => livingWorkers(await answered(client.GET('/api/v1/regions'))) === options.regions.length,
    60_000,
    says,
  )
  if (up !== undefined)
    for (const region of options.regions) {
      const [pid] = childrenWith(up, workerOf(region)[1].join(' '))
      if (pid !== undefined) parts.push({ name: workerOf(region)[0], pid })
    }

  const owned = stack.move()
  return {
    parts,
    databaseUrl: database.url,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    token,
    async makeChecks(count, { target, interval }) {
      const keys = Array.from({ length: count }, (_, index) => `check-${index}`)
      for (let from = 0; from < count; from += 1000) {
        const checks = keys.slice(from, from + 1000).map((key) => ({
          key,
          kind: 'http',
          target: `${target}${key}`,
          interval,
        }))
        const answer = await answered(client.POST('/api/v1/apply', { body: { checks } }))
        if (answer.status !== 200) throw new Error(JSON.stringify(answer.body).slice(0, 1000))
      }
      return checkIds(database.url)
    },
    async ingesterMetrics() {
      const text = await (await fetch(metricsUrl)).text()
      const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
      return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
    },
    says,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Servers end with their keepers; roles would outlive a bench that is ended by a signal. */
function endWithUs(child: ChildProcess): void {
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
}

async function checkIds(url: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<{ id: number }>('select id from checks')).rows.map(({ id }) => id)
  } finally {
    await client.end()
  }
}

function livingWorkers({ body }: { body: Record<string, unknown> }): number {
  const items = (body.items ?? []) as { workers: unknown[] }[]
  return items.filter(({ workers }) => workers.length > 0).length
}
