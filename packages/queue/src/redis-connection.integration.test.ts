import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, hasRedis, startRedisCluster, startRedisSentinel, startRedisServer } from '@sonde/testkit'
import { Authority } from '@sonde/testkit/targets'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openQueues, type Queues } from './queues.ts'

const numbers = { name: 'numbers', schema: z.object({ number: z.int() }) }
const others = { name: 'others', schema: z.object({ number: z.int() }) }

async function until(holds: () => boolean, seconds = 15): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > seconds * 20) throw new Error(`not within ${seconds} s`)
    await sleep(50)
  }
}

/** Sends one number after another, each until it is taken, as the handover of a worker does. */
async function sendAll(queues: Queues, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number++) {
    const job = { id: `n-${number}`, data: { number } }
    while (
      !(await queues.send(numbers, [job]).then(
        () => true,
        () => false,
      ))
    )
      await sleep(100)
  }
}

describe.skipIf(!hasRedis()).concurrent('rediss://', () => {
  async function start(names?: string[]) {
    const folder = await mkdtemp(join(tmpdir(), 'sonde-tls-'))
    const authority = await Authority.create()
    const server = await authority.issue(names === undefined ? {} : { names })
    const client = await authority.issue({ usage: 'clientAuth' })
    const files = {
      ca: authority.cert,
      cert: server.cert,
      key: server.key,
      clientCert: client.cert,
      clientKey: client.key,
    }
    const paths = Object.fromEntries(
      Object.keys(files).map((name) => [name, join(folder, `${name}.pem`)]),
    ) as typeof files
    await Promise.all(Object.entries(files).map(([name, pem]) => writeFile(join(folder, `${name}.pem`), pem)))
    const port = await freePort()
    // The plain port next to it is for the test kit alone.
    const redis = await startRedisServer({
      settings: {
        'tls-port': port,
        'tls-cert-file': paths.cert,
        'tls-key-file': paths.key,
        'tls-ca-cert-file': paths.ca,
        requirepass: 'geheim',
      },
    })
    if (redis === null) throw new Error('there is no redis-server')
    return {
      paths,
      url: (query: string) => `rediss://:geheim@127.0.0.1:${port}${query}`,
      place: `127.0.0.1:${port}`,
      [Symbol.asyncDispose]: async () => {
        await redis.stop()
        await rm(folder, { recursive: true })
      },
    }
  }
  const complaint = async (url: string): Promise<string> => {
    const queues = openQueues({ kind: 'redis', url }, () => undefined)
    const message = await queues.assertUsable().then(
      () => 'no complaint',
      (error: Error) => error.message,
    )
    await queues.close()
    return message
  }

  test('jobs go over TLS that a given authority and a client certificate secure', async () => {
    await using server = await start()
    const { ca, clientCert, clientKey } = server.paths
    const url = server.url(`?ca=${ca}&cert=${clientCert}&key=${clientKey}`)
    const queues = openQueues({ kind: 'redis', url }, () => undefined)
    await queues.assertUsable()
    const seen: number[] = []
    const consumer = await queues.consume(numbers, async ({ number }) => void seen.push(number), { concurrency: 1 })
    await queues.send(numbers, [{ data: { number: 1 } }])
    await until(() => seen.length === 1)
    await consumer.close()
    await queues.close()
  })

  test('what is wrong with a certificate is one line without the password', async () => {
    await using server = await start()
    const { ca, clientCert, clientKey } = server.paths
    const client = `cert=${clientCert}&key=${clientKey}`
    expect(await complaint(server.url(`?${client}`))).toBe(
      `REDIS_URL: no connection to Redis at ${server.place}: its certificate is not trusted (self-signed certificate in certificate chain); ?ca=FILE in the URL names the authority that issued it`,
    )
    expect(await complaint(server.url(`?ca=${ca}`))).toMatch(
      /^REDIS_URL: no connection to Redis at 127\.0\.0\.1:\d+: .*certificate required/,
    )
    expect(() => openQueues({ kind: 'redis', url: server.url('?ca=/nowhere/ca.pem') }, () => undefined)).toThrow(
      /^REDIS_URL: ca=\/nowhere\/ca\.pem cannot be read: ENOENT$/,
    )
    expect(await complaint(server.url(`?ca=${ca}&${client}`).replace('geheim', 'falsch'))).toBe(
      `REDIS_URL: no connection to Redis at ${server.place}: WRONGPASS invalid username-password pair or user is disabled.`,
    )
    expect(await complaint(server.url('').replace('rediss', 'redis'))).toMatch(
      /^REDIS_URL: no connection to Redis at 127\.0\.0\.1:\d+: .*$/,
    )
  })

  test('a certificate for another name is refused', async () => {
    await using server = await start(['redis.example'])
    const { ca, clientCert, clientKey } = server.paths
    expect(await complaint(server.url(`?ca=${ca}&cert=${clientCert}&key=${clientKey}`))).toMatch(
      /^REDIS_URL: no connection to Redis at \S+: Hostname\/IP does not match certificate's altnames: IP: 127\.0\.0\.1 is not in/,
    )
  })
})

test.skipIf(!hasRedis())('a server that still loads its data, or has become a replica, is waited for', async () => {
  await using leader = await startRedisServer()
  await using server = await startRedisServer()
  const queues = openQueues({ kind: 'redis', url: server?.url ?? '' }, () => undefined)
  await queues.assertUsable()
  const seen: number[] = []
  const consumer = await queues.consume(numbers, async ({ number }) => void seen.push(number), { concurrency: 1 })
  const admin = new Redis(server?.url ?? '')
  await admin.replicaof('127.0.0.1', String(leader?.port))
  await expect(queues.send(numbers, [{ data: { number: 1 } }])).rejects.toThrow('READONLY')
  await admin.replicaof('NO', 'ONE')
  await sendAll(queues, 2, 3)
  await until(() => seen.length === 1)
  admin.disconnect()
  await consumer.close()
  await queues.close()
})

test.skipIf(!hasRedis())(
  'sentinels lead to the server that takes over, and no job that was taken is lost',
  async () => {
    await using fleet = await startRedisSentinel()
    const [leader] = fleet.servers
    const queues = openQueues({ kind: 'redis', url: fleet.url }, () => undefined)
    await queues.assertUsable()
    const seen = new Set<number>()
    const consumer = await queues.consume(numbers, async ({ number }) => void seen.add(number), { concurrency: 1 })
    await sendAll(queues, 0, 10)
    await until(() => seen.size === 10)
    await leader?.stop()
    await sendAll(queues, 10, 20)
    await until(() => seen.size === 20)
    await consumer.close()
    await queues.close()
  },
)

test.skipIf(!hasRedis())('in a cluster the queues lie in slots of their own, and a lost node is survived', async () => {
  await using fleet = await startRedisCluster({ 'cluster-require-full-coverage': 'no' })
  const queues = openQueues({ kind: 'redis', url: fleet.url }, () => undefined)
  await queues.assertUsable()
  const seen: number[] = []
  const consumers = await Promise.all(
    [numbers, others].map((queue) =>
      queues.consume(queue, async ({ number }) => void seen.push(number), { concurrency: 1 }),
    ),
  )
  await queues.send(numbers, [{ id: 'a', data: { number: 1 } }, { data: { number: 2 } }])
  await queues.send(others, [{ data: { number: 3 } }])
  await until(() => seen.length === 3)
  expect(await queues.depth(numbers)).toBe(0)
  const nodes = fleet.servers.map(({ url }) => new Redis(url))
  const keys = await Promise.all(nodes.map(async (node) => node.keys('sonde:*')))
  for (const node of nodes) node.disconnect()
  expect(keys.flat().every((key) => /^sonde:\{(?:numbers|others)\}:/.test(key))).toBe(true)
  const [home, other] = ['numbers', 'others'].map((name) => keys.findIndex((of) => of.includes(`sonde:{${name}}:id`)))
  expect(home).not.toBe(other)

  await fleet.servers[other ?? 0]?.stop()
  await expect(queues.send(others, [{ data: { number: 4 } }])).rejects.toThrow(
    /Connection is closed|CLUSTERDOWN|redirections/,
  )
  await sendAll(queues, 5, 8)
  await until(() => seen.length === 6)
  await Promise.all(consumers.map((consumer) => consumer.close()))
  await queues.close()
})

test.skipIf(!hasRedis())('a cluster that is gone is one line, and takes no job meanwhile', async () => {
  const fleet = await startRedisCluster()
  const queues = openQueues({ kind: 'redis', url: fleet.url.replace('//', '//default:geheim@') }, () => undefined)
  await queues.ping()
  await fleet[Symbol.asyncDispose]()
  await expect(queues.send(numbers, [{ data: { number: 1 } }])).rejects.toThrow(/Connection is closed|isn't ready/)
  await expect(queues.ping()).rejects.toThrow(/^REDIS_URL: no connection to the Redis cluster at 127\.0\.0\.1:\d+,127/)
  await expect(queues.ping()).rejects.not.toThrow('geheim')
  await queues.close()
})
