import type { IncidentRule } from '../alert-policy.ts'

// What each rule says of what goes on, and of what went on. What a target sends comes after it in a summary, so the first counts.
const tenses: Partial<Record<IncidentRule, readonly [present: string, past: string]>> = {
  down: [' is down in ', ' was down in '],
  latency: [' is slow in ', ' was slow in '],
  noData: [' has had no result ', ' had no result '],
  regionSuspect: [' is at fault itself', ' was at fault itself'],
  regionSilent: [' is silent: ', ' was silent: '],
  channelDead: [' does not take ', ' did not take '],
}

/**
 * The summary of an incident that is over: how long it took, why it is over, and what was told last, in the past. What is seen of a
 * certificate or a name is told as it was.
 */
export function summaryWhenOver(
  rule: IncidentRule,
  { summary, openedMs }: { summary: string; openedMs: number },
  why: string,
  nowMs: number,
): string {
  const [present, past] = tenses[rule] ?? ['', '']
  return `over after ${roughly(Math.max(0, nowMs - openedMs))} (${why}): ${summary.replace(present, past)}`
}

/** The two largest units of a span: 1d 3h, 5m 10s. */
function roughly(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const parts = [
    `${Math.floor(seconds / 86_400)}d`,
    `${Math.floor(seconds / 3600) % 24}h`,
    `${Math.floor(seconds / 60) % 60}m`,
    `${seconds % 60}s`,
  ]
  const first = parts.findIndex((part) => !part.startsWith('0'))
  if (first === -1) return '0s'
  return parts
    .slice(first, first + 2)
    .filter((part) => !part.startsWith('0'))
    .join(' ')
}
