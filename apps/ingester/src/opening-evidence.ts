import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { type Database, takeEvidenceRequests } from '@sonde/db'
import { checkText, probesQueue, type Queues } from '@sonde/queue'

const pauseMs = 1000

/**
 * Asks the regions in which a check has gone down to look closer, until `signal` aborts. After the incident is committed and told:
 * nobody waits for it. A request that gets lost is not made again.
 */
export async function keepAskingForEvidence(
  db: Database,
  queues: Queues,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const { incidentId, checkId, check, regions } of await takeEvidenceRequests(db)) {
        const probes = [{ checkId, slotMs: Math.floor(queues.clock.now()), check: checkText(check) }]
        for (const region of regions) {
          await queues.send(probesQueue(region), [{ data: { region, runId: incidentId, evidence: true, probes } }])
        }
      }
    } catch (error) {
      log.warn({ err: error }, 'asking for evidence')
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
