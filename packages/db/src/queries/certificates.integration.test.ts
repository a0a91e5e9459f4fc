import { aCheck, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { endChains, forgetCertificates, forgetEvents } from './certificates.ts'
import { createCheck, deleteCheck } from './checks.ts'
import { ensureRegions } from './regions.ts'

let fresh: FreshDatabase
let handle: DatabaseHandle
beforeAll(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  await ensureRegions(handle.db, ['eu', 'us'])
  for (const key of ['a', 'b', 'churning']) await createCheck(handle.db, aCheck({ key }))
})
afterAll(async () => {
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

const day = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * day).toISOString()

async function certificate(sha256: string, days: number, ...seen: { check: string; current: boolean }[]) {
  await handle.db.execute(
    sql`insert into certificates select ${sha256}, 's', 'i', '1', now(), now(), '[]', 'ec', 256, 'x', ${ago(days)}, ${ago(days)}`,
  )
  for (const { check, current } of seen) {
    await handle.db.execute(
      sql`insert into certificate_sightings select id, 1, ${sha256}, 0, ${current}, ${ago(days)}, ${ago(days)} from checks where key = ${check}`,
    )
  }
}

async function names(table: 'certificates' | 'certificate_sightings') {
  const { rows } = await handle.db.execute<{ sha256: string }>(
    sql`select sha256 from ${sql.identifier(table)} where sha256 not like 'churn%' order by 1`,
  )
  return rows.map(({ sha256 }) => sha256)
}

test('certificates that are no longer shown are forgotten in time, those of deleted checks at once, those shown never', async () => {
  await certificate('current-and-old', 500, { check: 'a', current: true })
  await certificate('replaced-long-ago', 500, { check: 'a', current: false })
  await certificate('replaced-of-late', 30, { check: 'a', current: false })
  await certificate('of-a-deleted-check', 30, { check: 'b', current: true })
  await certificate('just-noted', 0)
  await deleteCheck(handle.db, 'b')
  await forgetCertificates(handle.db, Date.now() - 400 * day)
  expect(await names('certificate_sightings')).toEqual(['current-and-old', 'replaced-of-late'])
  expect(await names('certificates')).toEqual(['current-and-old', 'just-noted', 'replaced-of-late'])
})

test('the chain of a target that has no TLS any more ends, and that of a region which is asked no more; not that of one that is down', async () => {
  const seen = async (key: string, region: number, recent: object, days: number) => {
    const check = sql`(select id from checks where key = ${key})`
    const chain = `chain-${key}-${region}`
    await certificate(chain, days)
    await handle.db.execute(
      sql`insert into certificate_sightings values (${check}, ${region}, ${chain}, 0, true, ${ago(days)}, ${ago(days)})`,
    )
    await handle.db.execute(
      sql`insert into check_states (check_id, region_id, last_slot, recent) values (${check}, ${region}, ${ago(days)}, ${JSON.stringify(recent)}::json)`,
    )
  }
  for (const key of ['secure', 'plain-now', 'moved', 'off']) await createCheck(handle.db, aCheck({ key }))
  await seen('secure', 1, { outcome: 'up', tls: { chain: [] } }, 0)
  await seen('secure', 2, { outcome: 'down', tls: null }, 0)
  await seen('plain-now', 1, { outcome: 'up', tls: null }, 0)
  await seen('moved', 1, { outcome: 'up', tls: { chain: [] } }, 4)
  await seen('moved', 2, { outcome: 'up', tls: { chain: [] } }, 0.5)
  await seen('off', 1, { outcome: 'up', tls: { chain: [] } }, 40)
  await endChains(handle.db)
  const { rows } = await handle.db.execute<{ sha256: string }>(
    sql`select sha256 from certificate_sightings where current and sha256 like 'chain-%' order by 1`,
  )
  expect(rows.map(({ sha256 }) => sha256)).toEqual(['chain-moved-2', 'chain-off-1', 'chain-secure-1', 'chain-secure-2'])
})

test('a target with a new certificate in every handshake is remembered by its newest 500', async () => {
  await handle.db.execute(
    sql`insert into certificates select 'churn' || n, 's', 'i', '1', now(), now(), '[]', 'ec', 256, 'x', at, at
        from generate_series(1, 700) n, lateral (select now() - interval '10 days' + n * interval '1 minute' as at) t`,
  )
  await handle.db.execute(
    sql`insert into certificate_sightings select k.id, g.id, c.sha256, 0, c.sha256 = 'churn1', c.last_seen, c.last_seen
        from certificates c, checks k, regions g where c.sha256 like 'churn%' and k.key = 'churning' and g.name = 'eu'`,
  )
  await forgetCertificates(handle.db, Date.now() - 400 * day)
  const { rows } = await handle.db.execute<{ count: number; least: number }>(
    sql`select count(*)::int, min(substr(sha256, 6)::int) filter (where not current) as least from certificate_sightings where sha256 like 'churn%'`,
  )
  // The current one, and the newest 499 others.
  expect(rows[0]).toEqual({ count: 500, least: 202 })
  const left = await handle.db.execute(sql`select 1 from certificates where sha256 like 'churn%'`)
  expect(left.rows).toHaveLength(500)
})

test('changes are forgotten in time, and past the newest 1,000 of a check', async () => {
  await handle.db.execute(
    sql`insert into events (at, check_id, region_id, type, data)
        select now() - interval '1 day' + n * interval '1 second', id, 1, 'certificate_changed', '{}' from checks, generate_series(1, 1200) n where key = 'churning'`,
  )
  await handle.db.execute(
    sql`insert into events (at, check_id, region_id, type, data)
        select now() - age * interval '1 day', id, 1, 'certificate_changed', '{}' from checks, unnest(array[1, 399, 401]) age where key = 'a'`,
  )
  await forgetEvents(handle.db, Date.now() - 400 * day)
  const { rows } = await handle.db.execute(
    sql`select key, count(*)::int from events join checks on checks.id = check_id group by key order by key`,
  )
  expect(rows).toEqual([
    { key: 'a', count: 2 },
    { key: 'churning', count: 1000 },
  ])
})
