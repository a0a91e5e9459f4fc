import { freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CopiedRow, copyOut, quoted } from './copy-out.ts'
import { type DatabaseHandle, openDatabase, sqlState } from './database.ts'

const closers = new AsyncDisposableStack()
let handle: DatabaseHandle

beforeAll(async () => {
  const fresh = closers.use(await freshDatabase({ schema: 'none' }))
  // One connection: what a copy leaves undone, the next would meet.
  handle = openDatabase(fresh.url, { name: 'test', max: 1, patienceMs: 500, onError: () => undefined })
  closers.defer(() => handle.close())
})
afterAll(() => closers.disposeAsync())

async function rowsOf<Value>(query: string, read: (row: CopiedRow) => Value): Promise<Value[]> {
  const rows: Value[] = []
  await copyOut(handle.db, query, (row) => rows.push(read(row)))
  return rows
}
const numbersTo = (count: number) => `select n, repeat('x', n)::bytea from generate_series(1, ${count}) n`
const stillThere = async () => expect((await handle.db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }])

test('columns come as they are: whole numbers, instants before and after 2000, bytes, texts, and nothing', async () => {
  const text = `it's "ä" \\ $1`
  const query = `select * from (values
    (1, '1969-07-20T20:17:40.123Z'::timestamptz, '\\x00ff'::bytea, ${quoted(text)}::text),
    (-2147483648, '2026-11-26T00:00:00Z', '', null)) rows`
  const rows = await rowsOf(query, (row) => ({
    number: row.int(),
    at: new Date(row.instantMs()).toISOString(),
    bytes: row.bytes()?.toString('hex'),
    text: row.bytes()?.toString(),
  }))
  expect(rows).toEqual([
    { number: 1, at: '1969-07-20T20:17:40.123Z', bytes: '00ff', text },
    { number: -2_147_483_648, at: '2026-11-26T00:00:00.000Z', bytes: '', text: undefined },
  ])
})

test('a row of none, and rows of more bytes than are received at a time, come whole', async () => {
  expect(await rowsOf(numbersTo(0), (row) => row.int())).toEqual([])
  const rows = await rowsOf(numbersTo(3000), (row) => ({ n: row.int(), text: row.bytes()?.toString() }))
  expect(rows).toHaveLength(3000)
  expect(rows.filter(({ n, text }) => text !== 'x'.repeat(n))).toEqual([])
  const large = await rowsOf(`select repeat('y', 5000000)::bytea`, (row) => row.bytes()?.length)
  expect(large).toEqual([5_000_000])
})

test('several queries are answered one after the other, those without rows too', async () => {
  const rows: number[] = []
  const of = (from: number, to: number) => `select n, repeat('x', 100)::bytea from generate_series(${from}, ${to}) n`
  await copyOut(handle.db, [of(1, 2000), of(1, 0), of(2001, 3000)], (row) => rows.push(row.int()))
  expect(rows).toEqual(Array.from({ length: 3000 }, (_, index) => index + 1))
  const broken = copyOut(handle.db, [of(1, 2), 'select 1 / 0', of(3, 4)], (row) => rows.push(row.int()))
  expect(sqlState(await broken.catch((error: unknown) => error))).toBe('22012')
  expect(rows.slice(3000)).toEqual([1, 2])
  await stillThere()
})

test('a query that fails is rejected with the fault of the server, and so is a reader with its own', async () => {
  const failed = copyOut(handle.db, 'select 1 / 0', (row) => row.int())
  expect(sqlState(await failed.catch((error: unknown) => error))).toBe('22012')
  await stillThere()
  const read = () => {
    throw new Error('no such thing')
  }
  await expect(copyOut(handle.db, numbersTo(1000), read)).rejects.toThrow('no such thing')
  await stillThere()
})

test('one that takes too long is ended', async () => {
  const slow = copyOut(handle.db, 'select n from pg_sleep(5), generate_series(1, 2) n', (row) => row.int())
  expect(sqlState(await slow.catch((error: unknown) => error))).toBe('57014')
  await stillThere()
})
