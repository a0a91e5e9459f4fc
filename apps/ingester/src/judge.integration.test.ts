import { setTimeout as delay } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import { openDatabase } from '@sonde/db'
import { freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { keepJudging } from './judge.ts'

const log = createLogger('test', 'silent')

test('of several ingesters one judges, the next when it stops, and another within seconds when it is killed', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', max: 6, onError: () => undefined })
  const stop = Array.from({ length: 3 }, () => new AbortController())
  let turns = [0, 0, 0]
  const judging = stop.map(({ signal }, index) => {
    const now = () => {
      turns[index] = (turns[index] ?? 0) + 1
      return Date.now()
    }
    return keepJudging(db, log, now, () => undefined, signal)
  })
  /** Who has judged since this was last asked, once somebody has. */
  const judges = async () => {
    turns = [0, 0, 0]
    while (turns.every((count) => count === 0)) await delay(20)
    await delay(1100)
    return turns.flatMap((count, index) => (count > 0 ? [index] : []))
  }
  try {
    const [first = -1, ...others] = await judges()
    expect(others).toEqual([])
    expect(await judges()).toEqual([first])
    stop[first]?.abort()
    await judging[first]
    const [second = -1, ...more] = await judges()
    expect(more).toEqual([])
    expect(second).not.toBe(first)
    // As one that was killed leaves it behind.
    await db.execute(sql`update leases set holder = gen_random_uuid()`)
    expect(await judges()).toHaveLength(1)
  } finally {
    for (const one of stop) one.abort()
    await Promise.all(judging)
    await close()
  }
})
