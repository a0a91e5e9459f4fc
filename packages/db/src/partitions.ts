import { sql } from 'drizzle-orm'
import { type Queryable, sqlState } from './database.ts'

const dayMs = 86_400_000

/** The tables that are cut by time, and how finely. */
export const partitionedTables = {
  results: 'day',
  result_details: 'day',
  rollups_5m: 'day',
  rollups_1h: 'month',
} as const
export type PartitionedTable = keyof typeof partitionedTables

// Whoever writes waits behind a statement that waits for a lock: so it waits shortly, and is tried again.
const lockTimeoutMs = 200
const attempts = 20

// Any two processes that make or drop partitions at once must agree on this number ("sonp" in ASCII).
const partitionLock = 0x736f6e70

/** `results_y2026m01d31` for the UTC day that holds the instant, `rollups_1h_y2026m01` for its month. */
export function partitionName(table: PartitionedTable, at: number): string {
  const [year, month, day] = new Date(at).toISOString().slice(0, 10).split('-')
  return `${table}_y${year}m${month}${partitionedTables[table] === 'day' ? `d${day}` : ''}`
}

/** The bounds of the partition that holds the instant, ms since the epoch: [from, to). */
export function partitionBounds(table: PartitionedTable, at: number): { from: number; to: number } {
  if (partitionedTables[table] === 'day') {
    const from = Math.floor(at / dayMs) * dayMs
    return { from, to: from + dayMs }
  }
  const date = new Date(at)
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
  return { from, to: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) }
}

/**
 * Makes the partitions of every table from yesterday's to that of `daysAhead` days after `now`; those that stand are left alone.
 * A partition is made apart and then attached, which locks out nobody but for an instant; rows of its time that were taken by
 * the default partition are moved into it.
 */
export async function makePartitions(
  db: Pick<Queryable, 'execute'> & Transactions,
  now: number,
  daysAhead = 3,
): Promise<void> {
  for (const table of Object.keys(partitionedTables) as PartitionedTable[]) {
    const standing = new Set(await partitionsOf(db, table))
    const wanted = new Set(
      Array.from({ length: daysAhead + 2 }, (_, index) => partitionName(table, now + (index - 1) * dayMs)),
    )
    for (let offset = -1; offset <= daysAhead; offset++) {
      const at = now + offset * dayMs
      const name = partitionName(table, at)
      if (standing.has(name) || !wanted.delete(name)) continue
      await patiently(() => makeOne(db, table, name, partitionBounds(table, at)))
    }
  }
}

const namePattern = '_y[0-9]{4}m[0-9]{2}(d[0-9]{2})?$'

type Transactions = { transaction<Value>(work: (tx: Queryable) => Promise<Value>): Promise<Value> }

async function makeOne(
  db: Transactions,
  table: PartitionedTable,
  name: string,
  bounds: { from: number; to: number },
): Promise<void> {
  const [from, to] = [bounds.from, bounds.to].map((at) => new Date(at).toISOString())
  const column = timeColumn(table)
  await alone(db, async (tx) => {
    // Another process may have made it in the meantime.
    const { rows } = await tx.execute(sql`select 1 where to_regclass(${name}) is not null`)
    if (rows.length > 0) return
    await tx.execute(sql.raw(`create table ${name} (like ${table} including all)`))
    await tx.execute(
      sql.raw(
        `with moved as (delete from ${table}_default where ${column} >= '${from}' and ${column} < '${to}' returning *) insert into ${name} select * from moved`,
      ),
    )
    await tx.execute(sql.raw(`alter table ${table} attach partition ${name} for values from ('${from}') to ('${to}')`))
  })
}

/**
 * Gives rows that the default partition has taken a place of their own: makes the partitions of their time, which moves them, and
 * deletes those older than retention. What is of more than `daysAhead` days to come stays: its partition comes with the days.
 */
export async function settleStrays(
  db: Queryable & Transactions,
  table: PartitionedTable,
  now: number,
  retentionMs: number,
  daysAhead = 3,
): Promise<void> {
  const column = timeColumn(table)
  const oldest = partitionBounds(table, now - retentionMs).from
  await db.execute(sql.raw(`delete from ${table}_default where ${column} < '${new Date(oldest).toISOString()}'`))
  const { rows } = await db.execute<{ at: string }>(
    sql.raw(
      `select distinct extract(epoch from date_trunc('day', ${column}, 'UTC')) * 1000 as at from ${table}_default
       where ${column} < '${new Date(partitionBounds(table, now + daysAhead * dayMs).to).toISOString()}' order by 1`,
    ),
  )
  const standing = new Set(await partitionsOf(db, table))
  for (const at of rows.map((row) => Number(row.at))) {
    const name = partitionName(table, at)
    if (standing.has(name)) continue
    standing.add(name)
    await patiently(() => makeOne(db, table, name, partitionBounds(table, at)))
  }
}

/**
 * Drops the partitions of `table` that ended before `now - retentionMs`, and answers their names. Detaching takes the lock of
 * the whole table for an instant alone; the files are removed after it is given back.
 */
export async function dropOldPartitions(
  db: Queryable & Transactions,
  table: PartitionedTable,
  now: number,
  retentionMs: number,
): Promise<string[]> {
  const oldestKept = partitionName(table, now - retentionMs)
  // Also what was detached and not dropped, by a process that ended in between.
  const { rows } = await db.execute<{ name: string }>(
    sql`select relname as name from pg_class where relkind = 'r' and relnamespace = (select relnamespace from pg_class where oid = ${table}::regclass)
          and relname ~ ${`^${table}${namePattern}`} and relname < ${oldestKept} order by relname`,
  )
  const old = rows.map(({ name }) => name)
  for (const name of old) {
    await patiently(() =>
      alone(db, async (tx) => {
        if ((await partitionsOf(tx, table)).includes(name))
          await tx.execute(sql.raw(`alter table ${table} detach partition ${name}`))
      }),
    )
    await patiently(() => alone(db, (tx) => tx.execute(sql.raw(`drop table if exists ${name}`))))
  }
  return old
}

/**
 * Deletes the sums of days that ended before `now - keptMs` (none when that is undefined), and those of checks that were deleted
 * when they ended before `now - keptOfDeletedMs`: one row a day is too few to be cut into partitions.
 */
export async function dropOldDays(
  db: Queryable,
  now: number,
  { keptMs, keptOfDeletedMs }: { keptMs: number | undefined; keptOfDeletedMs: number },
): Promise<void> {
  const before = (ms: number) => sql`start < ${new Date(now - ms - dayMs).toISOString()}`
  if (keptMs !== undefined) await db.execute(sql`delete from rollups_1d where ${before(keptMs)}`)
  await db.execute(
    sql`delete from rollups_1d r where ${before(keptOfDeletedMs)} and not exists (select from checks c where c.id = r.check_id)`,
  )
}

/**
 * Rebuilds the indexes of days that are over, beside whoever reads and writes: checks take turns, so their pages split in the
 * middle and stay two thirds full. Then it freezes the rows, which nobody will change any more. Answers the partitions done; each
 * is done once. One process at a time (`DatabaseHandle.onlyOne`).
 */
export async function compactDays(db: Queryable, now: number, signal?: AbortSignal): Promise<string[]> {
  const today = new Set(
    (Object.keys(partitionedTables) as PartitionedTable[]).map((table) => partitionName(table, now)),
  )
  const compacted: string[] = []
  for (const table of Object.keys(partitionedTables) as PartitionedTable[]) {
    // A day lies open for late results until the next is half over.
    const until = partitionName(table, now - dayMs / 2)
    for (const name of await partitionsOf(db, table)) {
      if (signal?.aborted === true) return compacted
      if (name >= until || today.has(name) || (await commentOf(db, name)) === compactedMark) continue
      for (const index of await brokenIndexesOf(db, name)) {
        await db.execute(sql.raw(`drop index concurrently if exists ${index}`))
      }
      await db.execute(sql.raw(`reindex table concurrently ${name}`))
      await db.execute(sql.raw(`vacuum (freeze, analyze) ${name}`))
      await db.execute(sql.raw(`comment on table ${name} is '${compactedMark}'`))
      compacted.push(name)
    }
  }
  return compacted
}

const compactedMark = 'compacted'

/** What a rebuild that was broken off has left: indexes that are written and never read. */
async function brokenIndexesOf(db: Pick<Queryable, 'execute'>, name: string): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(
    sql`select indexrelid::regclass::text as name from pg_index where indrelid = ${name}::regclass and not indisvalid`,
  )
  return rows.map((row) => row.name)
}

async function commentOf(db: Pick<Queryable, 'execute'>, name: string): Promise<string | null> {
  const { rows } = await db.execute<{ comment: string | null }>(
    sql`select obj_description(${name}::regclass, 'pg_class') as comment`,
  )
  return rows[0]?.comment ?? null
}

/** How many rows the default partitions have taken: any at all means that no partition was made for their time. */
export async function strayRows(db: Queryable): Promise<Record<PartitionedTable, number>> {
  const tables = Object.keys(partitionedTables) as PartitionedTable[]
  const counts = await Promise.all(
    // Up to a bound: an alarm needs no census.
    tables.map(async (table) => {
      const { rows } = await db.execute<{ count: string }>(
        sql.raw(`select count(*) as count from (select from ${table}_default limit 100000) as stray`),
      )
      return [table, Number(rows[0]?.count)] as const
    }),
  )
  return Object.fromEntries(counts) as Record<PartitionedTable, number>
}

/** The partitions of a table, oldest first, without its default. */
async function partitionsOf(db: Pick<Queryable, 'execute'>, table: PartitionedTable): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(
    sql`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = ${table}::regclass and c.relname ~ ${namePattern} order by c.relname`,
  )
  return rows.map(({ name }) => name)
}

function timeColumn(table: PartitionedTable): 'start' | 'slot' {
  return table.startsWith('rollups') ? 'start' : 'slot'
}

/** A transaction that no other process's like it runs beside, and that waits for locks as shortly as writers can bear. */
async function alone(db: Transactions, work: (tx: Queryable) => Promise<unknown>): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql.raw(`set local lock_timeout = ${lockTimeoutMs}`))
    await tx.execute(sql`select pg_advisory_xact_lock(${partitionLock})`)
    await work(tx)
  })
}

// Locks that were not to be had, in time or without a deadlock; and a row of its time that the default partition took after those
// before it had been moved.
const worthAnotherTry = ['55P03', '40P01', '23514']

async function patiently(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === attempts || !worthAnotherTry.includes(sqlState(error) ?? '')) throw error
      await new Promise((resolve) => setTimeout(resolve, 50 * attempt))
    }
  }
}
