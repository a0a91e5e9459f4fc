import {
  type Check,
  type DetailMark,
  type Folded,
  type OpenSpan,
  type RegionState,
  type Result,
  type Rollup,
  type RuleMemory,
  type SeenChain,
  type StateValues,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { tableOf } from './columns.ts'
import type { Group, Row } from './rows.ts'

/** The open span as it is stored: counts as they are, latencies as base64. */
type StoredSpan = { startMs: number; latency: string } & Omit<Rollup, 'latency'>

type StateRow = {
  check_id: number
  region_id: number
  error: Result['error']
  verdict: RegionState['verdict']
  failures: number
  successes: number
  missed: number
  outcomes: string
  last_slot: Date | null
  since: Date | null
  totals: Record<string, number>
  duration_count: string
  duration_sum_seconds: number
  duration_buckets: string
  detail: DetailMark | null
  open_span: StoredSpan | null
  chain: SeenChain | null
  slow_at: Date | null
  memory: RuleMemory | null
}

/** Locks the states of what the rows speak of, in one order for all: overlapping chunks wait for each other instead of deadlocking. */
export async function lockStates(
  tx: Queryable,
  rows: readonly Row[],
  checks: ReadonlyMap<number, Check>,
): Promise<Group[]> {
  const results = Map.groupBy(rows, ({ checkId, regionId }) => `${checkId} ${regionId}`)
  if (results.size === 0) return []
  const keys = tableOf(
    'k',
    { check_id: 'int', region_id: 'smallint' },
    [...results.values()].map(([row]) => ({ check_id: row?.checkId, region_id: row?.regionId })),
  )
  const lock = () =>
    tx.execute<StateRow>(
      sql`select s.check_id, s.region_id, verdict, failures, successes, missed, outcomes, last_slot, since, totals, duration_count,
            duration_sum_seconds, duration_buckets::text, detail, open_span, chain, slow_at, memory,
            case when failures > 0 or missed > 0 then recent->'error' end as error
          from check_states s join ${keys} using (check_id, region_id)
          order by s.check_id, s.region_id for update of s`,
    )
  let { rows: states } = await lock()
  if (states.length < results.size) {
    // Those that have had no result yet. What is locked already stays so, and is read again with them.
    await tx.execute(
      sql`insert into check_states (check_id, region_id)
          select check_id, region_id from ${keys} order by 1, 2
          on conflict do nothing`,
    )
    states = (await lock()).rows
  }
  return states.map((row) => ({
    checkId: row.check_id,
    regionId: row.region_id,
    check: checks.get(row.check_id) as Check,
    state: toValues(row),
    error: row.error,
    results: (results.get(`${row.check_id} ${row.region_id}`) ?? []).map(({ result }) => result),
  }))
}

const stateColumns = {
  check_id: 'int',
  region_id: 'smallint',
  verdict: 'text',
  failures: 'int',
  successes: 'int',
  missed: 'int',
  outcomes: 'text',
  last_slot: 'timestamptz',
  since: 'timestamptz',
  recent: 'json',
  detail_doc: 'json',
  totals: 'jsonb',
  duration_count: 'bigint',
  duration_sum_seconds: 'double precision',
  // An array a row: as text, since rows may have different numbers of buckets.
  duration_buckets: 'text',
  detail: 'json',
  open_span: 'json',
  chain: 'json',
  slow_at: 'timestamptz',
  memory: 'json',
} as const

/** Writes states after `before`, which is what was locked; what mostly stays the same is left out where it does. */
export async function writeStates(
  tx: Queryable,
  states: readonly ({ checkId: number; regionId: number; before: StateValues } & Pick<Folded, 'state' | 'newest'>)[],
): Promise<void> {
  if (states.length === 0) return
  const updates = states.map(({ checkId, regionId, before, state, newest }) => ({
    check_id: checkId,
    region_id: regionId,
    ...toRow(state),
    detail: state.detail === before.detail ? null : state.detail,
    chain: state.chain === before.chain ? null : state.chain,
    memory: state.memory === before.memory ? null : state.memory,
    recent: newest?.recent ?? null,
    detail_doc: newest?.detail ?? null,
  }))
  await tx.execute(
    sql`update check_states s set verdict = u.verdict, failures = u.failures, successes = u.successes, missed = u.missed,
          outcomes = u.outcomes, last_slot = u.last_slot,
          since = u.since, recent = coalesce(u.recent, s.recent), detail_doc = coalesce(u.detail_doc, s.detail_doc),
          totals = u.totals, duration_count = u.duration_count, duration_sum_seconds = u.duration_sum_seconds,
          duration_buckets = u.duration_buckets::bigint[], detail = coalesce(u.detail, s.detail), open_span = u.open_span,
          chain = coalesce(u.chain, s.chain), slow_at = u.slow_at, memory = coalesce(u.memory, s.memory)
        from ${tableOf('u', stateColumns, updates)}
        where s.check_id = u.check_id and s.region_id = u.region_id`,
  )
}

/** The open span of a state row. */
export function openSpanOf(stored: unknown): OpenSpan | null {
  if (stored === null) return null
  const { startMs, latency, ...counts } = stored as StoredSpan
  return { startMs, rollup: { ...counts, latency: Buffer.from(latency, 'base64') } }
}

function toValues(row: StateRow): StateValues {
  return {
    verdict: row.verdict,
    failures: row.failures,
    successes: row.successes,
    missed: row.missed,
    outcomes: row.outcomes,
    lastSlotMs: row.last_slot === null ? null : new Date(row.last_slot).getTime(),
    sinceMs: row.since === null ? null : new Date(row.since).getTime(),
    totals: row.totals,
    durationCount: Number(row.duration_count),
    durationSumSeconds: row.duration_sum_seconds,
    durationBuckets: numbersOf(row.duration_buckets),
    detail: row.detail,
    openSpan: openSpanOf(row.open_span),
    chain: row.chain,
    slowMs: row.slow_at === null ? null : new Date(row.slow_at).getTime(),
    memory: row.memory,
  }
}

/** `{1,2}` as numbers: the driver's own parser of arrays takes ten times as long. */
export function numbersOf(array: string): number[] {
  return array === '{}' ? [] : array.slice(1, -1).split(',').map(Number)
}

function toRow(state: StateValues) {
  const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    verdict: state.verdict,
    failures: state.failures,
    successes: state.successes,
    missed: state.missed,
    outcomes: state.outcomes,
    last_slot: instant(state.lastSlotMs),
    since: instant(state.sinceMs),
    totals: state.totals,
    duration_count: state.durationCount,
    duration_sum_seconds: state.durationSumSeconds,
    duration_buckets: `{${state.durationBuckets.join()}}`,
    open_span: storedSpan(state.openSpan),
    slow_at: instant(state.slowMs),
  }
}

function storedSpan(span: OpenSpan | null): StoredSpan | null {
  if (span === null) return null
  const { latency, ...counts } = span.rollup
  const { buffer, byteOffset, byteLength } = latency
  return { startMs: span.startMs, ...counts, latency: Buffer.from(buffer, byteOffset, byteLength).toString('base64') }
}
