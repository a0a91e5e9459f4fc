import { freshDatabase } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import { listRegions, noteWorker } from './regions.ts'

test('a region comes with its workers and what each can do, as each last said', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  const worker = { id: 'w1', region: 'eu', version: '0.1.0', startedAt: '2026-01-01T00:00:00.000Z' }
  await noteWorker(db, { ...worker, capabilities: [] })
  await noteWorker(db, { ...worker, capabilities: ['http', 'icmp'] })
  await noteWorker(db, { ...worker, id: 'w2', capabilities: ['http'] })
  expect(await listRegions(db, 60_000)).toMatchObject([
    {
      name: 'eu',
      workers: [
        { id: 'w1', capabilities: ['http', 'icmp'] },
        { id: 'w2', capabilities: ['http'] },
      ],
    },
  ])
  await close()
})
