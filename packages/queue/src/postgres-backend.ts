import { createPostgresBackend, Queue } from 'bullmq'
import pg from 'pg'
import { type Backend, type NewJob, observed, workerOptions } from './backend.ts'
import { PatientWorker } from './patient-worker.ts'
import { queuePool } from './postgres-pool.ts'

/** `now` is the server's time, in ms since the epoch. */
export function postgresBackend(url: string, onError: (error: Error) => void, now: () => number): Backend {
  // One pool for all queues of this process; a worker holds one of its connections for LISTEN.
  const pool = new pg.Pool({
    connectionString: url,
    // What a crash of the server takes along of its last half second is what a Redis would lose too: batches that are told as missed,
    // results with the jobs that brought them. Whatever must last is committed by others, and takes what was before it along.
    options: '-c search_path=bullmq -c synchronous_commit=off',
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
  const connection = queuePool(pool, now)
  return {
    queue: (name) => {
      const queue = observed(new Queue(name, { connection, skipMetasUpdate: true }, createPostgresBackend), onError)
      // BullMQ's way to add several makes two tables for it and drops them, which costs the server more than so many statements.
      const addBulk = (jobs: NewJob[]) => Promise.all(jobs.map(({ name, data, opts }) => queue.add(name, data, opts)))
      return Object.assign(queue, { addBulk })
    },
    worker: (name, processor, concurrency) =>
      observed(
        new PatientWorker(name, processor, { ...workerOptions, connection, concurrency }, createPostgresBackend),
        onError,
      ),
    ping: async () => {
      await pool.query('select 1')
    },
    timeMs: async () => {
      const { rows } = await pool.query<{ ms: string }>('select extract(epoch from clock_timestamp()) * 1000 as ms')
      return Number(rows[0]?.ms)
    },
    oldestLeftMs: async (name) => {
      const { rows } = await pool.query<{ ms: string | null }>(
        "select min(added_at_ms) as ms from job where queue = $1 and state in ('waiting', 'active')",
        [name],
      )
      const ms = rows[0]?.ms ?? null
      return ms === null ? undefined : Number(ms)
    },
    // The roles look at the database themselves.
    problem: async () => undefined,
    close: () => pool.end(),
  }
}
