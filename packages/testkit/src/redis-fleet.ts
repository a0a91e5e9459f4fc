import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from './port.ts'
import { onFreePorts, type RedisServer, startRedisServer } from './redis.ts'

const slots = 16_384

export type RedisFleet = { url: string; servers: RedisServer[] } & AsyncDisposable

/**
 * A Redis Cluster of three masters that share the slots; `settings` go to each, and `password` is what they ask of `default`.
 * Ask hasRedis() first.
 */
export async function startRedisCluster(
  settings: Record<string, string | number> = {},
  password = '',
): Promise<RedisFleet> {
  const ask = asker(password)
  const folder = await mkdtemp(join(tmpdir(), 'sonde-cluster-'))
  const member = async (): Promise<RedisServer & { busPort: number }> => {
    const busPort = await freePort()
    return {
      busPort,
      ...(await started({
        'cluster-enabled': 'yes',
        'cluster-config-file': join(folder, `nodes-${busPort}.conf`),
        // By default 10,000 above the port, where there may be none.
        'cluster-port': busPort,
        // Also how long a cluster that has just become whole takes no writes.
        'cluster-node-timeout': 2000,
        ...settings,
      })),
    }
  }
  const servers = await Promise.all([onFreePorts(member), onFreePorts(member), onFreePorts(member)])
  for (const [number, { port }] of servers.entries()) {
    const from = Math.ceil((slots * number) / servers.length)
    const to = Math.ceil((slots * (number + 1)) / servers.length) - 1
    await ask(port, 'CLUSTER', 'SET-CONFIG-EPOCH', number + 1)
    await ask(port, 'CLUSTER', 'ADDSLOTSRANGE', from, to)
    // Each meets each: gossip would take seconds to do it.
    for (const known of servers.slice(0, number)) {
      await ask(port, 'CLUSTER', 'MEET', '127.0.0.1', known.port, known.busPort)
    }
  }
  for (const { port } of servers) {
    await until(async () => /cluster_state:ok[^]*cluster_known_nodes:3/.test(await ask(port, 'CLUSTER', 'INFO')))
  }
  return fleet(`redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, servers, folder)
}

/** A Redis, a replica, and a sentinel that makes the replica lead within seconds when the first is gone. The leader comes first. */
export async function startRedisSentinel(): Promise<RedisFleet> {
  const folder = await mkdtemp(join(tmpdir(), 'sonde-sentinel-'))
  const ask = asker('')
  const leader = await started({ 'repl-diskless-sync-delay': 0 })
  const replica = await started({ replicaof: `127.0.0.1 ${leader.port}` })
  const file = join(folder, 'sentinel.conf')
  await writeFile(
    file,
    `sentinel monitor mymaster 127.0.0.1 ${leader.port} 1
sentinel down-after-milliseconds mymaster 500
sentinel failover-timeout mymaster 2000
`,
  )
  const sentinel = await started({}, file)
  await until(async () => /master_link_status:up/.test(await ask(replica.port, 'INFO', 'replication')))
  // It does nothing for 30 s after its timer was held up for 2 s, which a busy machine does; and asks for news every 10 s.
  await ask(sentinel.port, 'SENTINEL', 'DEBUG', 'TILT-TRIGGER', 20_000, 'TILT-PERIOD', 1000, 'INFO-PERIOD', 500)
  await until(async () => /num-slaves\n1\n/.test(await ask(sentinel.port, 'SENTINEL', 'MASTER', 'mymaster')))
  return fleet(`redis+sentinel://127.0.0.1:${sentinel.port}/mymaster`, [leader, replica, sentinel], folder)
}

function fleet(url: string, servers: RedisServer[], folder: string): RedisFleet {
  return {
    url,
    servers,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map((server) => server.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function started(settings: Record<string, string | number>, file?: string): Promise<RedisServer> {
  const server = await startRedisServer({ settings, ...(file === undefined ? {} : { file }) })
  if (server === null) throw new Error('there is no redis-server here: apt-get install redis-server')
  return server
}

const run = promisify(execFile)

/** Asks with redis-cli, which comes with the server. */
function asker(password: string) {
  return async (port: number, ...command: (string | number)[]): Promise<string> => {
    const { stdout } = await run('redis-cli', ['-p', String(port), '-e', ...command.map(String)], {
      env: { ...process.env, REDISCLI_AUTH: password },
    })
    return stdout
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 20_000
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error('the Redis servers do not find each other within 20 s')
    await sleep(50)
  }
}
