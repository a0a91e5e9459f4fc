import { Cluster, type Redis } from 'ioredis'

const oldest = [6, 2] as const

/**
 * What makes a Redis, or a server of a cluster, unfit to hold queues, in words that follow its name, or undefined. A server that
 * does not let us ask about its settings (a managed service, an ACL such as that of a region's worker) is believed.
 */
export async function redisProblem(redis: Redis | Cluster): Promise<string | undefined> {
  const servers = redis instanceof Cluster ? redis.nodes('master') : [redis]
  const problems = await Promise.all(servers.map((server) => problemOf(server)))
  return problems.find((problem) => problem !== undefined)
}

async function problemOf(redis: Redis): Promise<string | undefined> {
  const info = await redis.info().catch(() => '')
  const version = field(info, 'redis_version')
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  if (version !== undefined && (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))) {
    return `is version ${version}; expected ${oldest.join('.')} or newer`
  }
  // Evicted keys are jobs that end without a word.
  const policy = field(info, 'maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    return `drops jobs when memory runs short (maxmemory-policy is ${policy}); set it: redis-cli config set maxmemory-policy noeviction, and "maxmemory-policy noeviction" in redis.conf`
  }
  return undefined
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
}
