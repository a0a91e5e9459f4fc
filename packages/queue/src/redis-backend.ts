import { Queue } from 'bullmq'
import { type Backend, observed, workerOptions } from './backend.ts'
import { PatientWorker } from './patient-worker.ts'
import { redisProblem } from './redis-check.ts'
import { connectRedis, pingRedis, queueNameIn } from './redis-connection.ts'

// One prefix for every key, so that an ACL can name what a region's worker may touch.
const prefix = 'sonde'

export function redisBackend(url: string, onError: (error: Error) => void): Backend {
  // Producers share a connection; each worker blocks on one of its own.
  const producers = connectRedis(url, 'produce')
  const connections = [producers]
  producers.on('error', onError)
  const options = (connection: typeof producers) => ({
    connection,
    prefix,
    // Asks INFO, which a worker's user may not run; the roles that may do the same check for all (redis-check.ts).
    skipVersionCheck: true,
  })
  return {
    queue: (name) =>
      observed(new Queue(queueNameIn(url, name), { ...options(producers), skipMetasUpdate: true }), onError),
    worker: (name, processor, concurrency) => {
      const connection = connectRedis(url, 'consume')
      connection.on('error', onError)
      connections.push(connection)
      const worker = new PatientWorker(queueNameIn(url, name), processor, {
        ...workerOptions,
        ...options(connection),
        concurrency,
      })
      return observed(worker, onError)
    },
    ping: () => pingRedis(producers),
    timeMs: async () => {
      const [seconds, microseconds] = await producers.time()
      return Number(seconds) * 1000 + Number(microseconds) / 1000
    },
    problem: () => redisProblem(producers),
    close: async () => {
      for (const connection of connections) connection.disconnect()
      await Promise.resolve()
    },
  }
}
