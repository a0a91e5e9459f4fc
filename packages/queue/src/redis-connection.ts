import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { parseRedisUrl, type RedisAddress } from '@sonde/core'
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'

/** As the constructors take them: our answers are in the shapes that ioredis calls legacy, which is its default. */
type Options = RedisOptions & { replyMapping?: 'legacy' }

/** Producers hear of a fault at once; consumers wait, for as long as it takes, until Redis is back. */
export type Use = 'produce' | 'consume'

const retryMs = (attempt: number): number => Math.min(attempt * 100, 2000)

/**
 * Opens a connection to what a REDIS_URL names: one Redis, the one that sentinels say leads, or a cluster. The caller listens to
 * its `error`. No command beyond those of the queue itself is needed, so that an ACL can leave out INFO and the like.
 *
 * @throws Error that names the parameter, when a file of the URL cannot be read
 */
export function connectRedis(url: string, use: Use): Redis | Cluster {
  const address = parseRedisUrl(url)
  const options = optionsOf(address, use)
  const { host, port } = address.hosts[0] as { host: string; port: number }
  if (address.kind === 'single') return new Redis({ ...options, retryStrategy: retryMs, host, port })
  if (address.kind === 'cluster') return new Cluster(address.hosts, clusterOptionsOf(options, use))
  return new Redis({ ...options, retryStrategy: retryMs, ...sentinelOptionsOf(address, options) })
}

/** Rejects when it does not answer; a cluster that is not connected yet is waited for. */
export async function pingRedis(redis: Redis | Cluster): Promise<void> {
  // Rejects with the error that comes instead.
  if (redis instanceof Cluster && redis.status !== 'ready') await once(redis, 'ready')
  await redis.ping()
}

/** What to call it in a message: never with a login. */
export function redisName(url: string): string {
  const { kind, hosts, master } = parseRedisUrl(url)
  const places = hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',')
  if (kind === 'single') return `Redis at ${places}`
  return kind === 'cluster' ? `the Redis cluster at ${places}` : `Redis ${master} of the sentinels at ${places}`
}

const untrusted = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]

/** What a connection failed of, with what to try where TLS did not come about. */
export function redisReason(error: Error): string {
  // Of a cluster: what the last of its nodes said.
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) return redisReason(error.lastNodeError)
  if (!('code' in error && untrusted.includes(String(error.code)))) return error.message
  return `its certificate is not trusted (${error.message}); ?ca=FILE in the URL names the authority that issued it`
}

/** In a cluster all keys of a queue have to be in one slot: its name becomes their hash tag. */
export function queueNameIn(url: string, name: string): string {
  return parseRedisUrl(url).kind === 'cluster' ? `{${name}}` : name
}

function optionsOf(address: RedisAddress, use: Use): Options {
  return {
    ...(address.user === undefined ? {} : { username: address.user }),
    ...(address.password === undefined ? {} : { password: address.password }),
    db: address.database,
    ...(address.tls ? { tls: tlsOf(address) } : {}),
    connectTimeout: 5000,
    // A connection that died without a word, forgotten by a firewall or its machine gone, is given up when an answer does not come.
    // A consumer's may block for up to 10 s.
    socketTimeout: use === 'produce' ? 8000 : 12_000,
    keepAlive: 10_000,
    maxRetriesPerRequest: use === 'produce' ? 1 : null,
    // The check asks INFO, which the user of a region's worker may not run. A server that still loads its data, or that a
    // fail-over has made a replica, says so to the first command: then the connection is made anew, for a consumer with the same
    // command again. A producer's may be half of a transaction, and is told to who sent it.
    enableReadyCheck: false,
    // CLIENT SETINFO, which Redis before 7.2 has not, so that an ACL could not name it.
    disableClientInfo: true,
    reconnectOnError: ({ message }) =>
      /^(?:LOADING|READONLY|MASTERDOWN)/.test(message) ? (use === 'produce' ? 1 : 2) : false,
  }
}

function sentinelOptionsOf(address: RedisAddress, { tls }: Options): Options {
  return {
    sentinels: address.hosts,
    name: address.master ?? '',
    ...(address.sentinelUser === undefined ? {} : { sentinelUsername: address.sentinelUser }),
    ...(address.sentinelPassword === undefined ? {} : { sentinelPassword: address.sentinelPassword }),
    ...(tls === undefined ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    sentinelRetryStrategy: retryMs,
    // Without ioredis's failoverDetector: what it hears while the connection is made anew ends that for good. Sentinels close the
    // connections to a server that they demote, and one that they cannot reach takes no writes once it is a replica (READONLY).
  }
}

function clusterOptionsOf(redisOptions: Options, use: Use) {
  return {
    redisOptions,
    clusterRetryStrategy: retryMs,
    // While no node answers, the commands of a producer are refused and not kept.
    enableOfflineQueue: use === 'consume',
    // Asks CLUSTER INFO, as above.
    enableReadyCheck: false,
    // The socket looks names up itself: TLS verifies the name, not the address that ioredis would put in its place.
    dnsLookup: (name, callback) => callback(null, name),
  } satisfies ClusterOptions
}

function tlsOf(address: RedisAddress): NonNullable<RedisOptions['tls']> {
  const read = (name: 'ca' | 'cert' | 'key') => {
    const file = address[name]
    if (file === undefined) return {}
    try {
      return { [name]: readFileSync(file) }
    } catch (error) {
      throw new Error(`REDIS_URL: ${name}=${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`, {
        cause: error,
      })
    }
  }
  return { ...read('ca'), ...read('cert'), ...read('key') }
}
