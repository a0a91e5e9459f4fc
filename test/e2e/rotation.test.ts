import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { apiConfig, startApi } from '@sonde/api'
import { createLogger } from '@sonde/config'
import { ensureRegions, migrate, openDatabase } from '@sonde/db'
import { ingesterConfig, startIngester } from '@sonde/ingester'
import { createRegistry } from '@sonde/metrics'
import { notifierConfig, startNotifier } from '@sonde/notifier'
import { migrateQueue } from '@sonde/queue'
import { schedulerConfig, startScheduler } from '@sonde/scheduler'
import { newSecretKey } from '@sonde/secrets'
import { freePort, freshDatabase } from '@sonde/testkit'
import { startWorker, workerConfig } from '@sonde/worker'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { rawClient } from './raw-client.ts'
import { until } from './sonde.ts'

const [bearer, hookToken, adminToken] = ['bearer-of-the-check', 'token-of-the-channel', 'an-admin-token-for-tests']
const log = createLogger('test', 'silent')

/** A target that lets nobody in without the bearer, and is broken on demand; and a receiver that takes nothing without its token. */
async function startGuarded() {
  const state = { broken: false, probes: 0, refused: 0, told: [] as string[] }
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const isHook = request.url === '/hook'
    const isLetIn = request.headers.authorization === `Bearer ${isHook ? hookToken : bearer}`
    const body = await text(request)
    if (!isLetIn) state.refused += 1
    else if (isHook) state.told.push((JSON.parse(body) as { type: string }).type)
    else state.probes += 1
    response.writeHead(isLetIn ? (!isHook && state.broken ? 503 : 200) : 401).end()
  }
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() }
}

test('while keys are changed, step by step, a check goes on being probed and a channel being told', {
  timeout: 120_000,
}, async () => {
  const [old, next] = [newSecretKey(), newSecretKey()]
  await using stack = new AsyncDisposableStack()
  const database = stack.use(await freshDatabase())
  await migrate(database.url, migrateQueue)
  const handle = openDatabase(database.url, { name: 'test', onError: () => undefined })
  stack.defer(handle.close)
  await ensureRegions(handle.db, ['eu'])
  const guarded = await startGuarded()
  stack.defer(guarded.close)
  const { state } = guarded
  const port = await freePort()
  const envWith = (keys: string) => ({
    DATABASE_URL: database.url,
    SONDE_PORT: String(port),
    SONDE_ADMIN_TOKEN: adminToken,
    SONDE_SECRET_KEY: keys,
    SONDE_EVIDENCE_TRACEROUTE: 'off',
    SONDE_EVIDENCE_RESOLVERS: 'off',
  })

  // Those that open and seal nothing go on throughout.
  const ingester = await startIngester(ingesterConfig(envWith(old)), log, createRegistry())
  stack.defer(() => ingester.close())
  const scheduler = await startScheduler(schedulerConfig(envWith(old)), log, createRegistry())
  stack.defer(() => scheduler.close())

  /** One of each that has the keys. Another worker takes over before the first leaves, as in a restart one after another. */
  const startAll = async (keys: string) => {
    const env = envWith(keys)
    const worker = await startWorker(workerConfig(env, 'eu'), log, createRegistry())
    const notifier = await startNotifier(notifierConfig(env), log, createRegistry())
    return {
      worker,
      notifier,
      api: await startApi(
        apiConfig(env, () => adminToken),
        log,
        createRegistry(),
      ),
    }
  }
  let running = await startAll(old)
  stack.defer(async () => {
    for (const role of Object.values(running)) await role.close()
  })
  const restartWith = async (keys: string) => {
    const before = running
    await before.api.close()
    running = await startAll(keys)
    await Promise.all([before.worker.close(), before.notifier.close()])
  }

  const client = rawClient(`http://127.0.0.1:${port}`, adminToken)
  const hook = { url: `${guarded.url}/hook`, headers: { Authorization: `Bearer ${hookToken}` } }
  expect((await client.ask('POST', '/channels', { key: 'ops', kind: 'webhook', webhook: hook })).status).toBe(201)
  const check = {
    key: 'guarded',
    kind: 'http',
    target: `${guarded.url}/`,
    interval: '1s',
    timeout: '900ms',
    http: { auth: { bearer } },
    alerts: { failureThreshold: 1, successThreshold: 1, channels: ['ops'] },
  }
  expect((await client.ask('POST', '/checks', check)).status).toBe(201)

  /** Breaks the target, or mends it; the channel hears of it. */
  const tellsOf = async (broken: boolean) => {
    const before = state.told.length
    const probes = state.probes
    state.broken = broken
    await until(
      async () => state.told.length > before && state.probes > probes + 1,
      30_000,
      () => `broken: ${broken}, told ${state.told.join()}, ${state.probes} probes, ${state.refused} refused`,
    )
  }
  const sealed = async () => Object.keys((await client.ask('GET', '/secrets')).body.sealed as object).length
  await tellsOf(true)
  await restartWith(`${old},${next}`)
  await tellsOf(false)
  await restartWith(`${next},${old}`)
  await tellsOf(true)
  expect((await client.ask('POST', '/secrets/rotate')).body).toMatchObject({ changed: 2, failed: [] })
  expect(await sealed()).toBe(1)
  // What was queued before is sealed with the old key still, and is probed within the lookahead.
  await delay(schedulerConfig(envWith(old)).lookaheadMs + 1500)
  await restartWith(next)
  await tellsOf(false)

  expect(state.told).toEqual(['incident.opened', 'incident.resolved', 'incident.opened', 'incident.resolved'])
  expect(state.refused).toBe(0)
  const { rows } = await handle.db.execute<{ outcome: string; count: string }>(
    sql`select outcome::text, count(*) from results group by 1`,
  )
  expect(rows.map(({ outcome }) => outcome).toSorted()).toEqual(['down', 'up'])
  expect(rows.reduce((sum, { count }) => sum + Number(count), 0)).toBeGreaterThan(10)
})
