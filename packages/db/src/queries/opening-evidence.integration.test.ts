import type { Evidence } from '@sonde/core'
import { aCheck, type FreshDatabase, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseHandle, openDatabase } from '../database.ts'
import { createCheck, findCheck } from './checks.ts'
import { readEvidence, saveEvidence, takeEvidenceRequests } from './opening-evidence.ts'

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

const evidence = (region: string): Evidence => ({
  region,
  takenAt: '2026-01-01T00:00:00.000Z',
  partial: false,
  families: [],
  resolvers: [],
  chain: null,
  trace: null,
})

async function openIncident(key: string, regions: string[], own = sql`now()`): Promise<string> {
  await createCheck(handle.db, aCheck({ key }))
  const { id } = (await findCheck(handle.db, key)) ?? { id: 0 }
  const down = regions.map((region) => ({ region, state: 'down', code: 'tcp_refused', message: '' }))
  const { rows } = await handle.db.execute<{ id: string }>(
    sql`insert into incidents (check_id, rule, state, opened_at, summary, regions, evidence)
        values (${id}, 'down', 'open', ${own}, 'x', ${JSON.stringify([...down, { region: 'up', state: 'up' }])}::jsonb, '{"results": {"a": {}}}')
        returning id`,
  )
  return rows[0]?.id ?? ''
}

test('an incident is looked at once, in the regions where it is down, and the answer is kept beside the rest', async () => {
  const id = await openIncident('once', ['a', 'b', 'c', 'd'])
  const [[request], again] = [await takeEvidenceRequests(handle.db), await takeEvidenceRequests(handle.db)]
  expect(request).toMatchObject({ incidentId: id, check: { key: 'once' }, regions: ['a', 'b', 'c'] })
  expect(again).toEqual([])
  await saveEvidence(handle.db, id, evidence('a'))
  await saveEvidence(handle.db, id, { ...evidence('a'), takenAt: '2026-01-01T01:00:00.000Z' })
  await saveEvidence(handle.db, id, evidence('b'))
  // Nobody asked it.
  await saveEvidence(handle.db, id, evidence('elsewhere'))
  const seen = {
    results: { a: {} },
    asked: ['a', 'b', 'c'],
    opening: { a: evidence('a'), b: evidence('b') },
  }
  expect(await readEvidence(handle.db, id)).toEqual(seen)
  // Out of a queue that stood still.
  await handle.db.execute(sql`update incidents set opened_at = now() - interval '11 minutes' where id = ${id}::uuid`)
  await saveEvidence(handle.db, id, evidence('c'))
  expect(await readEvidence(handle.db, id)).toEqual(seen)
})

test('what is partial is kept until the whole comes, and never takes its place', async () => {
  const id = await openIncident('partial', ['p'])
  await takeEvidenceRequests(handle.db)
  const chain = [{ subject: 'CN=a', issuer: 'CN=b', notAfter: '2026-01-01T00:00:00.000Z', sha256: 'x' }]
  const kept = async () => (await readEvidence(handle.db, id))?.['opening']
  await saveEvidence(handle.db, id, { ...evidence('p'), partial: true })
  expect(await kept()).toMatchObject({ p: { partial: true } })
  await saveEvidence(handle.db, id, { ...evidence('p'), chain })
  expect(await kept()).toMatchObject({ p: { partial: false, chain } })
  await saveEvidence(handle.db, id, { ...evidence('p'), partial: true })
  await saveEvidence(handle.db, id, evidence('p'))
  expect(await kept()).toMatchObject({ p: { partial: false, chain } })
})

test('an outage of a hundred checks has ten of them looked at in a region, whoever asks', async () => {
  for (let index = 0; index < 100; index++) await openIncident(`outage-${index}`, ['r1'])
  const asked = (await Promise.all(Array.from({ length: 4 }, () => takeEvidenceRequests(handle.db)))).flat()
  expect(asked).toHaveLength(10)
  expect(await takeEvidenceRequests(handle.db)).toEqual([])
})

test('what opened long ago is not looked at any more', async () => {
  await openIncident('old', ['r2'], sql`now() - interval '1 hour'`)
  expect(await takeEvidenceRequests(handle.db)).toEqual([])
})
