import { freshDatabase } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import { listRegions, noteWorker } from './regions.ts'

test('a region comes with its workers and what each can do, as each last said', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  const silent = { load: null, clockOffsetMs: null }
  const worker = { id: 'w1', region: 'eu', version: '0.1.0', startedAt: '2026-01-01T00:00:00.000Z' }
  const load = { running: 12, waiting: 3, limit: 1000 }
  await noteWorker(db, { ...worker, capabilities: [], ...silent })
  await noteWorker(db, { ...worker, capabilities: ['http', 'icmp'], load, clockOffsetMs: -3_600_000 })
  await noteWorker(db, { ...worker, id: 'w2', capabilities: ['http'], ...silent })
  expect(await listRegions(db, 60_000)).toMatchObject([
    {
      name: 'eu',
      workers: [
        { id: 'w1', capabilities: ['http', 'icmp'], load, clockOffsetMs: -3_600_000 },
        { id: 'w2', capabilities: ['http'], ...silent },
      ],
    },
  ])
  await close()
})
