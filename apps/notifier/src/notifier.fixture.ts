import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import { Channel, type ChannelInput, explain, foldResults } from '@sonde/core'
import { createChannel, createCheck, findCheck, ingest, makePartitions, openDatabase } from '@sonde/db'
import { createRegistry } from '@sonde/metrics'
import { sealChannel, secretKey } from '@sonde/secrets'
import { aCheck, aResult, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { startNotifier } from './app.ts'

const key = randomBytes(32).toString('base64')
const log = createLogger('test', 'silent')

export type Received = { path: string; headers: IncomingMessage['headers']; body: string; atMs: number }

/** A server that keeps what it is sent, and lets the test answer. */
export async function receiver(answer: (request: Received, response: ServerResponse, count: number) => void) {
  const received: Received[] = []
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one = {
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      atMs: Date.now(),
    }
    received.push(one)
    answer(one, response, received.length)
  }
  const server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export const ok = (_: Received, response: ServerResponse) => void response.end('ok')

/** A notifier with these channels, and a check whose results `store` judges. */
export function setUp(...channels: ChannelInput[]) {
  return setUpWith(undefined, ...channels)
}

/** The same, with DNS servers (`host:port`) in place of the machine's own. */
export async function setUpWith(resolvers: readonly string[] | undefined, ...channels: ChannelInput[]) {
  await using stack = new AsyncDisposableStack()
  const fresh = stack.use(await freshDatabase())
  const database = openDatabase(fresh.url, { name: 'test', max: 6, onError: () => undefined })
  stack.defer(database.close)
  const { db } = database
  await makePartitions(db, Date.now())
  for (const channel of channels) await createChannel(db, sealChannel(Channel.parse(channel), secretKey(key)))
  const check = aCheck({
    key: 'shop',
    interval: '10s',
    timeout: '1s',
    labels: { team: 'web' },
    alerts: { failureThreshold: 1, successThreshold: 1, channels: channels.map((channel) => channel.key) },
  })
  await createCheck(db, check)
  const { id } = (await findCheck(db, 'shop')) ?? { id: 0 }
  let slot = Math.floor(Date.now() / 1000) * 1000 - 60_000
  const registry = createRegistry()
  const start = () =>
    startNotifier(
      {
        databaseUrl: fresh.url,
        secretKey: key,
        egress: { deny: ['127.6.6.6'], allow: [] },
        publicUrl: 'http://sonde.example',
        grafanaUrl: 'http://grafana.example/',
        deadmanUrl: undefined,
      },
      log,
      registry,
      resolvers,
    )
  const notifier = await start()
  stack.defer(notifier.close)
  const store = (down: boolean) => {
    slot += 1000
    const own = down
      ? ({ outcome: 'down', error: explain('tcp_refused', 'nothing <b>listens</b> *here* @all') } as const)
      : {}
    return ingest(db, [{ checkId: id, result: aResult(check, slot, own) }], foldResults, slot)
  }
  const outbox = async () => {
    const { rows } = await db.execute<{
      id: string
      type: string
      channel_key: string
      state: string
      attempts: number
      last_error: string | null
    }>(sql`select id, type, channel_key, state, attempts, last_error from outbox order by number`)
    return rows
  }
  const owned = stack.move()
  return { db, store, outbox, registry, start, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
}

export async function until(condition: () => boolean | Promise<boolean>, what = 'not within 10 s'): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries > 200) throw new Error(what)
    await sleep(50)
  }
}
