import { advance, type Check, type Result } from '@sonde/core'
import type { StateValues } from '@sonde/db'
import { durationBounds } from '@sonde/metrics'

/** Folds new results of one check and region into its state: verdict, counters, histogram, and the newest result. */
export function foldResults(state: StateValues, results: readonly Result[], check: Check): StateValues {
  return results.reduce((next, result) => foldOne(next, result, check), state)
}

function foldOne(state: StateValues, result: Result, check: Check): StateValues {
  const slotMs = Date.parse(result.slot)
  const newest = state.lastSlotMs === null || slotMs > state.lastSlotMs
  const total = result.error === null ? result.outcome : `${result.outcome}:${result.error.code}`
  const counted = {
    ...state,
    ...advance(state, { outcome: result.outcome, slotMs }, check.alerts),
    lastResult: newest ? result : state.lastResult,
    totals: { ...state.totals, [total]: (state.totals[total] ?? 0) + 1 },
  }
  return result.outcome === 'missed' ? counted : { ...counted, ...observe(state, result.durationMs / 1000) }
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
