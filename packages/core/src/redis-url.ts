import { parseHostPort } from './host.ts'

/** What a REDIS_URL says. Files are named, not read. */
export type RedisAddress = {
  kind: 'single' | 'sentinel' | 'cluster'
  tls: boolean
  /** The server itself, the sentinels, or the nodes of the cluster to begin with; at least one. */
  hosts: { host: string; port: number }[]
  /** What sentinels call the server; undefined without them. */
  master: string | undefined
  user: string | undefined
  password: string | undefined
  database: number
} & { [name in (typeof parameters)[number]]: string | undefined }

const parameters = ['ca', 'cert', 'key', 'sentinelUser', 'sentinelPassword'] as const
const forms = 'redis://host:6379, redis+sentinel://host:26379,host:26379/master or redis+cluster://host:6379,host:6379'

/**
 * Reads a URL of one Redis (`redis://user:password@host:6379/0`), of one that sentinels watch
 * (`redis+sentinel://host:26379,host:26379/master/0`), or of a cluster (`redis+cluster://host:6379,host:6379`); `rediss` in place
 * of `redis` is TLS. Parameters: `ca`, `cert` and `key` name files in PEM, `sentinelUser` and `sentinelPassword` are for sentinels
 * that want a login of their own.
 *
 * @throws Error whose message follows the variable's name, and never repeats a part that may hold a secret
 */
export function parseRedisUrl(text: string): RedisAddress {
  const [, secure, scheme = 'single', authority = '', path = '', query = ''] =
    /^redis(s?)(?:\+(sentinel|cluster))?:\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/.exec(text) ?? []
  if (secure === undefined) throw new Error(`expected a URL such as ${forms} (rediss for TLS)`)
  const kind = scheme as RedisAddress['kind']
  const at = authority.lastIndexOf('@')
  return {
    kind,
    tls: secure === 's',
    hosts: hostsOf(authority.slice(at + 1), kind),
    ...loginOf(authority.slice(0, Math.max(at, 0))),
    ...placeOf(path, kind),
    ...parametersOf(query, kind, secure === 's'),
  }
}

function hostsOf(text: string, kind: RedisAddress['kind']): RedisAddress['hosts'] {
  const usual = kind === 'sentinel' ? 26379 : 6379
  const hosts = text.split(',').map((part) => {
    const found = parseHostPort(/(?:^[^:]*|\])$/.test(part) ? `${part}:${usual}` : part)
    // What cannot be read may be half of a password with an "@" or "/" in it.
    if (found === undefined)
      throw new Error('expected host:port after "//" or "@" (percent-encode what is special in a password)')
    return found
  })
  if (kind === 'single' && hosts.length > 1) {
    throw new Error('expected one host; several belong to redis+sentinel:// or redis+cluster://')
  }
  return hosts
}

function loginOf(text: string): Pick<RedisAddress, 'user' | 'password'> {
  if (text === '') return { user: undefined, password: undefined }
  const colon = text.indexOf(':')
  if (colon < 0) throw new Error('expected a password after the user, as in redis://user:password@host')
  const [user, password] = [decoded(text.slice(0, colon)), decoded(text.slice(colon + 1))]
  return { user: user === '' ? undefined : user, password: password === '' ? undefined : password }
}

/** The path: a database, or with sentinels the server's name and a database. */
function placeOf(path: string, kind: RedisAddress['kind']): Pick<RedisAddress, 'master' | 'database'> {
  const parts = path.split('/').slice(1)
  const master = kind === 'sentinel' ? decoded(parts.shift() ?? '') : undefined
  if (master === '')
    throw new Error('expected the name that the sentinels watch, as in redis+sentinel://host:26379/mymaster')
  const [database = '', ...rest] = parts
  if (!/^\d{0,5}$/.test(database) || rest.length > 0)
    throw new Error('expected a database number at the end of the path')
  if (kind === 'cluster' && Number(database) !== 0) throw new Error('a cluster has database 0 alone')
  return { master, database: Number(database) }
}

function parametersOf(query: string, kind: RedisAddress['kind'], tls: boolean) {
  const given = new URLSearchParams(query)
  const take = (name: (typeof parameters)[number]): string | undefined => given.get(name) ?? undefined
  for (const name of given.keys()) {
    const forSentinels = name.startsWith('sentinel')
    if (!(parameters as readonly string[]).includes(name)) {
      throw new Error(`expected no parameters but ${parameters.join(', ')}`)
    }
    if (forSentinels && kind !== 'sentinel') throw new Error(`${name} belongs to redis+sentinel://`)
    if (!forSentinels && !tls) throw new Error(`${name} belongs to TLS: rediss in place of redis`)
  }
  if (given.has('cert') !== given.has('key')) throw new Error('cert and key come together')
  return {
    ca: take('ca'),
    cert: take('cert'),
    key: take('key'),
    sentinelUser: take('sentinelUser'),
    sentinelPassword: take('sentinelPassword'),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('expected percent-encoding: a "%" is written %25')
  }
}
