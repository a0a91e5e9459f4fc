import { type Database, dropOldPartitions, forgetRunResults, forgetWorkers, makePartitions } from '@sonde/db'

/** What must be done now and then: tomorrow's partitions made, days past retention dropped, what is over forgotten. */
export async function upkeep(db: Database, now: number, retentionRawMs: number): Promise<{ dropped: string[] }> {
  await makePartitions(db, now)
  const dropped = await dropOldPartitions(db, now, retentionRawMs)
  await forgetRunResults(db)
  await forgetWorkers(db)
  return { dropped }
}
