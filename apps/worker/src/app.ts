import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Logger, recurringWarning } from '@sonde/config'
import {
  type Check,
  durationMs,
  type Evidence,
  formatDuration,
  missedResult,
  type Result,
  reasonsOf,
} from '@sonde/core'
import { type Registry, readinessOf, workerMetrics } from '@sonde/metrics'
import { capabilities, egressPolicy, onceFor, Prober, pingProblem, takeEvidence, version, warmUp } from '@sonde/probes'
import { type Batch, type BatchProbe, openQueues, probesQueue, resultsQueue } from '@sonde/queue'
import { openCheck, secretKey } from '@sonde/secrets'
import { lookEveryMs, nextLimit } from './admission.ts'
import type { WorkerConfig } from './config.ts'
import { drain } from './drain.ts'
import { Gate } from './gate.ts'
import { Handover, patienceMs } from './handover.ts'
import { InHand } from './in-hand.ts'
import { SlotTimer } from './slot-timer.ts'

const heartbeatMs = 5000

// Each job in hand is a batch that waits for its slots, most of it idle; this many cover the lookahead at thousands of probes a second.
const batchesInHand = 500

// Whoever asked for a run waits for the timeout and a second.
const answerMs = 1000

// What is seen later than this is not what it was when the incident opened.
const evidenceFreshMs = 60_000

/** Runs the probes of one region, each at its slot, and hands the results over. Rejects when the queue does not answer. */
export async function startWorker(config: WorkerConfig, log: Logger, registry: Registry) {
  const { region, admittedAtMost } = config
  const queues = openQueues(config.queue, recurringWarning(log, 'queue'))
  const { clock } = queues
  const egress = egressPolicy(config.egress)
  const prober = new Prober({
    egress: config.egress,
    now: () => clock.now(),
    onNoThread: (err) =>
      log.warn({ err }, 'no thread for handshakes: they run beside other probes and may show in their timings'),
  })
  const key = config.secretKey === undefined ? undefined : secretKey(config.secretKey)
  // The same object each time: what follows from a check is worked out once for it.
  const opened = onceFor((check: Check) => openCheck(check, key))
  const gate = new Gate(admittedAtMost, config.concurrency)
  const handover = new Handover(queues, (error) =>
    log.warn({ err: error, pending: handover.pending }, 'the queue takes no results; keeping them'),
  )
  const metrics = workerMetrics(registry, {
    limit: () => gate.limit,
    waiting: () => gate.waiting,
    pending: () => handover.pending,
    clockOffsetSeconds: () => clock.offsetMs / 1000,
  })
  const stop = new AbortController()
  const slots = new SlotTimer()
  const inHand = new InHand()
  const able = await capabilities()

  /** The whole batch: done when every result is on the queue, and what had not begun when the worker stops is given back. */
  async function runBatch(batch: Batch): Promise<void> {
    const { runId } = batch
    if (runId !== undefined) return batch.evidence === true ? lookCloser(batch, runId) : runNow(batch, runId)
    const left: BatchProbe[] = []
    await Promise.all(
      batch.probes.map(async (one) => {
        const result = await atItsSlot(one)
        if (result === undefined) left.push(one)
        else
          await handover.deliver(
            { checkId: one.checkId, result },
            { patienceMs: patienceMs(durationMs(one.check.interval), result.outcome) },
          )
      }),
    )
    if (left.length === 0) return
    await queues.send(probesQueue(region), [{ data: { ...batch, probes: left } }])
    log.info({ probes: left.length }, 'gave back what had not begun')
  }

  /** Out of turn, past the gate: somebody waits for the answers. When nobody does any more, there is nothing to do. */
  async function runNow({ probes }: Batch, runId: string): Promise<void> {
    await Promise.all(
      probes.map(async ({ checkId, slotMs, check }) => {
        if (clock.now() - slotMs > durationMs(check.timeout) + answerMs) return
        await handover.deliver({ checkId, result: await run(check, slotMs) }, { runId, patienceMs: 0 })
      }),
    )
  }

  /** What there is to see beside a result that is down, while the incident is fresh. */
  async function lookCloser({ probes }: Batch, incidentId: string): Promise<void> {
    const [one] = probes
    if (one === undefined || stop.signal.aborted || clock.now() - one.slotMs > evidenceFreshMs) return
    const { resolvers, trace } = config.evidence ?? { resolvers: [], trace: false }
    const tell = (evidence: Evidence) =>
      queues.send(resultsQueue, [{ data: { type: 'evidence', incidentId, evidence } }])
    const evidence = await takeEvidence(opened(one.check), {
      region,
      egress,
      resolvers,
      trace,
      now: () => clock.now(),
      signal: stop.signal,
      onEarly: (early) =>
        void tell(early).catch((error: unknown) => log.debug({ err: error }, 'early evidence not sent')),
    })
    await tell(evidence)
  }

  async function atItsSlot({ check, slotMs }: BatchProbe): Promise<Result | undefined> {
    // Node's timers may be early by less than a millisecond. When the clock was set, there is more to wait, or less.
    for (let leftMs = slotMs - clock.now(); leftMs >= 1 && !stop.signal.aborted; leftMs = slotMs - clock.now()) {
      await slots.wait(leftMs)
    }
    const intervalMs = durationMs(check.interval)
    const work = async (): Promise<Result | undefined> => {
      if (stop.signal.aborted) return undefined
      const lateMs = clock.now() - slotMs
      if (lateMs <= intervalMs) return run(check, slotMs)
      metrics.probes.inc({ outcome: 'missed' })
      const message = `taken ${formatDuration(lateMs)} after its slot, with an interval of ${check.interval}`
      return missedResult(check, region, slotMs, 'expired', message)
    }
    return gate.pass(work, { slotMs, overMs: slotMs + intervalMs })
  }

  async function run(check: Check, slotMs: number): Promise<Result> {
    metrics.startLag.observe(Math.max(0, clock.now() - slotMs) / 1000)
    metrics.running.inc()
    try {
      const options = { region, slot: new Date(slotMs) }
      const result = await inHand.during(check, () => prober.probe(opened(check), options))
      metrics.probes.inc({ outcome: result.outcome })
      return result
    } catch (error) {
      // Our own fault is not the target's: it is told as a gap, and logged with all there is to know.
      log.error({ err: error, check: check.key }, 'the probe itself failed')
      metrics.probes.inc({ outcome: 'missed' })
      return missedResult(check, region, slotMs, 'worker_error', reasonsOf(error))
    } finally {
      metrics.running.dec()
    }
  }

  /** How much is let in at once follows how long the event loop was held up. */
  let longestDelayMs = 0
  function look(): void {
    const delayMs = prober.takeLongestDelayMs()
    longestDelayMs = Math.max(longestDelayMs, delayMs)
    gate.limit = nextLimit(gate.limit, { delayMs, busiest: gate.takeBusiest() }, admittedAtMost)
    gate.letGo(clock.now())
  }

  async function heartbeat(): Promise<void> {
    const startedAt = new Date(clock.now()).toISOString()
    const worker = { id: randomUUID(), region, version, startedAt, capabilities: able }
    while (!stop.signal.aborted) {
      metrics.eventLoopDelay.observe(longestDelayMs / 1000)
      longestDelayMs = 0
      const load = { running: inHand.size, waiting: gate.waiting, limit: gate.limit }
      try {
        await queues.send(resultsQueue, [
          { data: { type: 'heartbeat', worker: { ...worker, load, clockOffsetMs: Math.round(clock.offsetMs) } } },
        ])
      } catch (error) {
        log.debug({ err: error }, 'heartbeat not sent')
      }
      await delay(heartbeatMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }

  clock.onStep = () => slots.wakeAll()
  clock.onSkew = (offsetMs) =>
    log.warn({ offsetSeconds: offsetMs / 1000 }, "this machine's clock is off; probes follow the queue server's")
  // Whether the server is fit is for the control plane to look at: a worker's user may not ask.
  await queues.ping()
  await queues.clock.follow()
  warmUp()
  const looking = setInterval(look, lookEveryMs)
  const consumer = await queues.consume(probesQueue(region), runBatch, { concurrency: batchesInHand })
  const beating = heartbeat()
  log.info({ region, capabilities: able }, 'taking probes')
  if (!able.includes('icmp')) {
    log.warn({ reason: await pingProblem() }, 'no icmp probes here: each will be a worker_error')
  }

  return {
    ready: () => readinessOf({ queue: queues.ping }),
    /**
     * Gives back what has not begun, waits for what has (at most its timeout), and hands the results over. A queue that does not take
     * them is waited for a few seconds more; `lost` is how many results it did not take.
     */
    async close(): Promise<{ lost: number }> {
      stop.abort()
      slots.stop()
      gate.open()
      const lost = await drain({
        ended: Promise.all([beating, consumer.close()]),
        probesMs: inHand.longestLeftMs(),
        giveUp: () => handover.giveUp(),
        log,
      })
      clearInterval(looking)
      await prober.close()
      await queues.close()
      return { lost }
    },
  }
}

export { type WorkerConfig, workerConfig } from './config.ts'
