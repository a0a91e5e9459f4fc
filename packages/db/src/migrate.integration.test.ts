import { readFileSync } from 'node:fs'
import { freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { dropOldPartitions, makePartitions, partitionName } from './partitions.ts'

const day = 86_400_000

const journal = JSON.parse(readFileSync(new URL('../migrations/meta/_journal.json', import.meta.url), 'utf8')) as {
  entries: unknown[]
}

test('eight that migrate at once leave one schema, and each finds it up to date', async () => {
  await using fresh = await freshDatabase({ schema: 'none' })
  await Promise.all(Array.from({ length: 8 }, () => migrate(fresh.url)))
  const { db, assertMigrated, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  await assertMigrated()
  const { rows } = await db.execute<{ count: number }>(sql`select count(*)::int as count from sonde_migrations`)
  expect(rows[0]?.count).toBe(journal.entries.length)
  await close()
})

test('a schema of a newer version is refused', async () => {
  await using fresh = await freshDatabase()
  const { db, assertMigrated, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  await db.execute(sql`insert into sonde_migrations (hash, created_at) values ('of tomorrow', 9999999999999)`)
  await expect(assertMigrated()).rejects.toThrow('has the schema of a newer Sonde: run that version')
  await close()
})

test('partitions stand for yesterday to three days ahead, and days past retention are dropped', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  const now = Date.parse('2026-03-01T12:00:00Z')
  for (const at of [now - 20 * day, now, now]) await makePartitions(db, at)
  expect(await dropOldPartitions(db, 'results', now, 14 * day)).toEqual(
    [-21, -20, -19, -18, -17].map((offset) => partitionName('results', now + offset * day)),
  )
  expect(await dropOldPartitions(db, 'results', now, 14 * day)).toEqual([])
  const { rows } = await db.execute<{ name: string }>(
    sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'results'::regclass order by 1`,
  )
  expect(rows.map(({ name }) => name)).toEqual([
    'results_default',
    ...[-1, 0, 1, 2, 3].map((offset) => partitionName('results', now + offset * day)),
  ])
  await close()
})
