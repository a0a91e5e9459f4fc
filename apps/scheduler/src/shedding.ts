import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { probesQueue, type Queues } from '@sonde/queue'
import type { Scheduled } from './batches.ts'
import { tickMs } from './turn.ts'

const everyMs = 5000

// With checks of a day's interval a batch is of use for a day; what is kept of them is bounded too. This many are 64,000 probes.
const mostJobs = 1000

type Shedder = {
  queues: Queues
  entries: () => Iterable<Scheduled>
  lookaheadMs: number
  /** Only one scheduler need do it. */
  isLeading: () => boolean
  onShed: (region: string, jobs: number) => void
  log: Logger
  signal: AbortSignal
}

/**
 * Keeps the queues of regions whose workers are too slow or gone from growing, until `signal` aborts: every 5 s, batches are
 * dropped whose slots are all over, and of what is left the oldest beyond a thousand. Their slots have been noted as due, so the
 * sweep tells them as missed.
 */
export async function keepShedding(shedder: Shedder): Promise<void> {
  const { isLeading, log, signal } = shedder
  // Also those that are retired meanwhile: nobody will take what still waits there.
  const known = new Set<string>()
  while (!signal.aborted) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted || !isLeading()) continue
    const longest = longestIntervalsMs(shedder.entries())
    for (const region of longest.keys()) known.add(region)
    try {
      for (const region of known) await shed(shedder, region, longest.get(region) ?? 0)
    } catch (error) {
      log.warn({ err: error }, 'shedding')
    }
  }
}

async function shed({ queues, lookaheadMs, onShed, log }: Shedder, region: string, longestMs: number): Promise<void> {
  const olderThanMs = lookaheadMs + tickMs + longestMs
  const jobs = await queues.shed(probesQueue(region), { olderThanMs, keep: mostJobs })
  if (jobs === 0) return
  onShed(region, jobs)
  log.warn({ region, jobs }, 'dropped batches that no worker took in time; their slots are told as missed')
}

/** By region, the longest that a slot of it may be run late. */
export function longestIntervalsMs(entries: Iterable<Scheduled>): Map<string, number> {
  const longest = new Map<string, number>()
  for (const { cadences } of entries) {
    for (const [region, { intervalMs }] of cadences) longest.set(region, Math.max(longest.get(region) ?? 0, intervalMs))
  }
  return longest
}
