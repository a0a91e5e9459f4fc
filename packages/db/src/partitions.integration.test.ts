import { foldResults } from '@sonde/core'
import { aCheck, aResult, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { expect, test } from 'vitest'
import { type Database, isTransient, openDatabase } from './database.ts'
import {
  compactDays,
  dropOldDays,
  dropOldPartitions,
  makePartitions,
  type PartitionedTable,
  partitionedTables,
  partitionName,
  settleStrays,
  strayRows,
} from './partitions.ts'
import { createCheck, deleteCheck, findCheck } from './queries/checks.ts'
import { ingest } from './queries/ingest.ts'
import { listResults } from './queries/results.ts'
import { readSteps } from './queries/rollups.ts'

const day = 86_400_000
const minute = 60_000
const now = Date.parse('2026-03-01T12:00:00Z')
const tables = Object.keys(partitionedTables) as PartitionedTable[]
const none = { results: 0, result_details: 0, rollups_5m: 0, rollups_1h: 0 }

async function opened() {
  const fresh = await freshDatabase()
  const handle = openDatabase(fresh.url, { name: 'test', max: 6, patienceMs: 60_000, onError: () => undefined })
  const check = aCheck({ key: 'site' })
  await createCheck(handle.db, check)
  const { id } = (await findCheck(handle.db, 'site')) ?? { id: 0 }
  return {
    ...handle,
    url: fresh.url,
    checkId: id,
    store: (...slots: number[]) =>
      ingest(
        handle.db,
        slots.map((slot) => ({ checkId: id, result: aResult(check, slot) })),
        foldResults,
      ),
    slots: async () =>
      (await listResults(handle.db, { checkId: id, limit: 1000 })).map(({ slot }) => slot.getTime()).toReversed(),
    [Symbol.asyncDispose]: async () => {
      await handle.close()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

async function names(db: Database, table: PartitionedTable): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(
    sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = ${table}::regclass order by 1`,
  )
  return rows.map(({ name }) => name).filter((name) => !name.endsWith('_default'))
}

async function again<Value>(error: unknown, work: () => Promise<Value>): Promise<Value> {
  if (isTransient(error)) return work()
  throw error
}

test('rows that the default partitions took are moved when the partitions of their time are made', async () => {
  await using database = await opened()
  const slots = Array.from({ length: 20 }, (_, index) => now + index * minute)
  await database.store(...slots)
  // Of each of the spans but the last, which is open, a row in the rollups.
  expect(await strayRows(database.db)).toEqual({ results: 20, result_details: 1, rollups_5m: 3, rollups_1h: 1 })
  await makePartitions(database.db, now)
  expect(await strayRows(database.db)).toEqual(none)
  expect(await database.slots()).toEqual(slots)
  await database.store(now + 20 * minute)
  const query = { checkId: database.checkId, tier: '1h', stepMs: 3_600_000, fromMs: now, toMs: now + day } as const
  let ups = 0
  await readSteps(database.db, query, ({ up }) => (ups += up))
  expect(ups).toBe(21)
})

test('rows of days that are long over get partitions of their own, and those past retention go', async () => {
  await using database = await opened()
  await makePartitions(database.db, now)
  // A queue that nobody took from for days; a clock that is far ahead.
  const [old, late, ahead] = [now - 30 * day, now - 5 * day, now + 10 * day]
  await database.store(old, old + 5 * minute, late, late + 5 * minute, now, ahead)
  for (const table of tables)
    await settleStrays(database.db, table, now, table.startsWith('rollups') ? 20 * day : 14 * day)
  expect(await database.slots()).toEqual([late, late + 5 * minute, now, ahead])
  expect(await names(database.db, 'results')).toContain(partitionName('results', late))
  expect(await names(database.db, 'rollups_5m')).toContain(partitionName('rollups_5m', late))
  expect(await strayRows(database.db)).toEqual({ ...none, results: 1, result_details: 1 })
  await makePartitions(database.db, ahead)
  expect(await strayRows(database.db)).toEqual(none)
})

test('every table loses what is past its retention, and what was detached by a process that was killed', async () => {
  await using database = await opened()
  for (const at of [now - 40 * day, now]) await makePartitions(database.db, at)
  const orphan = partitionName('results', now - 40 * day)
  await database.db.execute(sql.raw(`alter table results detach partition ${orphan}`))
  for (const table of tables) {
    const before = await names(database.db, table)
    const dropped = await dropOldPartitions(database.db, table, now, 14 * day)
    expect(dropped.length).toBeGreaterThan(0)
    expect(await names(database.db, table)).toEqual(before.filter((name) => !dropped.includes(name)))
    expect((await names(database.db, table))[0]).toBe(
      partitionName(table, table === 'rollups_1h' ? now - 14 * day : now - day),
    )
  }
  const { rows } = await database.db.execute(sql`select 1 where to_regclass(${orphan}) is not null`)
  expect(rows).toEqual([])
})

test('days are kept for ever unless told otherwise, but those of a deleted check no longer than its hours', async () => {
  await using database = await opened()
  await createCheck(database.db, aCheck({ key: 'gone' }))
  const { id: gone } = (await findCheck(database.db, 'gone')) ?? { id: 0 }
  const days = async () => {
    const { rows } = await database.db.execute<{ check_id: number; age: number }>(
      sql`select check_id, (extract(epoch from ${new Date(now).toISOString()}::timestamptz - start) / 86400)::int as age from rollups_1d order by 1, 2`,
    )
    return rows.map(({ check_id, age }) => [check_id === gone ? 'gone' : 'site', age])
  }
  await database.db.execute(
    sql`insert into rollups_1d (start, check_id, up, down, missed, maintenance, region_id, latency)
        select date_trunc('day', ${new Date(now).toISOString()}::timestamptz, 'UTC') - age * interval '1 day', id, 1, 0, 0, 0, 1, '\x01'
        from unnest(array[10, 500]) age, checks`,
  )
  await deleteCheck(database.db, 'gone')
  await dropOldDays(database.db, now, { keptMs: undefined, keptOfDeletedMs: 400 * day })
  expect(await days()).toEqual([
    ['site', 11],
    ['site', 501],
    ['gone', 11],
  ])
  await dropOldDays(database.db, now, { keptMs: 400 * day, keptOfDeletedMs: 400 * day })
  expect(await days()).toEqual([
    ['site', 11],
    ['gone', 11],
  ])
})

test('a writer that keeps its transaction open holds up the upkeep, which tries again, and no other writer', async () => {
  await using database = await opened()
  await database.store(now)
  const writer = new pg.Client({ connectionString: database.url })
  await writer.connect()
  await writer.query('begin')
  await writer.query(
    `insert into results (slot, check_id, duration_ms, region_id, attempts, outcome) values ('2026-02-28T23:00:00Z', 1, 1, 1, 1, 'up')`,
  )
  let made = false
  const making = (async () => {
    await makePartitions(database.db, now)
    made = true
  })()
  const waits: number[] = []
  for (let index = 1; index <= 15; index++) {
    const began = performance.now()
    await database.store(now + index * minute)
    waits.push(performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(made).toBe(false)
  // Each waited behind one attempt at most, which gives up after 200 ms; a machine at work adds to that.
  expect(Math.max(...waits)).toBeLessThan(1500)
  await writer.query('commit')
  await writer.end()
  await making
  expect(await names(database.db, 'results')).toContain(partitionName('results', now))
  // What was committed after its day had been looked through is moved too.
  expect(await strayRows(database.db)).toEqual(none)
  expect(await database.slots()).toHaveLength(17)
})

test('two that make, drop and settle at once, beside writers, leave each partition once and every row', async () => {
  await using database = await opened()
  const slots = Array.from({ length: 60 }, (_, index) => now - 2 * day + index * 73 * minute)
  const writing = (async () => {
    // A partition that is attached while a row of its time goes to the default one refuses that, for once.
    for (const slot of slots) await database.store(slot).catch((error) => again(error, () => database.store(slot)))
  })()
  const upkeep = async () => {
    for (const at of [now - 20 * day, now - 19 * day, now]) await makePartitions(database.db, at)
    for (const table of tables) {
      await dropOldPartitions(database.db, table, now, 14 * day)
      await settleStrays(database.db, table, now, 14 * day)
    }
  }
  await Promise.all([writing, upkeep(), upkeep(), upkeep()])
  await upkeep()
  expect(await database.slots()).toEqual(slots)
  expect(await strayRows(database.db)).toEqual(none)
  expect(await names(database.db, 'results')).toEqual(
    [-2, -1, 0, 1, 2, 3].map((offset) => partitionName('results', now + offset * day)),
  )
})

test('the indexes of a day that is over are rebuilt smaller, once, also after a rebuild was broken off', async () => {
  await using database = await opened()
  const { db } = database
  await makePartitions(db, now)
  const yesterday = partitionName('results', now - day)
  // Slot by slot over many checks, as results come.
  await db.execute(
    sql`insert into results (slot, check_id, duration_ms, region_id, attempts, outcome)
        select ${new Date(now - 1.4 * day).toISOString()}::timestamptz + slot * interval '30 s', id, 1, 1, 1, 'up'
        from generate_series(1, 60) slot, generate_series(1, 1000) id order by slot, id`,
  )
  const bytes = async () => {
    const { rows } = await db.execute<{ bytes: string }>(sql`select pg_indexes_size(${yesterday}::regclass) as bytes`)
    return Number(rows[0]?.bytes)
  }
  // What a REINDEX CONCURRENTLY leaves that was killed: an index that is written and not valid.
  await db.execute(sql.raw(`create index left_over on ${yesterday} (slot)`))
  await db.execute(sql`update pg_index set indisvalid = false where indexrelid = 'left_over'::regclass`)
  const before = await bytes()
  expect(await compactDays(db, now + day / 4)).toEqual(
    tables.flatMap((table) =>
      table === 'rollups_1h' ? [partitionName(table, now - day)] : [partitionName(table, now - day)],
    ),
  )
  expect(await bytes()).toBeLessThan(before * 0.8)
  const { rows } = await db.execute(sql`select 1 where to_regclass('left_over') is not null`)
  expect(rows).toEqual([])
  expect(await compactDays(db, now + day / 4)).toEqual([])
})

test('one process at a time has a lock of its own, and a statement under it ends when it is told to', async () => {
  await using database = await opened()
  const signal = new AbortController().signal
  const [begun, inside] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const first = database.onlyOne(
    7,
    async () => {
      begun.resolve()
      await inside.promise
      return 'done'
    },
    signal,
  )
  await begun.promise
  expect(await database.onlyOne(7, async () => 'too', signal)).toBeUndefined()
  inside.resolve()
  expect(await first).toBe('done')
  const stop = new AbortController()
  const slow = database.onlyOne(
    7,
    (own) => {
      setTimeout(() => stop.abort(), 100)
      return own.execute(sql`select pg_sleep(60)`)
    },
    stop.signal,
  )
  await expect(slow).rejects.toMatchObject({ cause: { code: '57014' } })
  expect(await database.onlyOne(7, async () => 'free', signal)).toBe('free')
})
