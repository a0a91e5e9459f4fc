import { setTimeout as sleep } from 'node:timers/promises'
import { freshDatabase, query } from '@sonde/testkit'
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
