import { Readable } from 'node:stream'
import { durationMs, quorum } from '@sonde/core'
import { listStates, type StateRow } from '@sonde/db'
import { type CheckSeries, expositionContentType, writeCheckSeries } from '@sonde/metrics'
import type { ApiInstance, ApiServices } from '../app.ts'
import { requireToken } from '../auth.ts'

// A check that has had no result for this many intervals is not shown: a stale value would look like a true one.
const staleIntervals = 3

/** Every check's series, from the state rows, and this process's own. */
export function metricsRoutes(
  app: ApiInstance,
  { db, registry }: ApiServices,
  options: { token: string | undefined; job: string | undefined },
): void {
  const hooks = options.token === undefined ? {} : { onRequest: requireToken(options.token) }
  app.get('/metrics', { ...hooks, schema: { hide: true } }, async (_, reply) => {
    const series = seriesOf(await listStates(db), Date.now())
    const own = await registry.metrics()
    return reply.type(expositionContentType).send(Readable.from(chunks(series, own)))
  })

  function* chunks(series: CheckSeries[], own: string): Generator<string> {
    yield* writeCheckSeries(series, { job: options.job })
    yield own
  }
}

/** The series of the checks that are enabled and have fresh results, each with the verdict of the whole check. */
export function seriesOf(rows: readonly StateRow[], now: number): CheckSeries[] {
  const shown = rows.filter(({ check, state }) => {
    const newest = state.lastSlot?.getTime() ?? 0
    return check.enabled && newest + staleIntervals * durationMs(check.interval) >= now
  })
  const verdicts = Map.groupBy(shown, ({ check }) => check.key)
  return shown.map(({ check, region, state }) => ({
    check: {
      key: check.key,
      name: check.name,
      kind: check.kind,
      target: check.target,
      intervalMs: durationMs(check.interval),
      timeoutMs: durationMs(check.timeout),
      labels: check.labels,
    },
    region,
    result: state.lastResult,
    verdict: quorum(
      (verdicts.get(check.key) ?? []).map((row) => row.state.verdict),
      check.alerts,
    ),
    totals: state.totals,
    histogram: { count: state.durationCount, sumSeconds: state.durationSumSeconds, buckets: state.durationBuckets },
  }))
}
