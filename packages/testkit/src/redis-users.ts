import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedisServer } from './redis.ts'
import { startRedisCluster } from './redis-fleet.ts'

const script = join(import.meta.dirname, '../../../redis/users.sh')

export type RedisWithUsers = {
  ports: number[]
  adminUrl: string
  workerUrl: (region: 'eu' | 'us') => string
} & AsyncDisposable

/** A Redis, or a cluster, whose users are those that redis/users.sh makes for the regions eu and us. Ask hasRedis() first. */
export async function startRedisWithUsers(kind: 'one Redis' | 'a cluster'): Promise<RedisWithUsers> {
  const folder = await mkdtemp(join(tmpdir(), 'sonde-users-'))
  const aclfile = join(folder, 'users.acl')
  const env = {
    PATH: process.env.PATH,
    REDIS_PASSWORD: 'admin',
    REDIS_PASSWORD_EU: 'of-eu',
    REDIS_PASSWORD_US: 'of-us',
  }
  await writeFile(aclfile, execFileSync('sh', [script, ...(kind === 'a cluster' ? ['cluster'] : [])], { env }))
  const started =
    kind === 'a cluster'
      ? await startRedisCluster({ aclfile }, env.REDIS_PASSWORD)
      : await startRedisServer({ settings: { aclfile } })
  if (started === null) throw new Error('there is no redis-server here: apt-get install redis-server')
  const url = (login: string) => started.url.replace('//', `//${login}@`)
  return {
    ports: 'servers' in started ? started.servers.map(({ port }) => port) : [started.port],
    adminUrl: url('default:admin'),
    workerUrl: (region) => url(`worker-${region}:of-${region}`),
    [Symbol.asyncDispose]: async () => {
      await started[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}
