import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startApi } from '@sonde/api'
import { createLogger } from '@sonde/config'
import { startEmbeddedPostgres } from '@sonde/db/embedded'
import { createRegistry } from '@sonde/metrics'
import { newSecretKey } from '@sonde/secrets'
import { freePort } from '@sonde/testkit'
import { migrateAll } from '../../apps/cli/src/commands/migrate.ts'
import { fuzz } from './fuzz.ts'

// npm run fuzz [-- --requests 50000 --seed 1]: an API on a database of its own, on loopback.
const { values } = parseArgs({ options: { requests: { type: 'string', default: '50000' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const folder = await mkdtemp(join(tmpdir(), 'sonde-fuzz-'))
const stop = new AbortController()
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined, signal: stop.signal })
try {
  await migrateAll(postgres.url, undefined)
  const token = 'an-admin-token-for-the-fuzz'
  const api = await startApi(
    {
      databaseUrl: postgres.url,
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
    createLogger('fuzz', 'error'),
    createRegistry(),
  )
  const { requests, seconds, byStatus, faults } = await fuzz(api.url, token, { count: Number(values.requests), seed })
  await api.close()
  process.stdout.write(`${requests} requests in ${seconds.toFixed(1)} s, seed ${seed}: ${JSON.stringify(byStatus)}\n`)
  for (const fault of faults) process.stdout.write(`${JSON.stringify(fault)}\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
} finally {
  stop.abort()
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
