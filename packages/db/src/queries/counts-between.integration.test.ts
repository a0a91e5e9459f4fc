import { foldResults } from '@sonde/core'
import { aCheck, aResult, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createCheck, findCheck } from './checks.ts'
import { ingest } from './ingest.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const began = Date.parse('2026-01-02T00:00:00Z')

const windows: [name: string, fromMs: number, toMs: number][] = [
  ['one span', began + day, began + day + 5 * minute],
  ['part of an hour', began + hour + 10 * minute, began + hour + 50 * minute],
  ['an hour and its ends', began + 50 * minute, began + 2 * hour + 15 * minute],
  ['part of a day', began + 5 * hour + 5 * minute, began + 21 * hour + 35 * minute],
  ['midnight without a whole day', began + 20 * hour, began + 30 * hour + 40 * minute],
  ['days and their ends', began + 7 * hour + 25 * minute, began + 3 * day + 2 * hour + 5 * minute],
  ['whole days', began, began + 3 * day],
  ['all, and the span that is open', began - day, began + 5 * day],
  ['nothing', began + 10 * day, began + 11 * day],
]

test('counts between two instants are those of the results in between, in whichever tiers they lie', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  for (const offset of [0, 2, 4]) await makePartitions(db, began + offset * day)
  await createCheck(db, aCheck({ key: 'counted' }))
  const { id, check } = (await findCheck(db, 'counted')) ?? { id: 0, check: aCheck({ key: 'counted' }) }
  const results = Array.from({ length: 4 * 24 * 12 }, (_, index) => aResult(check, began + index * 5 * minute))
  for (let at = 0; at < results.length; at += 288) {
    const chunk = results.slice(at, at + 288).map((result) => ({ checkId: id, result }))
    await ingest(db, chunk, foldResults)
  }
  for (const [name, fromMs, toMs] of windows) {
    // In a time zone whose hours and days are not those of UTC.
    const { rows } = await db.transaction(async (tx) => {
      await tx.execute(sql`set local time zone 'Asia/Kathmandu'`)
      return tx.execute<{ up: string; down: string }>(
        sql`select up, down from counts_between(${new Date(fromMs).toISOString()}, ${new Date(toMs).toISOString()})`,
      )
    })
    const inside = results.filter(({ slot }) => Date.parse(slot) >= fromMs && Date.parse(slot) < toMs).length
    expect(
      rows.map(({ up, down }) => [up, down]),
      name,
    ).toEqual(inside === 0 ? [] : [[String(inside), '0']])
  }
  await close()
})
