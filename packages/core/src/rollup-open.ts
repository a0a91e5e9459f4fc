import { emptyRollup, mergeRollups, type Rollup, spanStart } from './rollup.ts'
import { addToRollup, decodeRollup, type EncodedRollup, encodeRollup } from './rollup-codec.ts'

/** What happened in one span of five minutes. */
export type SpanRollup = { startMs: number; rollup: Rollup }

/** The span that is being added to, as it is stored: taking it apart with every result would be most of the work of adding one. */
export type OpenSpan = { startMs: number; rollup: EncodedRollup }

/**
 * Adds results to the open span of a check in a region. A result of a later span closes it; one of an earlier span goes past it.
 * Both come out in `finished`, each span once: to be added to what is stored of that span.
 */
export function advanceSpan(
  open: OpenSpan | null,
  added: readonly { slotMs: number; rollup: Rollup }[],
): { open: OpenSpan | null; finished: SpanRollup[] } {
  if (added.length === 0) return { open, finished: [] }
  const parts = Map.groupBy(added, ({ slotMs }) => spanStart('5m', slotMs))
  const spans = [...parts]
    .sort(([a], [b]) => a - b)
    .map(([startMs, part]) => ({ startMs, rollup: merged(part.map(({ rollup }) => rollup)) }))
  const newest = spans.at(-1) as SpanRollup
  // An earlier span than the open one never takes its place: the newest stays open.
  if (open !== null && open.startMs > newest.startMs) return { open, finished: spans }
  spans.pop()
  if (open === null) return { open: { startMs: newest.startMs, rollup: encodeRollup(newest.rollup) }, finished: spans }
  if (open.startMs === newest.startMs) {
    return { open: { startMs: open.startMs, rollup: addToRollup(open.rollup, newest.rollup) }, finished: spans }
  }
  const closed = { startMs: open.startMs, rollup: decodeRollup(open.rollup) }
  const same = spans.find(({ startMs }) => startMs === open.startMs)
  if (same === undefined) spans.push(closed)
  else same.rollup = merged([closed.rollup, same.rollup])
  return {
    open: { startMs: newest.startMs, rollup: encodeRollup(newest.rollup) },
    finished: spans.sort((a, b) => a.startMs - b.startMs),
  }
}

function merged(parts: readonly Rollup[]): Rollup {
  return parts.length === 1 ? (parts[0] as Rollup) : mergeRollups([emptyRollup, ...parts])
}
