import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { type Database, type EvidenceRequest, takeEvidenceRequests } from '@sonde/db'
import { type BatchInput, checkText, probesQueue, type Queues } from '@sonde/queue'

// An incident that another process has opened, or one whose process was killed right after.
const pauseMs = 1000

/** Rung when an incident may have opened: its first message waits for the evidence, for a moment. */
export class EvidenceBell {
  #rung = Promise.withResolvers<void>()

  ring(): void {
    this.#rung.resolve()
  }

  /** Resolves when it has been rung since the last time, or after `ms`. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    await Promise.race([this.#rung.promise, delay(ms, undefined, { signal }).catch(() => undefined)])
    this.#rung = Promise.withResolvers<void>()
  }
}

/** The orders of each region, which go to it in one round trip: the messages of a burst wait for all of them. */
function batchesOf(requests: readonly EvidenceRequest[], nowMs: number): Map<string, BatchInput[]> {
  const orders = requests.flatMap(({ incidentId, checkId, check, regions }) => {
    const probes = [{ checkId, slotMs: Math.floor(nowMs), check: checkText(check) }]
    return regions.map((region) => ({ region, runId: incidentId, evidence: true, probes }))
  })
  return Map.groupBy(orders, ({ region }) => region)
}

/**
 * Asks the regions in which a check has gone down to look closer, until `signal` aborts: as soon as the incident is committed, when the bell is
 * rung. A request that gets lost is not made again.
 */
export async function keepAskingForEvidence(
  db: Database,
  queues: Queues,
  log: Logger,
  bell: EvidenceBell,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const [region, data] of batchesOf(await takeEvidenceRequests(db), queues.clock.now()))
        await queues.send(
          probesQueue(region),
          data.map((batch) => ({ data: batch })),
        )
    } catch (error) {
      log.warn({ err: error }, 'asking for evidence')
    }
    await bell.wait(pauseMs, signal)
  }
}
