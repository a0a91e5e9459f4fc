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
  /**
   * When the oldest of the jobs that wait or are in hand was added, ms since the epoch; undefined when there is none. Left out where the
   * server cannot tell in one answer.
   */
  oldestLeftMs?(name: string): Promise<number | undefined>
  /** What makes the server unfit to hold queues, in words that follow its name; undefined when nothing does. */
  problem(): Promise<string | undefined>
  close(): Promise<void>
}

/** How jobs are taken, on either backend. */
export const workerOptions = {
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

/** BullMQ's classes are emitters whose `error` must be listened to, or it ends the process. */
export function observed<Emitter extends { on(event: 'error', listener: (error: Error) => void): unknown }>(
  emitter: Emitter,
  onError: (error: Error) => void,
): Emitter {
  emitter.on('error', onError)
  return emitter
}
