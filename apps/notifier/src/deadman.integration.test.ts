import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import { openDatabase, whyNotJudging } from '@sonde/db'
import { createRegistry, notifierMetrics } from '@sonde/metrics'
import { egressPolicy, hostLookup } from '@sonde/probes'
import { freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { keepPinging } from './deadman.ts'
import { ok, receiver, until } from './notifier.fixture.ts'

const log = createLogger('test', 'silent')

/** A switch that is pinged every 50 ms while `whyNot` says nothing. */
function start(url: string, whyNot: () => Promise<string | undefined>) {
  const registry = createRegistry()
  const metrics = notifierMetrics(registry, { oldestAgeSeconds: async () => 0, dead: async () => ({}) })
  const stop = new AbortController()
  const egress = egressPolicy({ deny: ['127.6.6.6'], allow: [] })
  const context = { egress, lookup: hostLookup(egress) }
  const ended = keepPinging({ url, whyNot, context, metrics, log, signal: stop.signal, pauseMs: 50 })
  return {
    registry,
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await ended
    },
  }
}

test('the switch is pinged while somebody judges, and not when nobody does', async () => {
  await using fresh = await freshDatabase()
  const database = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  const { db } = database
  try {
    expect(await whyNotJudging(db)).toBe('no scheduler has led for a minute')
    await using server = await receiver(ok)
    await using run = start(`${server.url}/ping/uuid`, () => whyNotJudging(db))
    await sleep(300)
    expect(server.received).toEqual([])
    await db.execute(sql`insert into schedule (horizon, recorded) values (now(), now())`)
    await until(() => server.received.length >= 2)
    expect(server.received[0]?.path).toBe('/ping/uuid')
    // The ingester is gone: what fell due stays where it is.
    await db.execute(
      sql`insert into due_slots (region, mature_at, check_ids, slots_ms) values ('local', now() - interval '3 minutes', '{1}', '{0}')`,
    )
    await until(async () => (await whyNotJudging(db)) !== undefined)
    await sleep(200)
    const count = server.received.length
    await sleep(300)
    expect(server.received.length).toBe(count)
    expect(await run.registry.metrics()).toMatch(/sonde_deadman_pings_total\{outcome="withheld"\} [1-9]/)
    // It is back, and then the scheduler is gone.
    await db.execute(sql`delete from due_slots`)
    await until(() => server.received.length > count)
    await db.execute(sql`update schedule set seen_at = now() - interval '2 minutes'`)
    expect(await whyNotJudging(db)).toBe('no scheduler has led for a minute')
  } finally {
    await database.close()
  }
})

test('a database that does not answer is no reason to ping', async () => {
  await using server = await receiver(ok)
  await using run = start(server.url, () => Promise.reject(new Error('no connection')))
  await until(async () => (await run.registry.metrics()).includes('sonde_deadman_pings_total{outcome="withheld"}'))
  expect(server.received).toEqual([])
})

test.each([
  ['an address that is denied', 'http://127.6.6.6:1/'],
  ['a metadata service', 'http://169.254.169.254/'],
])('%s is not pinged', async (_, url) => {
  await using run = start(url, async () => undefined)
  await until(async () => (await run.registry.metrics()).includes('sonde_deadman_pings_total{outcome="failed"}'))
})
