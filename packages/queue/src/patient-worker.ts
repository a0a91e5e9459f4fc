import { setTimeout as delay } from 'node:timers/promises'
import {
  type ConnectionOptions,
  type IQueueBackend,
  isNotConnectionError,
  type JobProgress,
  type RedisQueueBackend,
  Worker,
} from 'bullmq'
import { workerOptions } from './backend.ts'

/**
 * BullMQ's worker, which waits before it asks for a job again when it was refused one. BullMQ waits where there is no connection
 * alone: a server that answers and refuses (a password that was changed, a database that is gone, too many connections, a right that
 * was taken) it would ask thousands of times a second, with a new login each time.
 */
export class PatientWorker<
  Kind extends IQueueBackend = RedisQueueBackend,
  Connection = ConnectionOptions,
> extends Worker<unknown, void, string, Kind, JobProgress, Connection> {
  protected override async moveToActive(token: string, name?: string) {
    try {
      return await super.moveToActive(token, name)
    } catch (error) {
      if (isNotConnectionError(error as Error) && this.closing === undefined) await delay(workerOptions.runRetryDelay)
      throw error
    }
  }
}
