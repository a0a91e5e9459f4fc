import { type AlertPolicy, isRuleOn } from './alert-policy.ts'
import { quorum, type RegionState } from './verdict.ts'

/** What a region says of a check: its verdict, its newest slot, and why, when it is down. */
export type RegionVote = {
  region: string
  verdict: RegionState['verdict']
  lastSlotMs: number | null
  error: { code: string; message: string; cause: string; remedy: string } | null
}

/** A region in an incident, as the webhook and the API show it. */
export type IncidentRegion = {
  region: string
  state: 'down' | 'up' | 'unknown'
  code: string | null
  message: string | null
}

/** What is known of an incident when it opens, and each time that it changes. */
export type IncidentFacts = {
  code: string | null
  summary: string
  cause: string | null
  remedy: string | null
  regions: IncidentRegion[]
}

export type OpenIncident = { regions: readonly IncidentRegion[] }

/** What is to be done about the `down` rule of a check, and why. */
export type DownDecision =
  | { action: 'open'; facts: IncidentFacts; why: string }
  | { action: 'update'; facts: IncidentFacts; why: string }
  | { action: 'resolve'; regions: IncidentRegion[]; why: string }
  | { action: 'nothing'; why: string }

// A region without a result for this many intervals does not know how the target is now, and leaves the vote.
const freshIntervals = 2

/** The vote of a region at `nowMs`: unknown when it has had no result in two intervals. */
export function freshVerdict(
  vote: Pick<RegionVote, 'verdict' | 'lastSlotMs'>,
  check: { intervalMs: number; timeoutMs: number },
  nowMs: number,
): RegionState['verdict'] {
  // A result comes when its probe has ended: up to a timeout after its slot.
  const oldestMs = nowMs - freshIntervals * check.intervalMs - check.timeoutMs
  return vote.lastSlotMs === null || vote.lastSlotMs < oldestMs ? 'unknown' : vote.verdict
}

/**
 * Judges whether a check is down as a whole. It opens when as many fresh votes as the policy asks for are down, is updated when
 * another region joins or leaves or fails in another way, and is resolved when the vote says up. While nobody knows, an open
 * incident stays open: silence is no recovery. Pure: `nowMs` is a parameter, and the same votes give the same answer.
 */
export function judgeDown(
  check: { key: string; enabled: boolean; intervalMs: number; timeoutMs: number; alerts: AlertPolicy },
  votes: readonly RegionVote[],
  open: OpenIncident | null,
  nowMs: number,
): DownDecision {
  const judged = votes
    .map((vote) => ({ ...vote, verdict: freshVerdict(vote, check, nowMs) }))
    .sort((a, b) => (a.region < b.region ? -1 : 1))
  const regions = judged.map(({ region, verdict, error }) => {
    // A region that is on its way up stays down for the reason that it was.
    const said = error ?? open?.regions.find((one) => one.region === region) ?? null
    const { code, message } = verdict === 'down' && said !== null ? said : { code: null, message: null }
    return { region, state: verdict, code, message }
  })
  const off = check.enabled ? 'the rule is turned off' : 'the check is disabled'
  if (!check.enabled || !isRuleOn(check.alerts, 'down')) {
    return open === null ? { action: 'nothing', why: off } : { action: 'resolve', regions, why: off }
  }
  const verdict = quorum(
    judged.map((vote) => vote.verdict),
    check.alerts,
  )
  if (verdict === 'unknown') return { action: 'nothing', why: 'no region knows' }
  if (verdict === 'up') {
    return open === null
      ? { action: 'nothing', why: 'it is up' }
      : { action: 'resolve', regions, why: 'as many regions as the policy asks for are up again' }
  }
  const facts = factsOfDown(check.key, judged, regions)
  if (open === null) return { action: 'open', facts, why: facts.summary }
  const changed = shapeOf(open.regions) !== shapeOf(regions)
  return changed
    ? { action: 'update', facts, why: facts.summary }
    : { action: 'nothing', why: 'it is open and the same' }
}

/** Which regions are down with which code: what a person would want to hear of again. */
function shapeOf(regions: readonly IncidentRegion[]): string {
  return regions
    .filter(({ state }) => state === 'down')
    .map(({ region, code }) => `${region}:${code}`)
    .join()
}

/** What the failing regions have in common tells whether it is the server or the way to it. */
function factsOfDown(key: string, votes: readonly RegionVote[], regions: IncidentRegion[]): IncidentFacts {
  const down = votes.filter(({ verdict }) => verdict === 'down')
  const knowing = votes.filter(({ verdict }) => verdict !== 'unknown').length
  const byCode = Map.groupBy(down, ({ error }) => error?.code ?? 'unknown')
  const [code, failing] = [...byCode].sort(([, a], [, b]) => b.length - a.length)[0] ?? [null, []]
  const first = failing[0]?.error ?? null
  const others = byCode.size > 1 ? `, ${down.length - failing.length} in another way` : ''
  const where = `${failing.length} of ${knowing} region${knowing === 1 ? '' : 's'}: ${code}${others}`
  const everywhere = knowing > 1 && failing.length === knowing
  const path = knowing > 1 && down.length < knowing
  const common = everywhere
    ? 'Every region sees the same, so it is the target itself. '
    : path
      ? 'Other regions reach it, so look at the way from where it fails. '
      : ''
  return {
    code,
    summary: `${key} is down in ${where}${first === null ? '' : `: ${first.message}`}`,
    cause: first === null ? null : `${common}${first.cause}`,
    remedy: first?.remedy ?? null,
    regions,
  }
}
