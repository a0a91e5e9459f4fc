import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { freePort, startRedisServer, startTcpProxy, withDatabase } from '@sonde/testkit'
import { answered, apiClient } from '../e2e/api-client.ts'
import { runSonde, until } from '../e2e/sonde.ts'
import { type Edit, editor } from './edits.ts'
import type { History } from './history.ts'
import { type Role, supervise } from './role.ts'

export const adminToken = 'a-token-for-the-chaos-run'
export const regions = ['eu', 'us'] as const

/** Two of each role but the API and the notifier, which are on nobody's way to a slot. */
export const roleNames = [
  'api',
  'notifier',
  'scheduler-1',
  'scheduler-2',
  'ingester-1',
  'ingester-2',
  'eu-1',
  'eu-2',
  'us-1',
  'us-2',
]

// Few enough that a fault can take what is left, and more than everything here needs.
const connectionsAtMost: Record<QueueKind, number> = { redis: 60, postgres: 120 }

/** Where the queue is: a Redis of its own, or the PostgreSQL that holds everything else. */
export type QueueKind = 'redis' | 'postgres'

type StackOptions = { checks: number; intervals: readonly [string, string]; queue: QueueKind }

/** Real processes, PostgreSQL and perhaps Redis on loopback, each behind a proxy that can break what it carries. */
export async function startStack({ checks, intervals, queue }: StackOptions) {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sonde-chaos-'))
  await chmod(folder, 0o711)
  stack.defer(() => rm(folder, { recursive: true, force: true }))

  const startDatabase = () =>
    startEmbeddedPostgres({
      dataDir: join(folder, 'data'),
      log: () => undefined,
      settings: { max_connections: String(connectionsAtMost[queue]) },
    })
  let database = await startDatabase()
  stack.defer(async () => {
    await database.stop()
    await removeEmbeddedPostgres({ dataDir: join(folder, 'data'), cluster: database.cluster })
  })
  const redisPort = await freePort()
  await mkdir(join(folder, 'redis'))
  const startRedis = async ({ kept = false } = {}) => {
    const settings = { dir: join(folder, 'redis'), appendonly: kept ? 'yes' : 'no' }
    const redis = await startRedisServer({ port: redisPort, settings })
    if (redis === null) throw new Error('there is no redis-server here: apt-get install redis-server')
    return redis
  }
  let redis = queue === 'redis' ? await startRedis() : undefined
  stack.defer(async () => redis?.stop())
  const databasePort = () => Number(new URL(database.url).port)
  const databaseProxy = stack.use(await startTcpProxy(databasePort()))
  const queuePort = () => (queue === 'redis' ? redisPort : databasePort())
  const queueProxies = {
    control: stack.use(await startTcpProxy(queuePort())),
    eu: stack.use(await startTcpProxy(queuePort())),
    us: stack.use(await startTcpProxy(queuePort())),
  }
  const databaseUrl = (port: number) => {
    const url = new URL(database.url)
    url.port = String(port)
    return url.href
  }
  const queueOf = (name: keyof typeof queueProxies): Record<string, string> => {
    const { port } = queueProxies[name]
    return queue === 'redis' ? { REDIS_URL: `redis://127.0.0.1:${port}` } : { DATABASE_URL: databaseUrl(port) }
  }
  const both = { ...queueOf('control'), DATABASE_URL: databaseUrl(databaseProxy.port) }
  const { code, output } = await runSonde(['migrate'], { env: both, cwd: folder })
  if (code !== 0) throw new Error(output)

  const apiPort = await freePort()
  const roles = new Map<string, Role>()
  for (const name of roleNames) {
    const [kind = ''] = name.split('-')
    const isWorker = kind === 'eu' || kind === 'us'
    const port = name === 'api' ? apiPort : await freePort()
    const own = isWorker ? queueOf(kind) : both
    const env = { ...own, SONDE_LOG_LEVEL: 'warn', SONDE_METRICS_PORT: String(port), SONDE_PORT: String(apiPort) }
    roles.set(
      name,
      supervise({
        name,
        args: isWorker ? ['worker', '--region', kind] : [kind],
        env: { ...env, SONDE_ADMIN_TOKEN: adminToken },
        cwd: folder,
        url: `http://127.0.0.1:${port}`,
      }),
    )
  }
  const role = (name: string) => {
    const found = roles.get(name)
    if (found === undefined) throw new Error(`there is no role ${name}`)
    return found
  }
  stack.defer(async () => {
    await Promise.all([...roles.values()].map((one) => one[Symbol.asyncDispose]()))
  })

  const target = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
  await once(target, 'listening')
  stack.defer(() => {
    target.closeAllConnections()
    target.close()
  })
  const client = apiClient(`http://127.0.0.1:${apiPort}`, adminToken)
  const says = () => [...roles.values()].map(({ name, output: said }) => `${name}: ${said()}`).join('\n')
  await until(async () => workersSeen(await answered(client.GET('/api/v1/regions'))) >= 4, 60_000, says)
  const histories: History[] = []
  const edit = editor(client, histories, regions, `http://127.0.0.1:${(target.address() as AddressInfo).port}/`)
  await edit(
    Array.from({ length: checks }, (_, index): Edit => {
      return {
        key: `c-${index}`,
        interval: index % 4 === 0 ? intervals[0] : intervals[1],
        regions: ['*'],
        enabled: true,
      }
    }),
  )

  const owned = stack.move()
  return {
    folder,
    /** Straight to the server, past the proxy: for the account and for harm. */
    directUrl: () => withDatabase(database.url, new URL(database.url).pathname.slice(1)),
    databaseCluster: () => database.cluster,
    queue,
    redisUrl: `redis://127.0.0.1:${redisPort}`,
    databaseProxy,
    /** The ways to the queue of the control plane and of each region. With the queue in PostgreSQL nothing goes by `control`. */
    queueProxies,
    role,
    roles: () => [...roles.values()],
    /** Whatever a role alone would be started with. */
    environment: both,
    edit,
    histories,
    stopRedis: async () => redis?.stop(),
    startRedis: async (how: { kept?: boolean } = {}) => {
      redis = await startRedis(how)
    },
    stopDatabase: () => database.stop(),
    /** As the kernel does when memory runs out, or a power cut: without a last word to disk. */
    killDatabase: async () => {
      const [pid] = readFileSync(join(database.cluster, 'postmaster.pid'), 'utf8').split('\n')
      process.kill(Number(pid), 'SIGKILL')
      await database.stop()
    },
    startDatabase: async () => {
      database = await startDatabase()
      const proxies = queue === 'redis' ? [databaseProxy] : [databaseProxy, ...Object.values(queueProxies)]
      for (const proxy of proxies) proxy.target = databasePort()
    },
    says,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

export type Stack = Awaited<ReturnType<typeof startStack>>

function workersSeen({ body }: { body: Record<string, unknown> }): number {
  const items = body.items as { workers: unknown[] }[] | undefined
  return (items ?? []).reduce((sum, { workers }) => sum + workers.length, 0)
}
