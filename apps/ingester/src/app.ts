import { setTimeout as delay } from 'node:timers/promises'
import { type Logger, recurringWarning } from '@sonde/config'
import { type Fold, foldResults, type Result } from '@sonde/core'
import {
  followMaintenance,
  type IngestItem,
  ingest,
  isTransient,
  makePartitions,
  noteWorker,
  openDatabase,
  saveEvidence,
  saveRunResult,
  strayRows,
} from '@sonde/db'
import { ingesterMetrics, ingestReadings, type Registry, readinessOf } from '@sonde/metrics'
import { openQueues, queueLocation, resultsQueue, Unprocessable, type WorkerMessage } from '@sonde/queue'
import type { IngesterConfig } from './config.ts'
import { keepJudging } from './judge.ts'
import { EvidenceBell, keepAskingForEvidence } from './opening-evidence.ts'
import { keepCountingPaused } from './paused.ts'
import { Stall } from './stall.ts'
import { keepSweeping } from './sweep.ts'
import { keepTelling } from './tell.ts'
import { keepUp } from './upkeep.ts'
import { ChunkWriter, writeOneByOne } from './writer.ts'

// Rebuilding an index, or moving rows, may take minutes.
const upkeepPatienceMs = 3_600_000

// Under load those that wait are written together (writer.ts).
const chunksInHand = 16

/** Whether what was to be written is at fault, so that it would fail again, and not the database. */
const isOfTheData = (error: unknown) => !isTransient(error)

/**
 * Takes what workers hand over and writes it, each chunk whole in a transaction, several together when they wait. `onResults`
 * hears of what was new, after it is committed. Rejects when database or queue do not answer.
 */
export async function startIngester(
  config: IngesterConfig,
  log: Logger,
  registry: Registry,
  onResults?: (results: readonly Result[]) => void,
) {
  const onError = recurringWarning(log, 'connection')
  const database = openDatabase(config.databaseUrl, { name: 'sonde-ingester', max: 6, onError })
  const slow = openDatabase(config.databaseUrl, {
    name: 'sonde-ingester-upkeep',
    max: 2,
    patienceMs: upkeepPatienceMs,
    onError,
  })
  const queues = openQueues(queueLocation(config), onError)
  const metrics = ingesterMetrics(registry)
  const stop = new AbortController()

  const stall = new Stall(log, 'take results', () => performance.now())
  ingestReadings(registry, { stalled: () => (stall.lasts ? 1 : 0), strayRows: () => strayRows(database.db) })
  const writer = new ChunkWriter(store, isOfTheData)
  const bell = new EvidenceBell()

  async function take(message: WorkerMessage): Promise<void> {
    try {
      await write(message)
    } catch (error) {
      if (isOfTheData(error))
        throw new Unprocessable(error instanceof Error ? error.message : String(error), { cause: error })
      await delay(1000, undefined, { signal: stop.signal }).catch(() => undefined)
      throw error
    }
  }

  async function write(message: WorkerMessage): Promise<void> {
    if (message.type === 'heartbeat') return noteWorker(database.db, message.worker)
    if (message.type === 'evidence') return saveEvidence(database.db, message.incidentId, message.evidence)
    if (message.runId !== undefined) {
      for (const { result } of message.items) await saveRunResult(database.db, message.runId, result)
      return
    }
    try {
      await writer.add(message.items)
    } catch (error) {
      if (!isOfTheData(error)) throw error
      await writeOneByOne(message.items, store, isOfTheData)
    }
  }

  async function store(items: readonly IngestItem[]): Promise<void> {
    const began = performance.now()
    try {
      const fresh = await ingest(database.db, items, fold, queues.clock.now())
      metrics.duration.observe((performance.now() - began) / 1000)
      metrics.results.inc({ outcome: 'stored' }, fresh.length)
      metrics.results.inc({ outcome: 'duplicate' }, items.length - fresh.length)
      if (fresh.length > 0) onResults?.(fresh)
      if (fresh.some(({ outcome }) => outcome === 'down')) bell.ring()
      stall.worked()
    } catch (error) {
      if (!isOfTheData(error)) stall.failed(error)
      throw error
    }
  }

  await database.ping()
  await database.assertMigrated()
  await queues.assertUsable()
  // Without them results go to the default partition, and are moved.
  await makePartitions(slow.db, queues.clock.now()).catch((error: unknown) =>
    log.warn({ err: error }, 'making partitions'),
  )
  const maintenance = await followMaintenance(database.db, {
    url: config.databaseUrl,
    name: 'sonde-ingester-listen',
    onTrouble: (error) => log.warn({ err: error }, 'maintenance windows'),
    signal: stop.signal,
  })
  const fold: Fold = (state, results, check) => foldResults(state, results, check, maintenance.plan())
  const consumer = await queues.consume(resultsQueue, take, { concurrency: chunksInHand })
  const keeping = keepUp(slow, log, config.retention, queues.clock.now, stop.signal)
  const judging = keepJudging(database.db, log, queues.clock.now, () => bell.ring(), stop.signal)
  const asking = keepAskingForEvidence(database.db, queues, log, bell, stop.signal)
  const telling = keepTelling(database.db, log, stop.signal)
  const counting = keepCountingPaused(database.db, log, queues.clock.now, stop.signal)
  const sweeping = keepSweeping(
    database.db,
    log,
    queues.clock.now,
    () => queues.doneUpTo(resultsQueue),
    fold,
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
      await Promise.all([keeping, sweeping, judging, asking, telling, counting, maintenance.ended])
      await consumer.close()
      await queues.close()
      await slow.close()
      await database.close()
    },
  }
}

export { type IngesterConfig, ingesterConfig } from './config.ts'
