import { latencyRule } from '../alert-policy.ts'
import { durationMs } from '../duration.ts'
import { quorum } from '../verdict.ts'
import { type Decision, type IncidentRegion, nothing, type OpenIncident, withdrawn } from './decision.ts'
import type { Parent } from './down.ts'
import type { RuledCheck } from './vote.ts'

/** What a region measured over the policy's window: only answers whose timing can be trusted. */
export type RegionLatency = {
  region: string
  count: number
  /** How many took longer than the policy allows. */
  slow: number
  /** The percentile that the policy asks for; null without a sample. */
  valueMs: number | null
}

export type LatencyFacts = { check: RuledCheck; latencies: readonly RegionLatency[]; parents?: readonly Parent[] }

// One slow answer is an outlier, not a percentile.
const leastSlow = 2
const leastSamples = 3
// It is over when the percentile is a tenth below what is allowed, so that one that lies on the line does not come and go.
const backShare = 0.9

/**
 * Judges whether a check is slow: the percentile over the window is above what is allowed in as many regions as the policy asks
 * for. A region is slow from when it is above until it is a tenth below. Without samples a region says nothing. While what it depends on is
 * down, that explains it: nothing opens, and what is open is not told again.
 */
export function judgeLatency({ check, latencies, parents = [] }: LatencyFacts, open: OpenIncident | null): Decision {
  const latency = latencyRule(check.alerts)
  if (!check.enabled) return withdrawn(open, 'the check is disabled')
  if (latency === undefined) return withdrawn(open, 'the rule is turned off')
  const aboveMs = durationMs(latency.above)
  // A window that holds but one or two slots is judged by these.
  const slots = Math.max(1, Math.floor(durationMs(latency.over) / check.intervalMs))
  const verdictOf = ({ region, count, slow, valueMs }: RegionLatency): IncidentRegion['state'] => {
    if (valueMs === null || count < Math.min(leastSamples, slots)) return 'unknown'
    const wasSlow = open?.regions.some((one) => one.region === region && one.state === 'down') ?? false
    if (wasSlow) return valueMs > backShare * aboveMs ? 'down' : 'up'
    return valueMs > aboveMs && slow >= Math.min(leastSlow, slots) ? 'down' : 'up'
  }
  const name = `p${latency.percentile}`
  const regions = [...latencies]
    .sort((a, b) => (a.region < b.region ? -1 : 1))
    .map((one): IncidentRegion => {
      const text =
        one.valueMs === null ? null : `${name} ${shownMs(one.valueMs)} over ${latency.over} (${one.count} results)`
      return { region: one.region, state: verdictOf(one), code: null, message: text }
    })
  const verdict = quorum(
    regions.map(({ state }) => state),
    check.alerts,
  )
  if (verdict === 'unknown') return nothing('no region has answers to judge')
  if (verdict === 'up') {
    if (open === null) return nothing('it is fast enough')
    return { action: 'resolve', subject: '', regions, why: 'it is fast enough again' }
  }
  const slow = regions.filter(({ state }) => state === 'down')
  const knowing = regions.filter(({ state }) => state !== 'unknown').length
  const summary =
    `${check.key} is slow in ${slow.length} of ${knowing} region${knowing === 1 ? '' : 's'}: above ${latency.above}: ` +
    slow.map(({ region, message }) => `${region} ${message}`).join(', ')
  const facts = {
    code: null,
    summary,
    cause:
      slow.length === knowing && knowing === 1
        ? 'The target, or the way to it: load, a slow backend, a cold cache, a full line. No other region could tell which.'
        : slow.length === knowing
          ? 'It is slow from everywhere, so it is the target itself: load, a slow backend, a cold cache.'
          : 'It is slow from some regions alone, so look at the way from there, and at the server that those are sent to.',
    remedy: `See which phase grew: GET /api/v1/checks/${check.key}/series has percentiles of dns, connect, tls, ttfb and transfer.`,
    regions,
    memory: {},
  }
  const down = parents.find(({ isDown }) => isDown)
  if (open === null && down !== undefined) return nothing(`${down.key}, which it depends on, is down`)
  if (open === null) return { action: 'open', subject: '', facts, why: summary }
  const names = (all: readonly IncidentRegion[]) =>
    all.flatMap(({ region, state }) => (state === 'down' ? [region] : [])).join()
  if (names(open.regions) === names(regions)) return nothing('it is slow as before')
  return { action: 'update', subject: '', facts, tell: down === undefined, why: summary }
}

function shownMs(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
