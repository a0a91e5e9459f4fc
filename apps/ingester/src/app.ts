import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { foldResults, type Result } from '@sonde/core'
import { ingest, isTransient, noteWorker, openDatabase, saveRunResult } from '@sonde/db'
import { ingesterMetrics, type Registry, readinessOf } from '@sonde/metrics'
import { openQueues, queueLocation, resultsQueue, Unprocessable, type WorkerMessage } from '@sonde/queue'
import type { IngesterConfig } from './config.ts'
import { keepSweeping } from './sweep.ts'
import { upkeep } from './upkeep.ts'

const upkeepMs = 3_600_000

/**
 * Takes what workers hand over and writes it, each chunk in one transaction. `onResults` hears of what was new, after it is
 * committed. Rejects when database or queue do not answer.
 */
export async function startIngester(
  config: IngesterConfig,
  log: Logger,
  registry: Registry,
  onResults?: (results: readonly Result[]) => void,
) {
  const onError = (error: Error) => log.warn({ err: error }, 'connection')
  const database = openDatabase(config.databaseUrl, { name: 'sonde-ingester', max: 6, onError })
  // Rebuilding an index, or moving rows, may take minutes: on a connection that is given that time.
  const slow = openDatabase(config.databaseUrl, {
    name: 'sonde-ingester-upkeep',
    max: 1,
    patienceMs: upkeepMs,
    onError,
  })
  const queues = openQueues(queueLocation(config), onError)
  const metrics = ingesterMetrics(registry)
  const stop = new AbortController()

  async function take(message: WorkerMessage): Promise<void> {
    try {
      await write(message)
    } catch (error) {
      if (!isTransient(error))
        throw new Unprocessable(error instanceof Error ? error.message : String(error), { cause: error })
      log.warn({ err: error }, 'the database does not take results; trying again')
      await delay(1000, undefined, { signal: stop.signal }).catch(() => undefined)
      throw error
    }
  }

  async function write(message: WorkerMessage): Promise<void> {
    if (message.type === 'heartbeat') return noteWorker(database.db, message.worker)
    if (message.runId !== undefined) {
      for (const { result } of message.items) await saveRunResult(database.db, message.runId, result)
      return
    }
    const began = performance.now()
    const fresh = await ingest(database.db, message.items, foldResults)
    metrics.duration.observe((performance.now() - began) / 1000)
    metrics.results.inc({ outcome: 'stored' }, fresh.length)
    metrics.results.inc({ outcome: 'duplicate' }, message.items.length - fresh.length)
    if (fresh.length > 0) onResults?.(fresh)
  }

  async function keepUp(): Promise<void> {
    while (!stop.signal.aborted) {
      await delay(upkeepMs, undefined, { signal: stop.signal }).catch(() => undefined)
      if (stop.signal.aborted) return
      await upkeep(slow.db, queues.clock.now(), config.retention).then(
        ({ dropped, compacted }) => log.info({ dropped, compacted }, 'upkeep'),
        (error: unknown) => log.warn({ err: error }, 'upkeep'),
      )
    }
  }

  await database.ping()
  await database.assertMigrated()
  await queues.assertUsable()
  await upkeep(slow.db, queues.clock.now(), config.retention)
  const consumer = await queues.consume(resultsQueue, take, { concurrency: 4 })
  const keeping = keepUp()
  const sweeping = keepSweeping(
    database.db,
    log,
    () => queues.doneUpTo(resultsQueue),
    (missed) => {
      metrics.results.inc({ outcome: 'missed' }, missed.length)
      onResults?.(missed)
    },
    stop.signal,
  )
  log.info('taking results')

  return {
    ready: () => readinessOf({ database: database.ping, queue: queues.ping }),
    async close(): Promise<void> {
      stop.abort()
      await Promise.all([keeping, sweeping])
      await consumer.close()
      await queues.close()
      await slow.close()
      await database.close()
    },
  }
}

export { type IngesterConfig, ingesterConfig } from './config.ts'
