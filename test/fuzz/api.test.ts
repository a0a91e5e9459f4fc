import { startApi } from '@sonde/api'
import { createLogger } from '@sonde/config'
import { createRegistry } from '@sonde/metrics'
import { newSecretKey } from '@sonde/secrets'
import { freePort, freshDatabase, query } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

const token = 'an-admin-token-for-tests'

// `npm run fuzz` sends 50,000, or as many as one likes.
test('whatever is sent to the API, the answer is no fault of ours', { timeout: 180_000 }, async () => {
  await using database = await freshDatabase()
  await query(database.url, "insert into regions (name) values ('a'), ('eu')")
  const api = await startApi(
    {
      databaseUrl: database.url,
      redisUrl: undefined,
      host: '127.0.0.1',
      port: await freePort(),
      adminToken: token,
      secretKey: newSecretKey(),
      metricsToken: undefined,
      metricsJob: undefined,
      egress: { deny: ['0.0.0.0/0', '::/0'], allow: [] },
      publicUrl: 'http://sonde.example',
      door: { rates: { perToken: 0, perAddress: 0, denied: 0 }, trustProxy: [], tls: undefined },
    },
    createLogger('test', 'silent'),
    createRegistry(),
  )
  try {
    const count = 600
    const seed = Math.floor(Math.random() * 2 ** 31)
    const { byStatus, faults } = await fuzz(api.url, token, { count, seed })
    expect(faults, `seed ${seed}`).toEqual([])
    expect(byStatus['200'] ?? 0).toBeGreaterThan(0)
    expect(byStatus['400'] ?? 0).toBeGreaterThan(0)
  } finally {
    await api.close()
  }
})
