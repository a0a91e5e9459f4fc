import { randomUUID } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { type Check, durationMs, formatDuration, missedResult, type Result, reasonsOf } from '@sonde/core'
import { type Registry, readinessOf, workerMetrics } from '@sonde/metrics'
import { capabilities, egressPolicy, pingProblem, probe, version, warmUp } from '@sonde/probes'
import { type Batch, type BatchProbe, openQueues, probesQueue, resultsQueue } from '@sonde/queue'
import { openCheck, secretKey } from '@sonde/secrets'
import type { WorkerConfig } from './config.ts'
import { Gate } from './gate.ts'
import { Handover } from './handover.ts'
import { SlotTimer } from './slot-timer.ts'

const heartbeatMs = 5000

// Each job in hand is a batch that waits for its slots, most of it idle; this many cover the lookahead at thousands of probes a second.
const batchesInHand = 500

/** Runs the probes of one region, each at its slot, and hands the results over. Rejects when the queue does not answer. */
export async function startWorker(config: WorkerConfig, log: Logger, registry: Registry) {
  const { region } = config
  const queues = openQueues(config.queue, (error) => log.warn({ err: error }, 'queue'))
  const metrics = workerMetrics(registry)
  const egress = egressPolicy(config.egress)
  const key = config.secretKey === undefined ? undefined : secretKey(config.secretKey)
  const gate = new Gate(config.concurrency)
  const handover = new Handover(queues, (error) =>
    log.warn({ err: error, pending: handover.pending }, 'the queue takes no results; keeping them'),
  )
  const stop = new AbortController()
  const slots = new SlotTimer()
  const worker = {
    id: randomUUID(),
    region,
    version,
    startedAt: new Date().toISOString(),
    capabilities: await capabilities(),
  }

  /** The whole batch: done when every result is on the queue, and what had not begun when the worker stops is given back. */
  async function runBatch(batch: Batch): Promise<void> {
    const left: BatchProbe[] = []
    await Promise.all(
      batch.probes.map(async (one) => {
        const result = await atItsSlot(one, batch.runId !== undefined)
        if (result === undefined) left.push(one)
        else await handover.deliver({ checkId: one.checkId, result }, batch.runId)
      }),
    )
    if (left.length === 0) return
    await queues.send(probesQueue(region), [{ data: { ...batch, probes: left } }])
    log.info({ probes: left.length }, 'gave back what had not begun')
  }

  async function atItsSlot({ check, slotMs }: BatchProbe, isRun: boolean): Promise<Result | undefined> {
    await slots.wait(slotMs - Date.now())
    return gate.pass(async () => {
      if (stop.signal.aborted) return undefined
      const lateMs = Date.now() - slotMs
      const result =
        !isRun && lateMs > durationMs(check.interval) ? expired(check, slotMs, lateMs) : await run(check, slotMs)
      metrics.probes.inc({ outcome: result.outcome })
      return result
    })
  }

  function expired(check: Check, slotMs: number, lateMs: number): Result {
    const message = `taken ${formatDuration(lateMs)} after its slot, with an interval of ${check.interval}`
    return missedResult(check, region, slotMs, 'expired', message)
  }

  async function run(check: Check, slotMs: number): Promise<Result> {
    metrics.startLag.observe(Math.max(0, Date.now() - slotMs) / 1000)
    metrics.running.inc()
    try {
      return await probe(openCheck(check, key), { region, slot: new Date(slotMs), egress })
    } catch (error) {
      // Our own fault is not the target's: it is told as a gap, and logged with all there is to know.
      log.error({ err: error, check: check.key }, 'the probe itself failed')
      return missedResult(check, region, slotMs, 'worker_error', reasonsOf(error))
    } finally {
      metrics.running.dec()
    }
  }

  async function heartbeat(): Promise<void> {
    const loop = monitorEventLoopDelay({ resolution: 10 })
    loop.enable()
    while (!stop.signal.aborted) {
      // The worst since the last beat, beyond the resolution that it is sampled at: what a probe may have been held up.
      metrics.eventLoopDelay.observe(Math.max(0, loop.max / 1e9 - 0.01))
      loop.reset()
      try {
        await queues.send(resultsQueue, [{ data: { type: 'heartbeat', worker } }])
      } catch (error) {
        log.debug({ err: error }, 'heartbeat not sent')
      }
      await delay(heartbeatMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
    loop.disable()
  }

  await queues.assertUsable()
  warmUp()
  const consumer = await queues.consume(probesQueue(region), runBatch, { concurrency: batchesInHand })
  const beating = heartbeat()
  log.info({ region, worker: worker.id, capabilities: worker.capabilities }, 'taking probes')
  if (!worker.capabilities.includes('icmp')) {
    log.warn({ reason: await pingProblem() }, 'no icmp probes here: each will be a worker_error')
  }

  return {
    ready: () => readinessOf({ queue: queues.ping }),
    /** Gives back what has not begun, waits for what has (at most its timeout), and hands the results over. */
    async close(): Promise<void> {
      stop.abort()
      slots.stop()
      await beating
      await consumer.close()
      await queues.close()
    },
  }
}

export { type WorkerConfig, workerConfig } from './config.ts'
