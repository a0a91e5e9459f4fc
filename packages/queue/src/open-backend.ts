import type { Backend, QueueLocation } from './backend.ts'
import { postgresBackend } from './postgres-backend.ts'
import { redisBackend } from './redis-backend.ts'

/** The queues at `location`; `onError` hears of connections that break, `now` is the server's time in ms since the epoch. */
export function openBackend(location: QueueLocation, onError: (error: Error) => void, now: () => number): Backend {
  const { kind, url } = location
  return kind === 'redis' ? redisBackend(url, onError) : postgresBackend(url, onError, now)
}
