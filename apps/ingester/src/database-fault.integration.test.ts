import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { createCheck, findCheck, listResults, migrate, openDatabase } from '@sonde/db'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { createRegistry } from '@sonde/metrics'
import { openQueues, resultsQueue } from '@sonde/queue'
import { aCheck, aResult, freshDatabase, freshRedis, hasRedis, query } from '@sonde/testkit'
import { describe, expect, test } from 'vitest'
import { startIngester } from './app.ts'

const day = 86_400_000
const retention = {
  rawMs: 14 * day,
  fiveMinutesMs: 90 * day,
  hoursMs: 400 * day,
  daysMs: undefined,
  incidentsMs: 400 * day,
}

/** An ingester on this database with a Redis of its own, the lines of its log, and results to give it. */
async function running(databaseUrl: string) {
  const redis = await freshRedis()
  const lines: string[] = []
  const told = (...words: unknown[]) => void lines.push(words.filter((word) => typeof word === 'string').join(' '))
  const log = { warn: told, info: told, error: told } as unknown as Logger
  const registry = createRegistry()
  const handle = openDatabase(databaseUrl, { name: 'test', onError: () => undefined })
  const check = aCheck({ key: 'site' })
  await createCheck(handle.db, check)
  const { id } = (await findCheck(handle.db, 'site')) ?? { id: 0 }
  const queues = openQueues({ kind: 'redis', url: redis.url }, (error) => lines.push(error.message))
  await queues.assertUsable()
  const ingester = await startIngester({ databaseUrl, redisUrl: redis.url, retention }, log, registry)
  const startMs = Math.floor(Date.now() / 1000) * 1000 - 600_000
  let sent = 0
  return {
    lines,
    /** Chunks of 64 results each. */
    send: (chunks: number) =>
      queues.send(
        resultsQueue,
        Array.from({ length: chunks }, () => ({
          data: {
            type: 'results' as const,
            items: Array.from({ length: 64 }, () => ({ checkId: id, result: aResult(check, startMs + 1000 * sent++) })),
          },
        })),
      ),
    sent: () => sent,
    depth: () => queues.depth(resultsQueue),
    stored: async () => (await listResults(handle.db, { checkId: id, limit: 100_000 })).length,
    /** A metric as a scrape gives it, without labels. */
    metric: async (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(await registry.metrics())?.[1]),
    [Symbol.asyncDispose]: async () => {
      await ingester.close()
      await queues.close()
      await handle.close()
      await redis[Symbol.asyncDispose]()
    },
  }
}

const patiently = { timeout: 30_000, interval: 200 }

describe.skipIf(!hasRedis())('a database that takes nothing', () => {
  test('and is read-only loses no result: they wait, one line says why, and all are there when it is over', async () => {
    await using fresh = await freshDatabase()
    await using ingester = await running(fresh.url)
    await ingester.send(2)
    await expect.poll(ingester.stored, patiently).toBe(128)
    // On a connection that may write; what is open does not hear of a new default.
    const readOnly = (on: boolean) =>
      query(
        `${fresh.url}?options=-c%20default_transaction_read_only%3Doff`,
        `alter database ${fresh.name} set default_transaction_read_only = ${on ? 'on' : 'off'}`,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${fresh.name}' and application_name like 'sonde%'`,
      )
    await readOnly(true)
    await ingester.send(40)
    await expect.poll(() => ingester.metric('sonde_ingest_stalled'), patiently).toBe(1)
    const before = process.cpuUsage()
    await delay(4000)
    const { user, system } = process.cpuUsage(before)
    // It waits, a second at a time; spinning would take a core.
    expect((user + system) / 1000).toBeLessThan(2500)
    expect(await ingester.depth()).toBe(40)
    const told = ingester.lines.filter((line) => line.startsWith('the database does not take results'))
    expect(told.at(-1)).toContain('cannot execute')
    expect(told.at(-1)).toContain('(25006)')
    expect(told.length).toBeLessThanOrEqual(2)
    expect(await ingester.stored()).toBe(128)
    await readOnly(false)
    await expect.poll(ingester.stored, patiently).toBe(ingester.sent())
    await expect.poll(ingester.depth, patiently).toBe(0)
    expect(await ingester.metric('sonde_ingest_stalled')).toBe(0)
    expect(ingester.lines.filter((line) => line.startsWith('the database does take results again'))).toHaveLength(1)
    expect(ingester.lines.filter((line) => line.includes('set aside'))).toEqual([])
  })

  test('as a lock is held for longer than a statement may take loses none either', async () => {
    await using fresh = await freshDatabase()
    const url = new URL(fresh.url)
    url.searchParams.set('statement_timeout', '500')
    await using ingester = await running(url.href)
    await ingester.send(1)
    await expect.poll(ingester.stored, patiently).toBe(64)
    const locking = query(
      fresh.url,
      'begin',
      'lock table check_states in exclusive mode',
      'select pg_sleep(4)',
      'commit',
    )
    await delay(300)
    await ingester.send(10)
    await expect.poll(() => ingester.lines.join('\n'), patiently).toContain('statement timeout (57014)')
    await locking
    await expect.poll(ingester.stored, patiently).toBe(ingester.sent())
    expect(ingester.lines.filter((line) => line.includes('set aside'))).toEqual([])
  })

  test('as its disk is full loses none: there is room again and all of them are there', async ({ skip }) => {
    const folder = mkdtempSync(join(tmpdir(), 'sonde-small-'))
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=711', 'tmpfs', folder]).status !== 0) {
      rmSync(folder, { recursive: true })
      skip('left out: only root may mount a small file system')
    }
    const dataDir = join(folder, 'data')
    const settings = { min_wal_size: '32MB', max_wal_size: '48MB', fsync: 'off' }
    try {
      const server = await startEmbeddedPostgres({ dataDir, log: () => undefined, settings })
      try {
        await migrate(server.url)
        await using ingester = await running(server.url)
        await ingester.send(2)
        await expect.poll(ingester.stored, patiently).toBe(128)
        const filler = join(folder, 'filler')
        // Until there is no room: tables cannot grow, what they have may still change.
        spawnSync('sh', ['-c', `cat /dev/zero > ${filler}`])
        await ingester.send(200)
        await expect.poll(() => ingester.lines.join('\n'), patiently).toContain('No space left on device (53100)')
        expect(await ingester.metric('sonde_ingest_stalled')).toBe(1)
        await delay(2000)
        expect(await ingester.depth()).toBeGreaterThan(0)
        writeFileSync(filler, '')
        await expect.poll(ingester.stored, patiently).toBe(ingester.sent())
        await expect.poll(ingester.depth, patiently).toBe(0)
        expect(ingester.lines.filter((line) => line.includes('set aside'))).toEqual([])
      } finally {
        await server.stop()
        await removeEmbeddedPostgres({ dataDir, cluster: server.cluster })
      }
    } finally {
      spawnSync('umount', [folder])
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
