import { emptyRollup, mergeRollups, type Rollup, spanStart } from './rollup.ts'

/** What happened in one span of five minutes. */
export type SpanRollup = { startMs: number; rollup: Rollup }

/**
 * Adds results to the open span of a check in a region. A result of a later span closes it; one of an earlier span goes past it.
 * Both come out in `finished`, each span once: to be added to what is stored of that span.
 */
export function advanceSpan(
  open: SpanRollup | null,
  added: readonly { slotMs: number; rollup: Rollup }[],
): { open: SpanRollup | null; finished: SpanRollup[] } {
  const parts = new Map<number, Rollup[]>()
  if (open !== null) parts.set(open.startMs, [open.rollup])
  for (const { slotMs, rollup } of added) {
    const startMs = spanStart('5m', slotMs)
    const part = parts.get(startMs)
    if (part === undefined) parts.set(startMs, [rollup])
    else part.push(rollup)
  }
  const spans = [...parts].sort(([a], [b]) => a - b).map(([startMs, part]) => ({ startMs, rollup: merged(part) }))
  // An earlier span than the open one never takes its place: the newest stays open.
  const newest = spans.pop() ?? null
  return { open: newest, finished: spans }
}

function merged(parts: readonly Rollup[]): Rollup {
  return parts.length === 1 ? (parts[0] as Rollup) : mergeRollups([emptyRollup, ...parts])
}
