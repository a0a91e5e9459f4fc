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
  const series: Omit<CheckSeries, 'verdict'>[] = []
  const verdicts = new Map<string, { policy: MetricState['check']['alerts']; ofRegions: MetricState['verdict'][] }>()
  const places = await regionPlaces(db)
  const rules = await readRuleStates(db, filter.checks)
  await readMetricStates(db, filter, (states) => {
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
        place: places.get(region),
        result: counted.result,
        incidents: rules.get(check.key),
        totals: counted.totals,
        histogram: {
          count: counted.durationCount,
          sumSeconds: counted.durationSumSeconds,
          buckets: counted.durationBuckets,
        },
      })
    }
  })
  return series.map((one) => {
    const votes = verdicts.get(one.check.key)
    return { ...one, verdict: votes === undefined ? 'unknown' : quorum(votes.ofRegions, votes.policy) }
  })
}
