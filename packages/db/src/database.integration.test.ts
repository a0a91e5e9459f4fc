import { setTimeout as sleep } from 'node:timers/promises'
import { freshDatabase, query, startTcpProxy } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { isTransient, openDatabase } from './database.ts'

test('a connection that breaks in the middle of a transaction is told and fails it, and the process lives on', async () => {
  await using fresh = await freshDatabase()
  const errors: string[] = []
  const { db, ping, close } = openDatabase(fresh.url, { name: 'test', onError: (error) => errors.push(error.message) })
  const broken = db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
    await query(fresh.url, `select pg_terminate_backend(${rows[0]?.pid})`)
    // No statement is under way when the connection ends: nobody but a listener hears of it.
    await sleep(300)
    await tx.execute(sql`select 1`)
  })
  const error = await broken.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(isTransient(error)).toBe(true)
  expect(errors.length).toBeGreaterThan(0)
  await ping()
  await close()
})

async function throughProxy() {
  const fresh = await freshDatabase()
  const url = new URL(fresh.url)
  const proxy = await startTcpProxy(Number(url.port))
  url.port = String(proxy.port)
  return {
    url: url.href,
    proxy,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

test('connections that died without a word are given up, and others take their place', {
  timeout: 60_000,
}, async () => {
  await using through = await throughProxy()
  const { db, ping, close } = openDatabase(`${through.url}?query_timeout=1500`, {
    name: 'test',
    max: 3,
    onError: () => undefined,
  })
  const work = () => db.transaction(async (tx) => void (await tx.execute(sql`select pg_sleep(0.2)`)))
  await Promise.all([work(), work(), work()])
  through.proxy.halfOpen()
  const began = performance.now()
  const asked = await Promise.allSettled([work(), work(), db.execute(sql`select 1`)])
  expect(performance.now() - began).toBeLessThan(5000)
  for (const one of asked) expect(one.status === 'rejected' && isTransient(one.reason)).toBe(true)
  await Promise.all([ping(), work(), work()])
  await close()
})

test('a pool loses none of its connections to transactions that could not begin', async () => {
  await using through = await throughProxy()
  const { db, ping, close } = openDatabase(through.url, { name: 'test', max: 2, onError: () => undefined })
  for (let times = 0; times < 4; times++) {
    await ping()
    // It is idle in the pool, dead, and nobody has noticed when the next transaction begins.
    through.proxy.cut()
    expect((await Promise.allSettled([db.transaction(async () => undefined)]))[0]?.status).toBe('rejected')
    through.proxy.heal()
  }
  await ping()
  await close()
})

test('what waits for a lock too long fails as something to be tried again, and holds up nobody else', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(`${fresh.url}?statement_timeout=300`, { name: 'test', onError: () => undefined })
  const held = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const holder = db.transaction(async (tx) => {
    await tx.execute(sql`lock table checks in access exclusive mode`)
    locked.resolve()
    await held.promise
  })
  await locked.promise
  const error: unknown = await db.execute(sql`select count(*) from checks`).catch((reason: unknown) => reason)
  expect(isTransient(error)).toBe(true)
  held.resolve()
  await holder
  await db.execute(sql`select count(*) from checks`)
  await close()
})
