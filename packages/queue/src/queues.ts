import { setTimeout as delay } from 'node:timers/promises'
import { problemsOf } from '@sonde/core'
import { UnrecoverableError } from 'bullmq'
import type { z } from 'zod'
import type { Backend, JobQueue, JobState, JobWorker, QueueLocation } from './backend.ts'
import { ServerClock } from './clock.ts'
import { openBackend } from './open-backend.ts'
import { packed, unpacked } from './packed.ts'
import { redisName, redisReason } from './redis-connection.ts'

/** A queue: its name, the schema that every payload taken from it must match, and the order in which jobs are taken. */
export type QueueDefinition<Schema extends z.ZodType> = {
  name: string
  schema: Schema
  /** Which of the jobs that wait is taken next; by default the one that waits longest. */
  first?: 'oldest' | 'newest'
}

export type Outgoing<Data> = {
  /** A job whose id stands in the queue already, or did within the last minute, is not added again. */
  id?: string
  data: Data
}

/** Thrown by a handler to say that trying again cannot help. */
export class Unprocessable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Unprocessable'
  }
}

export type Consumer = {
  /** Takes no more jobs and waits for those in hand. */
  close(): Promise<void>
}

export type Queues = {
  /** The server's clock; followed from `assertUsable` on. */
  clock: ServerClock
  /** Adds all jobs in one round trip; rejects when the backend does not take them. */
  send<Schema extends z.ZodType>(queue: QueueDefinition<Schema>, jobs: Outgoing<z.input<Schema>>[]): Promise<void>
  /**
   * Runs `handler` on each job, at most `concurrency` at once. A job is done when the handler resolves, and goes back to the
   * queue at once when it rejects. One that does not match the schema, or is rejected as Unprocessable, is set aside as failed
   * and told to `onError`.
   */
  consume<Schema extends z.ZodType>(
    queue: QueueDefinition<Schema>,
    handler: (data: z.output<Schema>, job: { addedAtMs: number }) => Promise<void>,
    options: { concurrency: number },
  ): Promise<Consumer>
  /** Jobs of a queue that wait or are in hand. */
  depth(queue: QueueDefinition<z.ZodType>): Promise<number>
  /** Jobs of a queue that nobody has taken yet. */
  waiting(queue: QueueDefinition<z.ZodType>): Promise<number>
  /**
   * The instant, by the server's clock, up to which all jobs that were added are done: none of them waits or is in anyone's hand.
   * 0 when too much goes on to say.
   */
  doneUpTo(queue: QueueDefinition<z.ZodType>): Promise<number>
  /** How long the job that waits longest has been in a queue, in ms; 0 when none waits. */
  oldestAgeMs(queue: QueueDefinition<z.ZodType>): Promise<number>
  /**
   * Drops jobs that nobody has taken: those that were added longer ago than `olderThanMs`, and the oldest beyond `keep`. Answers how
   * many they were.
   */
  shed(queue: QueueDefinition<z.ZodType>, bounds: { olderThanMs: number; keep: number }): Promise<number>
  /** Rejects with one clear line when the backend does not answer within 5 s. */
  ping(): Promise<void>
  /** Rejects with one clear line when the backend does not answer, or is not fit to hold queues. For the start of a role. */
  assertUsable(): Promise<void>
  close(): Promise<void>
}

// For an answer that is a matter of milliseconds; a start that waits longer had better fail, and be tried again.
const patienceMs = 5000

/** Opens the queues at `location`; `onError` hears of connections that break and of jobs that fail. */
export function openQueues(location: QueueLocation, onError: (error: Error) => void): Queues {
  // Until the first answer a broken connection is told by whoever asked for it, once, and not by every attempt.
  let answered = false
  let lastError: Error | undefined
  const backend: Backend = openBackend(
    location,
    (error) => {
      lastError = error
      if (answered) onError(error)
    },
    () => clock.now(),
  )
  const clock = new ServerClock(() => backend.timeMs(), onError)
  const producers = new Map<string, JobQueue>()
  const workers = new Set<JobWorker>()

  const producer = (name: string): JobQueue => {
    const queue = producers.get(name) ?? backend.queue(name)
    producers.set(name, queue)
    return queue
  }

  const count = async (name: string, states: JobState[]): Promise<number> =>
    Object.values(await producer(name).getJobCounts(...states)).reduce((sum, of) => sum + of, 0)

  /**
   * When the jobs at both ends of a list were added: the oldest is one of them, or was taken with it. Undefined when the list
   * changed meanwhile.
   */
  const endsOf = async (name: string, state: JobState): Promise<number[] | undefined> => {
    const length = await count(name, [state])
    const ends = [...new Set([0, length - 1])].filter((index) => index >= 0 && length > 0)
    const jobs = await Promise.all(ends.map((index) => producer(name).getJobs([state], index, index, false)))
    return jobs.every((found) => found.length === 1) ? jobs.flat().map(({ timestamp }) => timestamp) : undefined
  }

  const oldestAgeMs = async ({ name }: QueueDefinition<z.ZodType>): Promise<number> => {
    const last = (await count(name, ['waiting'])) - 1
    if (last < 0) return 0
    // Jobs come in the order in which they are taken, the next one last, on either backend: the oldest is at one of the ends.
    const ends = await Promise.all(
      [...new Set([0, last])].map((index) => producer(name).getJobs(['waiting'], index, index, false)),
    )
    // One that is taken and done meanwhile is a hole in the list.
    const jobs: ({ timestamp: number } | undefined)[] = ends.flat()
    return Math.max(0, ...jobs.map((job) => (job === undefined ? 0 : clock.now() - job.timestamp)))
  }

  const ping = async (): Promise<void> => {
    try {
      await within(patienceMs, backend.ping())
      answered = true
    } catch (error) {
      throw new Error(
        `${variableOf(location)}: no connection to ${serverOf(location)}: ${reasonOf(lastError ?? error)}`,
        {
          cause: error,
        },
      )
    }
  }

  return {
    clock,
    ping,

    async assertUsable() {
      await ping()
      const problem = await within(patienceMs, backend.problem())
      if (problem !== undefined) throw new Error(`${variableOf(location)}: ${serverOf(location)} ${problem}`)
      await clock.follow()
    },

    async send({ name, first }, jobs) {
      if (jobs.length === 0) return
      const timestamp = Math.round(clock.now())
      await producer(name).addBulk(
        jobs.map(({ id, data }) => ({
          name,
          data: packed(data),
          opts: {
            attempts: 1_000_000,
            timestamp,
            // Kept for a minute after it was done: longer than a scheduler that takes over looks back.
            ...(id === undefined ? { removeOnComplete: true as const } : { jobId: id, removeOnComplete: { age: 60 } }),
            ...(first === 'newest' ? { lifo: true } : {}),
          },
        })),
      )
    },

    async consume({ name, schema }, handler, { concurrency }) {
      const inHand = new Set<string | undefined>()
      const worker = backend.worker(
        name,
        async (job) => {
          inHand.add(job.id)
          try {
            const parsed = schema.safeParse(read(job))
            if (!parsed.success)
              throw new Unprocessable(
                `its payload does not match: ${problemsOf(parsed.error)[0]?.path}: ${problemsOf(parsed.error)[0]?.message}`,
              )
            await handler(parsed.data, { addedAtMs: job.timestamp })
          } catch (error) {
            if (!(error instanceof Unprocessable)) throw error
            const failure = `job ${job.id} of queue ${name} is set aside: ${error.message}`
            onError(new Error(failure, { cause: error }))
            throw new UnrecoverableError(failure)
          } finally {
            inHand.delete(job.id)
          }
        },
        concurrency,
      )
      workers.add(worker)
      await within(patienceMs, worker.waitUntilReady())
      return {
        close: async () => {
          const closed = worker.close()
          // A server that has gone would be waited for until it is back.
          const givenUp = new AbortController()
          await Promise.race([closed, emptyFor(inHand, 2000, givenUp.signal)]).finally(() => givenUp.abort())
          workers.delete(worker)
        },
      }
    },

    depth: ({ name }) => count(name, ['waiting', 'active']),
    oldestAgeMs,
    waiting: ({ name }) => count(name, ['waiting']),
    async doneUpTo({ name }) {
      const asked = clock.now()
      if (backend.oldestLeftMs !== undefined) return Math.min(asked, (await backend.oldestLeftMs(name)) ?? asked)
      // Mostly nothing is there, and one question tells. In this order, as a job goes from waiting to active and, when its handler
      // rejects, to and fro: it is met at one of them.
      const states = ['waiting', 'active', 'waiting', 'active'] as const
      if ((await producer(name).getRanges([...states], 0, 0, false)).length === 0) return asked
      for (let tries = 0; tries < 10; tries++) {
        const now = clock.now()
        const found: (number[] | undefined)[] = []
        for (const state of states) found.push(await endsOf(name, state))
        if (found.every((ends) => ends !== undefined)) return Math.min(now, ...found.flat())
      }
      return 0
    },

    async shed(queue, { olderThanMs, keep }) {
      const { name, first } = queue
      const waiting = await count(name, ['waiting'])
      if (waiting === 0) return 0
      let beforeMs = clock.now() - olderThanMs
      if (waiting > keep) {
        const newestToGo = first === 'newest' ? waiting - keep - 1 : keep
        const [job] = await producer(name).getJobs(['waiting'], newestToGo, newestToGo, false)
        beforeMs = Math.max(beforeMs, job?.timestamp ?? 0)
      } else if ((await oldestAgeMs(queue)) <= olderThanMs) return 0
      // BullMQ takes the age from this machine's clock, whatever that says.
      return (await producer(name).clean(Date.now() - Math.ceil(beforeMs), 0, 'wait')).length
    },

    async close() {
      clock.close()
      // Whatever has to do with a server that has gone would wait for it to come back before it closes.
      const closed = [
        ...[...workers].map((worker) => worker.close(true)),
        ...[...producers.values()].map((queue) => queue.close()),
      ]
      await Promise.race([Promise.all(closed), delay(2000)])
      await Promise.race([backend.close(), delay(2000)])
    },
  }
}

function read(job: { data: unknown }): unknown {
  try {
    return unpacked(job.data)
  } catch (error) {
    throw new Unprocessable(`its payload cannot be unpacked: ${String(error)}`, { cause: error })
  }
}

function variableOf({ kind }: QueueLocation): string {
  return kind === 'redis' ? 'REDIS_URL' : 'DATABASE_URL'
}

function serverOf({ kind, url }: QueueLocation): string {
  if (kind === 'redis') return redisName(url)
  const { hostname, port, pathname } = new URL(url)
  return `PostgreSQL at ${hostname}:${port || 5432}${pathname}`
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error instanceof Error ? redisReason(error) : String(error)
}

/** Resolves when nothing has been in the set for so long. */
async function emptyFor(set: ReadonlySet<unknown>, ms: number, signal: AbortSignal): Promise<void> {
  const stepMs = 100
  for (let emptyMs = 0; emptyMs < ms && !signal.aborted; emptyMs = set.size === 0 ? emptyMs + stepMs : 0) {
    await delay(stepMs, undefined, { signal }).catch(() => undefined)
  }
}

async function within<Value>(ms: number, answer: Promise<Value>): Promise<Value> {
  const patience = new AbortController()
  const timeout = delay(ms, undefined, { signal: patience.signal }).then(
    () => Promise.reject(new Error(`no answer within ${ms} ms`)),
    () => new Promise<never>(() => undefined),
  )
  try {
    return await Promise.race([answer, timeout])
  } finally {
    patience.abort()
  }
}
