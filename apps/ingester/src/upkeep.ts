import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import {
  compactDays,
  type Database,
  type DatabaseHandle,
  dropOldDays,
  dropOldPartitions,
  endChains,
  forgetCertificates,
  forgetEvents,
  forgetGroups,
  forgetIncidents,
  forgetRunResults,
  forgetSilences,
  forgetWorkers,
  makePartitions,
  type PartitionedTable,
  type Queryable,
  settleStrays,
} from '@sonde/db'
import type { Retention } from './config.ts'

const everyMs = 3_600_000

// What did not go, as when a backup held a lock for long, is tried again before long: partitions stand three days ahead.
const retryMs = 60_000

// Any two ingesters must agree on this number ("sonu" in ASCII).
const upkeepLock = 0x736f6e75

/**
 * Does the upkeep at once and then every hour, or every minute while a part of it fails, until `signal` aborts. It never holds up
 * whoever takes results: without a partition of their time they go to the default one.
 */
export async function keepUp(
  handle: DatabaseHandle,
  log: Logger,
  retention: Retention,
  now: () => number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { failures, ...done } = await upkeep(handle, now(), retention, signal)
    if (signal.aborted) return
    for (const { step, error } of failures) log.warn({ err: error }, `upkeep: ${step}`)
    if (done.dropped.length + done.compacted.length > 0) log.info(done, 'upkeep')
    const failed = failures.length > 0
    await delay(failed ? retryMs : everyMs, undefined, { signal }).catch(() => undefined)
  }
}

export type Upkeep = { dropped: string[]; compacted: string[]; failures: { step: string; error: unknown }[] }

/**
 * What must be done now and then: tomorrow's partitions made, what is past retention dropped, what is over compacted and what nobody
 * asks for forgotten. A step that fails keeps none of the others from being done. Days are compacted by one process at a time.
 */
export async function upkeep(
  handle: DatabaseHandle,
  now: number,
  retention: Retention,
  signal: AbortSignal,
): Promise<Upkeep> {
  const { db } = handle
  const done: Upkeep = { dropped: [], compacted: [], failures: [] }
  const attempt = async (step: string, work: () => Promise<unknown>) => {
    if (signal.aborted) return
    await work().catch((error: unknown) => done.failures.push({ step, error }))
  }
  await attempt('making partitions', () => makePartitions(db, now))
  for (const [table, keptMs] of Object.entries(keptMsOf(retention)) as [PartitionedTable, number][]) {
    await attempt(`dropping old partitions of ${table}`, async () =>
      done.dropped.push(...(await dropOldPartitions(db, table, now, keptMs))),
    )
    await attempt(`moving stray rows of ${table}`, () => settleStrays(db, table, now, keptMs))
  }
  await attempt('forgetting', () => forget(db, now, retention))
  await attempt('compacting', async () => {
    const compact = (own: Queryable) => compactDays(own, now, signal)
    done.compacted.push(...((await handle.onlyOne(upkeepLock, compact, signal)) ?? []))
  })
  return done
}

function keptMsOf(retention: Retention): Record<PartitionedTable, number> {
  return {
    results: retention.rawMs,
    result_details: retention.rawMs,
    rollups_5m: retention.fiveMinutesMs,
    rollups_1h: retention.hoursMs,
  }
}

async function forget(db: Database, now: number, { hoursMs, daysMs, incidentsMs }: Retention): Promise<void> {
  await dropOldDays(db, now, { keptMs: daysMs, keptOfDeletedMs: hoursMs })
  await forgetEvents(db, now - hoursMs)
  await endChains(db)
  await forgetCertificates(db, now - hoursMs)
  await forgetRunResults(db)
  await forgetIncidents(db, incidentsMs)
  await forgetSilences(db, incidentsMs)
  await forgetGroups(db)
  await forgetWorkers(db)
}
