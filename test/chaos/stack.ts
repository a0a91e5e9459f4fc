import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { freePort, startRedisServer, startTcpProxy, withDatabase } from '@sonde/testkit'
import { apiClient } from '../e2e/api-client.ts'
import { type Running, runSonde, sonde, until } from '../e2e/sonde.ts'

export const adminToken = 'a-token-for-the-chaos-run'
export const regions = ['eu', 'us'] as const

/** Real processes, Redis and PostgreSQL on loopback, each behind a proxy that can break what it carries. */
export async function startStack(options: { checks: number; lookAt?: (line: string) => void }) {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sonde-chaos-'))
  await chmod(folder, 0o711)
  stack.defer(() => rm(folder, { recursive: true, force: true }))

  const startDatabase = () => startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: () => undefined })
  let database = await startDatabase()
  stack.defer(async () => {
    await database.stop()
    await removeEmbeddedPostgres({ dataDir: join(folder, 'data'), cluster: database.cluster })
  })
  const redisPort = await freePort()
  let redis = await startRedisServer({ port: redisPort })
  if (redis === null) throw new Error('there is no redis-server here: apt-get install redis-server')
  stack.defer(async () => redis?.stop())
  const databaseProxy = stack.use(await startTcpProxy(Number(new URL(database.url).port)))
  const redisProxies = new Map(
    await Promise.all(
      ['control', ...regions].map(async (name) => [name, stack.use(await startTcpProxy(redisPort))] as const),
    ),
  )
  const redisUrl = (name: string) => `redis://127.0.0.1:${redisProxies.get(name)?.port}`
  const databaseUrl = () => {
    const url = new URL(database.url)
    url.port = String(databaseProxy.port)
    return url.href
  }

  const both = { DATABASE_URL: databaseUrl(), REDIS_URL: redisUrl('control'), SONDE_LOG_LEVEL: 'warn' }
  const { code, output } = await runSonde(['migrate'], { env: both, cwd: folder })
  if (code !== 0) throw new Error(output)

  const roles = new Map<string, Running>()
  const start = async (name: string, args: string[], env: Record<string, string>) => {
    const own = { ...env, SONDE_METRICS_PORT: String(await freePort()), SONDE_LOG_LEVEL: 'warn' }
    roles.set(name, sonde(args, { env: own, cwd: folder }))
  }
  const apiPort = await freePort()
  const starters: Record<string, () => Promise<void>> = {
    api: () => start('api', ['api'], { ...both, SONDE_PORT: String(apiPort), SONDE_ADMIN_TOKEN: adminToken }),
    'scheduler-1': () => start('scheduler-1', ['scheduler'], both),
    'scheduler-2': () => start('scheduler-2', ['scheduler'], both),
    ingester: () => start('ingester', ['ingester'], both),
    'worker-eu': () => start('worker-eu', ['worker', '--region', 'eu'], { REDIS_URL: redisUrl('eu') }),
    'worker-us': () => start('worker-us', ['worker', '--region', 'us'], { REDIS_URL: redisUrl('us') }),
  }
  for (const starter of Object.values(starters)) await starter()
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
  const says = () => [...roles].map(([name, one]) => `${name}: ${one.output()}`).join('\n')
  await until(async () => regionsSeen(await client.ask('GET', '/regions')) === regions.length, 60_000, says)
  const checks = Array.from({ length: options.checks }, (_, index) => ({
    key: `c-${index}`,
    kind: 'http',
    target: `http://127.0.0.1:${(target.address() as AddressInfo).port}/`,
    interval: index % 4 === 0 ? '1s' : '2s',
    timeout: '500ms',
  }))
  const answer = await client.ask('POST', '/apply', { checks })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))

  const owned = stack.move()
  return {
    /** Straight to the server, past the proxy: for the account. */
    directUrl: () => withDatabase(database.url, new URL(database.url).pathname.slice(1)),
    redisUrl: () => `redis://127.0.0.1:${redisPort}`,
    databaseProxy,
    redisProxies,
    pidOf: (role: string) => roles.get(role)?.child.pid as number,
    alive: (role: string) => roles.get(role)?.child.exitCode === null && roles.get(role)?.child.signalCode === null,
    start: async (role: string) => starters[role]?.(),
    stopRedis: async () => redis?.stop(),
    startRedis: async () => {
      redis = await startRedisServer({ port: redisPort })
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

function regionsSeen({ body }: { body: Record<string, unknown> }): number {
  const items = body.items as { workers: unknown[] }[] | undefined
  return (items ?? []).filter(({ workers }) => workers.length > 0).length
}
