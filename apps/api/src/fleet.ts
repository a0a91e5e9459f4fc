import { aliveMs, type Database, listRegions, regionNames } from '@sonde/db'
import type { ReadGauge } from '@sonde/metrics'
import { probesQueue, type Queues, resultsQueue } from '@sonde/queue'

/** Where the metrics of all of Sonde are read: queues by name, live workers by region. */
export function fleetReaders(
  db: Database,
  queues: Queues,
): { depths: ReadGauge; oldestAges: ReadGauge; workers: ReadGauge } {
  const ofQueues = async (read: (queue: Parameters<Queues['depth']>[0]) => Promise<number>) => {
    const all = [resultsQueue, ...(await regionNames(db)).map(probesQueue)]
    return Object.fromEntries(await Promise.all(all.map(async (queue) => [queue.name, await read(queue)] as const)))
  }
  return {
    depths: () => ofQueues(queues.depth),
    oldestAges: () => ofQueues(async (queue) => (await queues.oldestAgeMs(queue)) / 1000),
    workers: async () =>
      Object.fromEntries((await listRegions(db, aliveMs)).map(({ name, workers }) => [name, workers.length])),
  }
}
