import { connect } from 'node:net'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { freePort, freshDatabase, freshRedis, hasRedis } from './index.ts'

async function tables(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(
      "select tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    )
    return rows.map((row) => row.tablename)
  } finally {
    await client.end()
  }
}

describe('a fresh database', () => {
  test('is migrated', async () => {
    await using database = await freshDatabase()
    expect(await tables(database.url)).toContain('checks')
  })

  test('has no table when none is wanted', async () => {
    await using database = await freshDatabase({ schema: 'none' })
    expect(await tables(database.url)).toEqual([])
  })

  test('is gone after its scope', async () => {
    const database = await freshDatabase()
    await database[Symbol.asyncDispose]()
    await expect(tables(database.url)).rejects.toThrow('does not exist')
  })
})

describe.skipIf(!hasRedis())('a fresh Redis', () => {
  test('shares no database with another one', async () => {
    await using one = await freshRedis()
    await using other = await freshRedis()
    expect(new URL(one.url).pathname).not.toBe(new URL(other.url).pathname)
  })
})

test('nobody listens on a free port', async () => {
  const port = await freePort()
  const refused = new Promise((resolve) => connect(port, '127.0.0.1').once('error', resolve))
  expect(await refused).toMatchObject({ code: 'ECONNREFUSED' })
})
