import { setTimeout as delay } from 'node:timers/promises'
import type { MaintenancePlan } from '@sonde/core'
import type { Database } from './database.ts'
import { keepSession } from './listen.ts'
import { readMaintenancePlan } from './queries/maintenance.ts'

// A change is told at once (LISTEN); this is for a word that was lost, and for a database that did not answer.
const reconcileMs = 60_000
const retryMs = 1000

/** What is planned, as it is now. */
export type LiveMaintenance = {
  /** Another object after every change. */
  plan(): MaintenancePlan
  /** Resolves some time after the signal has aborted. */
  ended: Promise<unknown>
}

/**
 * Holds the maintenance windows in memory and follows every change of them, until `signal` aborts. `onTrouble` hears when they could
 * not be read or the connection was lost: what was read before holds until then. Rejects when they cannot be read at first.
 */
export async function followMaintenance(
  db: Database,
  options: { url: string; name: string; onTrouble: (error: Error) => void; signal: AbortSignal },
): Promise<LiveMaintenance> {
  const { url, name, onTrouble, signal } = options
  let plan = await readMaintenancePlan(db)
  let changed = Promise.withResolvers<void>()

  async function keepReading(): Promise<void> {
    while (!signal.aborted) {
      await Promise.race([changed.promise, delay(reconcileMs, undefined, { signal }).catch(() => undefined)])
      // In this order: a change while the windows are read has them read once more.
      changed = Promise.withResolvers()
      try {
        plan = await readMaintenancePlan(db)
      } catch (error) {
        onTrouble(error instanceof Error ? error : new Error(String(error)))
        await delay(retryMs, undefined, { signal }).catch(() => undefined)
        changed.resolve()
      }
    }
  }

  const listening = keepSession({
    url,
    name,
    channels: ['sonde_maintenance'],
    onConnect: async () => changed.resolve(),
    onNotification: () => changed.resolve(),
    onLost: onTrouble,
    signal,
  })
  return { plan: () => plan, ended: Promise.all([listening, keepReading()]) }
}
