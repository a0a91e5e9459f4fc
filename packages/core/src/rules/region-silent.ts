import { formatDuration } from '../duration.ts'
import { type Decision, nothing, type OpenIncident, withdrawn } from './decision.ts'
import { handful } from './region-weight.ts'

export type RegionSilentFacts = {
  region: string
  /** Enabled checks that run there. */
  checks: number
  /** Of these, how many have had no result for as many slots as their policies say. */
  withoutData: number
  /** When a worker of the region was last heard of; null when there never was one. */
  heardMs: number | null
  /** Since when somebody waits for a word of it: no longer than it has been there, or than somebody has been there to hear. */
  waitedSinceMs: number
  /** Since when somebody judges: what nobody ran before that is the fault of whoever was not there. */
  judgedSinceMs: number
  /** Nothing at all has come from it since then, though a handful of its checks were due; null while results come. */
  stillSinceMs: number | null
}

// Workers say that they live every 5 s. A restart or an upgrade of the only one takes less than this.
const silentAfterMs = 60_000
const nearlyAllShare = 0.9

/**
 * Judges whether a region that has checks is silent: no worker of it has been heard of for a minute, or its workers live and bring no
 * results of nearly all its checks, or for a minute none at all, as when nobody schedules. It is resolved when a worker is heard of and results come.
 */
export function judgeRegionSilent(facts: RegionSilentFacts, open: OpenIncident | null, nowMs: number): Decision {
  const { region, checks, withoutData, heardMs, waitedSinceMs, judgedSinceMs, stillSinceMs } = facts
  if (checks === 0) return withdrawn(open, 'it has no checks any more')
  const noWorker = nowMs - waitedSinceMs >= silentAfterMs
  const isStill = stillSinceMs !== null && nowMs - stillSinceMs >= silentAfterMs
  const isWithout = withoutData >= handful && withoutData >= nearlyAllShare * checks
  const noResults = isStill || (nowMs - judgedSinceMs >= silentAfterMs && isWithout)
  // A worker that is back has its first results in a moment.
  const stillSilent =
    open !== null && (stillSinceMs !== null || (withoutData > 0 && withoutData >= nearlyAllShare * checks))
  if (!noWorker && !noResults && !stillSilent) {
    if (open === null) return nothing('it works')
    const regions = [{ region, state: 'up' as const, code: null, message: null }]
    return { action: 'resolve', subject: region, regions, why: 'its workers are heard of, and results come' }
  }
  if (open !== null) {
    if (open.memory['checks'] === checks) return nothing('it is silent as before')
    const memory = { ...open.memory, checks }
    return {
      action: 'update',
      subject: region,
      facts: { ...open, regions: [...open.regions], memory },
      tell: false,
      why: 'other checks run there',
    }
  }
  const code = noWorker ? 'no_worker' : 'no_data'
  const heard =
    heardMs === null
      ? 'it has had no worker yet'
      : `no worker of it has been heard of for ${secondsOf(nowMs - heardMs)}`
  const without = isStill
    ? `none of its checks has had a result for ${secondsOf(nowMs - stillSinceMs)}`
    : `${withoutData} of its checks have no results`
  const what = noWorker ? heard : `its workers live, and ${without}`
  const summary = `${region} is silent: ${what}. ${checks} check${checks === 1 ? ' is' : 's are'} not watched from there`
  return {
    action: 'open',
    subject: region,
    facts: {
      code,
      summary,
      cause: noWorker
        ? 'The workers of the region do not run, or do not reach the queue.'
        : isStill
          ? 'Nobody hands out slots, or what the workers found is not written: Sonde itself stands still.'
          : 'The workers are heard of, but their jobs do not reach them, take too long, or their results are not written.',
      remedy: noWorker
        ? `Start a worker with SONDE_REGION=${region}, and look at its log for what the queue answers. A region that is gone for good is deleted by DELETE /api/v1/regions/${region}.`
        : 'Look at the logs of the scheduler, the workers and the ingester, and at sonde_queue_depth and sonde_queue_oldest_age_seconds.',
      regions: [{ region, state: 'down', code, message: summary }],
      memory: { checks },
    },
    why: summary,
  }
}

function secondsOf(ms: number): string {
  return formatDuration(Math.floor(ms / 1000) * 1000)
}
