import { advanceChain, type SeenChain } from './chain.ts'
import type { Check } from './check.ts'
import type { MissedReason } from './failure.ts'
import { type DetailMark, factsOf, keepsDetail, withoutDetail } from './history.ts'
import { type MaintenancePlan, noMaintenance } from './maintenance-plan.ts'
import type { Result } from './result.ts'
import { mergeRollups, type Rollup, rollupOf, withdrawnMiss } from './rollup.ts'
import { advanceSpan, type OpenSpan, type SpanRollup } from './rollup-open.ts'
import { advanceMemory, type RuleMemory } from './rules/memory.ts'
import { slowAt } from './rules/slow.ts'
import { type Turn, turnOf } from './rules/turn.ts'
import { advance, freshState, type RegionState } from './verdict.ts'

/**
 * Upper bounds, in seconds, of the buckets of `probe_all_duration_seconds`: those of the synthetic monitoring agent, which
 * its dashboards expect.
 */
export const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

/** All that is kept of a check in a region from one result to the next. */
export type StateValues = RegionState & {
  /** Results since the check began, by outcome and, for all but `up`, code: `{ "up": 10, "down:tcp_refused": 2 }`. */
  totals: Record<string, number>
  durationCount: number
  durationSumSeconds: number
  /** Results a bucket of the duration histogram, not cumulative. */
  durationBuckets: number[]
  detail: DetailMark | null
  openSpan: OpenSpan | null
  chain: SeenChain | null
  /** The slot of a result, not long before the newest such, that took longer than the policy's `latency` allows. */
  slowMs: number | null
  memory: RuleMemory | null
}

/** A result whose row is new, and the reason that was told for its slot when it takes the place of `missed`. */
export type NewResult = { result: Result; replaced: MissedReason | null }

/** What becomes of new results: the state after them, and what else is to be written with it. */
export type Folded = {
  state: StateValues
  /** The newest result, if it is among these: `detail` is its whole document when that is kept. */
  newest: { recent: Result; detail: Result | null } | null
  /** Results whose whole document is kept; `late` ones came after a later slot had been judged. */
  details: { result: Result; late: boolean }[]
  /** To be added to the rollups of these spans. */
  spans: SpanRollup[]
  /** Results whose chain is to be noted; `before` are the fingerprints of the chain that it took the place of. */
  chains: { result: Result; before: readonly string[] | null }[]
  /** What was said after each result that was the newest, in slot order, for the rules to judge what is news of it. */
  turns: Turn[]
}

/** Folds the new results of one check and region, in slot order, into its state. */
export type Fold = (state: StateValues, results: readonly NewResult[], check: Check) => Folded

/** The state of a check in a region that has had no result. */
export const noResults: StateValues = {
  ...freshState,
  totals: {},
  durationCount: 0,
  durationSumSeconds: 0,
  durationBuckets: [],
  detail: null,
  openSpan: null,
  chain: null,
  slowMs: null,
  memory: null,
}

/**
 * Folds new results of one check and region into its state: verdict, counters, histogram, the newest result, the open span of
 * the rollups, and what is kept of documents and chains. Slots in maintenance, by `plan`, count as such.
 */
export function foldResults(
  state: StateValues,
  results: readonly NewResult[],
  check: Check,
  plan: MaintenancePlan = noMaintenance,
): Folded {
  const { open, finished } = advanceSpan(
    state.openSpan,
    results.map((one) => ({ slotMs: Date.parse(one.result.slot), rollup: rollupOfNew(one, check, plan) })),
  )
  const folded: Folded = {
    state: { ...state, openSpan: open },
    newest: null,
    details: [],
    spans: finished,
    chains: [],
    turns: [],
  }
  for (const { result } of results) foldOne(folded, result, check)
  return folded
}

function rollupOfNew({ result, replaced }: NewResult, check: Check, plan: MaintenancePlan): Rollup {
  const inMaintenance = plan.modeOf(check, Date.parse(result.slot)) !== null
  const rollup = rollupOf(result, inMaintenance)
  return replaced === null ? rollup : mergeRollups([withdrawnMiss(replaced, inMaintenance), rollup])
}

function foldOne(folded: Folded, result: Result, check: Check): void {
  const { state } = folded
  const slotMs = Date.parse(result.slot)
  const newest = state.lastSlotMs === null || slotMs > state.lastSlotMs
  const facts = factsOf(result)
  const keeps = !newest || keepsDetail(state.detail, result, facts)
  if (keeps) folded.details.push({ result, late: !newest })
  // A detail that an earlier one of these results left stays, unless this one has its own.
  if (newest)
    folded.newest = { recent: withoutDetail(result), detail: keeps ? result : (folded.newest?.detail ?? null) }
  const chain = advanceChain(state.chain, result)
  if (chain.noted) folded.chains.push({ result, before: chain.changed })
  const total = result.error === null ? result.outcome : `${result.outcome}:${result.error.code}`
  folded.state = {
    ...state,
    ...advance(state, { outcome: result.outcome, slotMs }, check.alerts),
    ...(result.outcome === 'missed' ? {} : observe(state, result.durationMs / 1000)),
    totals: { ...state.totals, [total]: (state.totals[total] ?? 0) + 1 },
    detail: keeps && newest ? { slotMs, facts, ip: result.ip } : state.detail,
    chain: chain.seen,
    slowMs: slowAt(state.slowMs, result, check.alerts),
    memory: newest ? advanceMemory(state.memory, result, check) : state.memory,
  }
  if (newest) folded.turns.push(turnOf(state, folded.state, result, check))
}

function observe(state: StateValues, seconds: number) {
  // Slower than the last bound is in the count alone.
  const bucket = durationBounds.findIndex((bound) => seconds <= bound)
  return {
    durationCount: state.durationCount + 1,
    durationSumSeconds: state.durationSumSeconds + seconds,
    durationBuckets: durationBounds.map((_, index) => (state.durationBuckets[index] ?? 0) + (index === bucket ? 1 : 0)),
  }
}
