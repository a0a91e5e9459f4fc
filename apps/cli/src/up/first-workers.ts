import { setTimeout as delay } from 'node:timers/promises'
import { aliveMs, type Database, listRegions } from '@sonde/db'

const pollMs = 100
const patienceMs = 5000

/**
 * Resolves when each of these regions has a worker that has said so, when `signal` aborts, or after 5 s: who is told that Sonde is up
 * may run a check with the next command.
 */
export async function untilWorkersLive(db: Database, regions: readonly string[], signal: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + patienceMs
  while (!signal.aborted && performance.now() < deadlineMs) {
    const live = (await listRegions(db, aliveMs)).filter(({ workers }) => workers.length > 0).map(({ name }) => name)
    if (regions.every((region) => live.includes(region))) return
    await delay(pollMs, undefined, { signal }).catch(() => undefined)
  }
}
