import { once } from 'node:events'
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
const maxConnections = 60

/** Real processes, Redis and PostgreSQL on loopback, each behind a proxy that can break what it carries. */
export async function startStack({ checks, intervals }: { checks: number; intervals: readonly [string, string] }) {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sonde-chaos-'))
  await chmod(folder, 0o711)
  stack.defer(() => rm(folder, { recursive: true, force: true }))

  const startDatabase = () =>
    startEmbeddedPostgres({
      dataDir: join(folder, 'data'),
      log: () => undefined,
      settings: { max_connections: String(maxConnections) },
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
  let redis = await startRedis()
  stack.defer(async () => redis.stop())
  const databaseProxy = stack.use(await startTcpProxy(Number(new URL(database.url).port)))
  const redisProxies = {
    control: stack.use(await startTcpProxy(redisPort)),
    eu: stack.use(await startTcpProxy(redisPort)),
    us: stack.use(await startTcpProxy(redisPort)),
  }
  const redisUrl = (name: keyof typeof redisProxies) => `redis://127.0.0.1:${redisProxies[name].port}`
  const databaseUrl = new URL(database.url)
  databaseUrl.port = String(databaseProxy.port)
  const both = { DATABASE_URL: databaseUrl.href, REDIS_URL: redisUrl('control') }
  const { code, output } = await runSonde(['migrate'], { env: both, cwd: folder })
  if (code !== 0) throw new Error(output)

  const apiPort = await freePort()
  const roles = new Map<string, Role>()
  for (const name of roleNames) {
    const [kind = ''] = name.split('-')
    const isWorker = kind === 'eu' || kind === 'us'
    const port = name === 'api' ? apiPort : await freePort()
    const own = isWorker ? { REDIS_URL: redisUrl(kind) } : both
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
    maxConnections,
    redisUrl: `redis://127.0.0.1:${redisPort}`,
    redisPort,
    databaseProxy,
    redisProxies,
    role,
    roles: () => [...roles.values()],
    /** Whatever a role alone would be started with. */
    environment: both,
    edit,
    histories,
    stopRedis: async () => redis.stop(),
    startRedis: async (how: { kept?: boolean } = {}) => {
      redis = await startRedis(how)
    },
    stopDatabase: () => database.stop(),
    startDatabase: async () => {
      database = await startDatabase()
      databaseProxy.target = Number(new URL(database.url).port)
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
