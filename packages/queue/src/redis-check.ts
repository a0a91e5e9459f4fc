import type { Redis } from 'ioredis'

const oldest = [6, 2] as const

/**
 * What makes a Redis unfit to hold queues, in words that follow its name, or undefined. A server that does not let us ask about
 * its settings (an ACL, a managed service) is believed.
 */
export async function redisProblem(redis: Redis): Promise<string | undefined> {
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
