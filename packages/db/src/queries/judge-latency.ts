import { Check, durationMs, judgeLatency, latencyRule, type RegionLatency, ruledCheck } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { openIncidents, writeDecision } from '../ingest/decisions.ts'
import { loadParents } from '../ingest/dependencies.ts'
import { type LatencyWindow, latenciesOfResults, latenciesOfRollups } from '../ingest/latencies.ts'
import type { IncidentChange } from '../ingest/tell.ts'

// One process at a time judges latency ("lat" in ASCII).
const latencyLock = 0x6c6174

// Up to here results themselves are few enough, and exact; beyond it the sums of five minutes do.
const resultsUpToMs = 3_600_000
// `slow_at` is noted to a quarter of the window.
const slackShare = 1.25
const longestWindowMs = 86_400_000

/** Judges the checks that had a slow result within their window, and those with an open incident: all others are fast. */
export function judgeLatencies(db: Pick<Database, 'transaction'>, nowMs: number): Promise<IncidentChange[]> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${latencyLock})`)
    const open = (await openIncidents(tx, ['latency'])).filter(({ checkId }) => checkId !== null)
    const since = new Date(nowMs - slackShare * longestWindowMs).toISOString()
    const { rows } = await tx.execute<{ id: number; doc: Check; slow_ms: number | null }>(
      sql`select c.id, c.doc, extract(epoch from s.slow_at)::float8 * 1000 as slow_ms from checks c
          left join (select check_id, max(slow_at) as slow_at from check_states where slow_at > ${since}::timestamptz group by check_id) s
            on s.check_id = c.id
          where c.id = any(array(select check_id from check_states where slow_at > ${since}::timestamptz
            union select unnest(${sql.param(open.map(({ checkId }) => checkId))}::int[])))`,
    )
    const isOpen = new Set(open.map(({ checkId }) => checkId))
    const candidates = rows
      .map(({ id, doc, slow_ms }) => ({ id, check: Check.safeParse(doc).data ?? doc, slowMs: slow_ms ?? 0 }))
      .filter(({ id, check, slowMs }) => {
        const windowMs = durationMs(latencyRule(check.alerts)?.over ?? '1m')
        return isOpen.has(id) || (latencyRule(check.alerts) !== undefined && nowMs - slowMs < slackShare * windowMs)
      })
    const windows = candidates.flatMap(({ id, check: { alerts } }): LatencyWindow[] => {
      const latency = latencyRule(alerts)
      if (latency === undefined) return []
      const { percentile, above, over } = latency
      return [{ checkId: id, q: percentile / 100, aboveMs: durationMs(above), overMs: durationMs(over) }]
    })
    const [short, long] = [windows.filter(isShort), windows.filter((window) => !isShort(window))]
    const latencies = new Map([
      ...(await latenciesOfResults(tx, short, nowMs)),
      ...(await latenciesOfRollups(tx, long, nowMs)),
    ])
    const parents = await loadParents(
      tx,
      candidates.map(({ id }) => id),
    )
    const changes: (IncidentChange | undefined)[] = []
    for (const { id, check } of candidates) {
      const own = open.find(({ checkId }) => checkId === id) ?? null
      const runsIn = ({ region }: RegionLatency) => check.regions.includes('*') || check.regions.includes(region)
      const facts = {
        check: ruledCheck(check),
        latencies: (latencies.get(id) ?? []).filter(runsIn),
        parents: parents.get(id) ?? [],
      }
      const judged = { rule: 'latency', checkId: id, about: check, open: own } as const
      changes.push((await writeDecision(tx, judged, judgeLatency(facts, own), nowMs))?.change)
    }
    return changes.filter((change) => change !== undefined)
  })
}

function isShort({ overMs }: LatencyWindow): boolean {
  return overMs <= resultsUpToMs
}
