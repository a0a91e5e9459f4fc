import { createPostgresBackend, type PostgresConnectionOptions, Queue, runMigrations, Worker } from 'bullmq'
import pg from 'pg'
import { redisProblem } from './redis-check.ts'
import { connectRedis, pingRedis, queueNameIn } from './redis-connection.ts'

/** Where the queues live: a Redis, or the `bullmq` schema of a PostgreSQL. */
export type QueueLocation = { kind: 'redis'; url: string } | { kind: 'postgres'; url: string }

/** Redis where there is one, else PostgreSQL. */
export function queueLocation(settings: { databaseUrl: string; redisUrl: string | undefined }): QueueLocation {
  return settings.redisUrl === undefined
    ? { kind: 'postgres', url: settings.databaseUrl }
    : { kind: 'redis', url: settings.redisUrl }
}

export type RawJob = { id?: string | undefined; data: unknown; timestamp: number }
export type NewJob = {
  name: string
  data: unknown
  opts: {
    attempts: number
    /** When it was added, ms since the epoch. */
    timestamp: number
    jobId?: string
    /** Taken before what waits already. */
    lifo?: boolean
    removeOnComplete: true | { age: number }
  }
}

export type JobState = 'waiting' | 'active'

export type JobQueue = {
  addBulk(jobs: NewJob[]): Promise<unknown>
  getJobCounts(...states: JobState[]): Promise<Record<string, number>>
  /** Removes at most `limit` jobs that wait and were added `graceMs` or longer ago by this machine's clock; answers their ids. */
  clean(graceMs: number, limit: number, state: 'wait'): Promise<string[]>
  /** The ids of jobs in these states, in this order. */
  getRanges(states: JobState[], start: number, end: number, asc: boolean): Promise<string[]>
  getJobs(states: JobState[], start: number, end: number, asc: boolean): Promise<{ timestamp: number }[]>
  close(): Promise<void>
}
export type JobWorker = { close(force?: boolean): Promise<void>; waitUntilReady(): Promise<unknown> }

/** What differs between the two backends, and nothing else. */
export type Backend = {
  queue(name: string): JobQueue
  worker(name: string, processor: (job: RawJob) => Promise<void>, concurrency: number): JobWorker
  ping(): Promise<void>
  /** The server's clock, in ms since the epoch. */
  timeMs(): Promise<number>
  /** What makes the server unfit to hold queues, in words that follow its name; undefined when nothing does. */
  problem(): Promise<string | undefined>
  close(): Promise<void>
}

// One prefix for every key, so that an ACL can name what a region's worker may touch.
const prefix = 'sonde'

const workerOptions = {
  // A worker that was killed loses its jobs after 15 s, and is found out within 5 s more.
  lockDuration: 15_000,
  stalledInterval: 5_000,
  // Until it asks again for a job when that failed, as it does while a replica takes over; by default 15 s.
  runRetryDelay: 1000,
  // A job that stalls time and again is kept trying: whoever takes it tells its late slots as missed.
  maxStalledCount: 100,
  // Kept for a look at what went wrong; each has been logged when it failed.
  removeOnFail: { age: 86_400, count: 1000 },
}

export function openBackend(location: QueueLocation, onError: (error: Error) => void): Backend {
  return location.kind === 'redis' ? redisBackend(location.url, onError) : postgresBackend(location.url, onError)
}

function redisBackend(url: string, onError: (error: Error) => void): Backend {
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
      const worker = new Worker(queueNameIn(url, name), processor, {
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

function postgresBackend(url: string, onError: (error: Error) => void): Backend {
  // One pool for all queues of this process; a worker holds one of its connections for LISTEN.
  const pool = new pg.Pool({
    connectionString: url,
    options: '-c search_path=bullmq',
    application_name: 'sonde-queue',
    max: 6,
    connectionTimeoutMillis: 10_000,
    // As in packages/db: a statement has an end there, and one whose answer does not come here, on a connection that died.
    statement_timeout: 10_000,
    query_timeout: 12_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  })
  pool.on('error', onError)
  // The pool listens to idle clients alone; one that breaks while BullMQ has it would end the process.
  pool.on('connect', (client) => client.on('error', onError))
  // BullMQ describes the part of pg.Pool that it uses in types of its own, which are narrower than pg's.
  const connection = pool as PostgresConnectionOptions
  return {
    queue: (name) => observed(new Queue(name, { connection, skipMetasUpdate: true }, createPostgresBackend), onError),
    worker: (name, processor, concurrency) =>
      observed(
        new Worker(name, processor, { ...workerOptions, connection, concurrency }, createPostgresBackend),
        onError,
      ),
    ping: async () => {
      await pool.query('select 1')
    },
    timeMs: async () => {
      const { rows } = await pool.query<{ ms: string }>('select extract(epoch from clock_timestamp()) * 1000 as ms')
      return Number(rows[0]?.ms)
    },
    // The roles look at the database themselves.
    problem: async () => undefined,
    close: () => pool.end(),
  }
}

/** BullMQ's classes are emitters whose `error` must be listened to, or it ends the process. */
function observed<Emitter extends { on(event: 'error', listener: (error: Error) => void): unknown }>(
  emitter: Emitter,
  onError: (error: Error) => void,
): Emitter {
  emitter.on('error', onError)
  return emitter
}

/** Makes or upgrades BullMQ's own tables; the PostgreSQL backend does not work without them. */
export async function migrateQueue(client: pg.ClientBase): Promise<void> {
  await runMigrations(client)
}
