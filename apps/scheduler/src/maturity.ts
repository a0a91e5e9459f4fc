import { type Check, durationMs } from '@sonde/core'

/**
 * How long after its slot a probe may still bring a result: a worker takes it until its interval is over, then needs its attempts,
 * which fit into another interval, and the way to the database is given a little, half an interval or 5 s.
 */
export function maturesAfterMs(check: Pick<Check, 'interval' | 'timeout' | 'retries'>): number {
  const intervalMs = durationMs(check.interval)
  const attemptsMs = Math.min(intervalMs, durationMs(check.timeout) * (check.retries + 1))
  return intervalMs + attemptsMs + Math.min(intervalMs / 2, 5000)
}
