import { type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { tableOf } from './columns.ts'

let fresh: FreshDatabase
let handle: DatabaseHandle
beforeAll(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
})
afterAll(async () => {
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

test('rows come out of the table as they went in, whatever is in their texts', async () => {
  // PostgreSQL has no text with a zero in it, and neither JSON nor UTF-8 has half a surrogate pair.
  const text = fc.string({ unit: 'binary' }).map((one) => one.toWellFormed().replaceAll('\0', ''))
  const row = fc.record({
    n: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    x: fc.option(fc.double({ noNaN: true })),
    yes: fc.option(fc.boolean()),
    text: fc.option(fc.oneof(text, fc.constantFrom('', 'NULL', 'null', '{a,b}', 'a"b\\c', ' a ', '\\', '"', "a'b\n"))),
    doc: fc.option(fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text)))),
  })
  const types = { n: 'int', x: 'float8', yes: 'boolean', text: 'text', doc: 'json' } as const
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
      const { rows: back } = await handle.db.execute(sql`select * from ${tableOf('t', types, rows)}`)
      expect(back).toEqual(rows.map((one) => ({ ...one, x: one.x === null ? null : one.x + 0 })))
    }),
    { numRuns: 60 },
  )
})
