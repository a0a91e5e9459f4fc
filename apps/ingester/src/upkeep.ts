import {
  compactDays,
  type Database,
  dropOldDays,
  dropOldPartitions,
  forgetRunResults,
  forgetWorkers,
  makePartitions,
  type PartitionedTable,
} from '@sonde/db'
import type { Retention } from './config.ts'

/** What must be done now and then: tomorrow's partitions made, what is past retention dropped, what is over forgotten. */
export async function upkeep(
  db: Database,
  now: number,
  retention: Retention,
): Promise<{ dropped: string[]; compacted: string[] }> {
  await makePartitions(db, now)
  const keptMs: Record<PartitionedTable, number> = {
    results: retention.rawMs,
    result_details: retention.rawMs,
    rollups_5m: retention.fiveMinutesMs,
    rollups_1h: retention.hoursMs,
  }
  const dropped: string[] = []
  for (const table of Object.keys(keptMs) as PartitionedTable[]) {
    dropped.push(...(await dropOldPartitions(db, table, now, keptMs[table])))
  }
  if (retention.daysMs !== undefined) await dropOldDays(db, now, retention.daysMs)
  const compacted = await compactDays(db, now)
  await forgetRunResults(db)
  await forgetWorkers(db)
  return { dropped, compacted }
}
