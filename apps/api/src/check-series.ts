import { durationMs, quorum } from '@sonde/core'
import {
  type Database,
  type MetricFilter,
  type MetricState,
  readMetricStates,
  readRuleStates,
  regionPlaces,
} from '@sonde/db'
import type { CheckSeries } from '@sonde/metrics'
import { staleIntervals } from './standing.ts'

/** The series of the checks that are enabled and have fresh results, each with the verdict of the whole check. */
export async function readCheckSeries(db: Database, filter: MetricFilter, now: number): Promise<CheckSeries[]> {
  const series: CheckSeries[] = []
  const verdicts = new Map<string, { policy: MetricState['check']['alerts']; ofRegions: MetricState['verdict'][] }>()
  const readStates = readMetricStates(db, filter, (states) => {
    for (const state of states) {
      const { check, region, verdict, lastSlotMs, counted } = state
      const intervalMs = durationMs(check.interval)
      if (lastSlotMs === null || lastSlotMs + staleIntervals * intervalMs < now) continue
      const votes = verdicts.get(check.key)
      if (votes === undefined) verdicts.set(check.key, { policy: check.alerts, ofRegions: [verdict] })
      else votes.ofRegions.push(verdict)
      if (counted === null) continue
      series.push({
        check: {
          key: check.key,
          name: check.name,
          kind: check.kind,
          target: check.target,
          intervalMs,
          timeoutMs: durationMs(check.timeout),
          labels: check.labels,
        },
        region,
        place: undefined,
        result: counted.result,
        verdict: 'unknown',
        incidents: undefined,
        totals: counted.totals,
        histogram: {
          count: counted.durationCount,
          sumSeconds: counted.durationSumSeconds,
          buckets: counted.durationBuckets,
        },
      })
    }
  })
  const [places, rules] = await Promise.all([regionPlaces(db), readRuleStates(db, filter.checks), readStates])
  for (const one of series) {
    one.place = places.get(one.region)
    one.incidents = rules.get(one.check.key)
    const votes = verdicts.get(one.check.key)
    if (votes !== undefined) one.verdict = quorum(votes.ofRegions, votes.policy)
  }
  return series
}
