import { isRuleOn } from '../alert-policy.ts'
import { quorum } from '../verdict.ts'
import {
  type Decision,
  type IncidentFacts,
  type IncidentRegion,
  listed,
  nothing,
  type OpenIncident,
} from './decision.ts'
import { calmAfterMs, type Flaps, flapsOf, flapText, isFlapping } from './flapping.ts'
import { freshVerdict, type RegionVote, type RuledCheck } from './vote.ts'

/** What another check on which this one depends says. */
export type Parent = {
  key: string
  /** It has an open incident of the rule `down`. */
  isDown: boolean
  /** It fails, and until then may yet prove to be down. */
  failingUntilMs: number | null
}

export type DownFacts = {
  check: RuledCheck
  votes: readonly RegionVote[]
  /** Regions that are at fault themselves: their votes are set aside. */
  suspects: ReadonlySet<string>
  /** Regions in which so many checks fail that it has to be found out first whether the region is at fault. */
  inDoubt: ReadonlySet<string>
  /** Regions that may not have had the time yet to bring a result, and until when they are waited for; see `heardUntilMs`. */
  awaited?: ReadonlyMap<string, number>
  /** When incidents of this check opened lately, the one that is open not among them. */
  openings: readonly number[]
  parents: readonly Parent[]
  /** Checks that depend on this one and are down. */
  children: readonly string[]
}

type JudgedVote = RegionVote & { isSuspect: boolean }

/**
 * Judges whether a check is down as a whole. It opens when as many fresh votes as the policy asks for are down, is updated when
 * another region joins or leaves or fails in another way, and is resolved when the vote says up. While nobody knows, an open
 * incident stays open: silence is no recovery. A check that goes up and down stays one incident until it holds still. Pure:
 * `nowMs` is a parameter, and the same votes give the same answer.
 */
export function judgeDown(facts: DownFacts, open: OpenIncident | null, nowMs: number): Decision {
  const { check, suspects } = facts
  const judged = facts.votes
    .map((vote) => {
      const isSuspect = suspects.has(vote.region)
      // A slot that was missed is no result: what it is down for is what it failed of before.
      const error = vote.missed > 0 ? null : vote.error
      return { ...vote, error, isSuspect, verdict: isSuspect ? 'unknown' : freshVerdict(vote, check, nowMs) } as const
    })
    .sort((a, b) => (a.region < b.region ? -1 : 1))
  const regions = judged.map((vote) => regionOf(vote, open))
  if (!check.enabled || !isRuleOn(check.alerts, 'down')) {
    const why = check.enabled ? 'the rule is turned off' : 'the check is disabled'
    return open === null ? nothing(why) : { action: 'resolve', subject: '', regions, why }
  }
  const verdict = quorum(
    judged.map((vote) => vote.verdict),
    check.alerts,
  )
  if (verdict === 'unknown') return nothing('no region knows')
  if (verdict === 'up') return open === null ? nothing('it is up') : recovered(facts, regions, open, nowMs)
  return open === null ? opened(facts, judged, regions, nowMs) : stillDown(facts, judged, regions, open)
}

function regionOf({ region, verdict, error, isSuspect }: JudgedVote, open: OpenIncident | null): IncidentRegion {
  if (isSuspect) return { region, state: 'unknown', code: null, message: 'set aside: the region itself is at fault' }
  // A region that is on its way up stays down for the reason that it was.
  const said = error ?? open?.regions.find((one) => one.region === region) ?? null
  const { code, message } = verdict === 'down' && said !== null ? said : { code: null, message: null }
  return { region, state: verdict, code, message }
}

function opened(facts: DownFacts, votes: JudgedVote[], regions: IncidentRegion[], nowMs: number): Decision {
  const { check, parents, openings, inDoubt } = facts
  const down = parents.find(({ isDown }) => isDown)
  if (down !== undefined) return nothing(`${down.key}, which it depends on, is down`)
  const failing = parents.find(({ failingUntilMs }) => failingUntilMs !== null && nowMs < failingUntilMs)
  if (failing !== undefined) return nothing(`${failing.key}, which it depends on, fails and may be down in a moment`)
  // As when what it depends on is up again, or maintenance ends: one that has just been good is on its way up, and wakes nobody.
  const isFailing = ({ verdict, missed, error }: JudgedVote) => verdict === 'down' && (missed > 0 || error !== null)
  if (!votes.some(isFailing)) return nothing('it was good where it was probed last')
  const unheard = awaitedOf(facts, votes, nowMs)
  const known = [...votes.map((vote) => vote.verdict), ...unheard.map(() => 'up' as const)]
  if (quorum(known, check.alerts) !== 'down')
    return nothing(`${listed(unheard)} may say otherwise, and has not spoken yet`)
  const doubtful = votes.find(({ region, verdict }) => verdict === 'down' && inDoubt.has(region))
  if (doubtful !== undefined) return nothing(`many checks fail in ${doubtful.region}: the region is judged first`)
  const flaps = isFlapping(openings, check, nowMs) ? { openings: openings.length + 1, upSinceMs: null } : null
  const opening = factsOfDown(facts, votes, regions, flaps, null)
  return { action: 'open', subject: '', facts: opening, why: opening.summary }
}

/** The regions that have said nothing yet, and have not had the time to. Where they might outvote the others, nobody is woken before. */
function awaitedOf({ awaited, suspects }: DownFacts, votes: readonly JudgedVote[], nowMs: number): string[] {
  const heard = new Set(votes.flatMap(({ region, verdict }) => (verdict === 'unknown' ? [] : [region])))
  return [...(awaited ?? [])].flatMap(([region, untilMs]) =>
    nowMs < untilMs && !heard.has(region) && !suspects.has(region) ? [region] : [],
  )
}

function stillDown(facts: DownFacts, votes: JudgedVote[], regions: IncidentRegion[], open: OpenIncident): Decision {
  const before = flapsOf(open.memory)
  const fellAgain = before !== null && before.upSinceMs !== null
  const flaps = fellAgain ? { openings: before.openings + 1, upSinceMs: null } : before
  const updated = factsOfDown(facts, votes, regions, flaps, open)
  const update = { action: 'update', subject: '', facts: updated, why: updated.summary } as const
  // One that flaps was told as such, and what a parent explains is told with the parent.
  if (fellAgain) return { ...update, tell: false }
  if (shapeOf(open.regions) !== shapeOf(regions)) {
    return { ...update, tell: flaps === null && !facts.parents.some(({ isDown }) => isDown) }
  }
  return open.memory['children'] === updated.memory['children']
    ? nothing('it is open and the same')
    : { ...update, tell: false }
}

function recovered(facts: DownFacts, regions: IncidentRegion[], open: OpenIncident, nowMs: number): Decision {
  const why = facts.votes.length === 1 ? 'it is up again' : 'enough regions are up again'
  const flaps = flapsOf(open.memory)
  if (flaps === null) return { action: 'resolve', subject: '', regions, why }
  if (flaps.upSinceMs === null) {
    const { code, cause, remedy } = open
    const memory = { ...open.memory, upSinceMs: nowMs }
    const summary = `${facts.check.key} is up (${flapText(flaps, facts.check)})`
    const still = 'it is up, and not for long enough yet'
    const updated = { code, summary, cause, remedy, regions, memory }
    return { action: 'update', subject: '', facts: updated, tell: false, why: still }
  }
  return nowMs - flaps.upSinceMs < calmAfterMs(facts.check)
    ? nothing('it is up, and not for long enough yet')
    : { action: 'resolve', subject: '', regions, why: 'it has held still' }
}

/** Which regions are down with which code: what a person would want to hear of again. */
function shapeOf(regions: readonly IncidentRegion[]): string {
  return regions
    .filter(({ state }) => state === 'down')
    .map(({ region, code }) => `${region}:${code}`)
    .join()
}

/** What the failing regions have in common tells whether it is the server or the way to it. */
function factsOfDown(
  { check, children }: DownFacts,
  votes: readonly JudgedVote[],
  regions: IncidentRegion[],
  flaps: Flaps | null,
  open: OpenIncident | null,
): IncidentFacts {
  const below = listed([...children].sort())
  const memory = { ...(below === '' ? {} : { children: below }), ...flaps }
  const flapping = flaps === null ? '' : ` (${flapText(flaps, check)})`
  const down = votes.filter(({ verdict }) => verdict === 'down')
  const knowing = votes.filter(({ verdict }) => verdict !== 'unknown').length
  const codeOf = ({ region, error }: JudgedVote) =>
    error?.code ?? regions.find((one) => one.region === region)?.code ?? null
  const byCode = Map.groupBy(down, codeOf)
  // Those whose newest slot was good, or missed, before anybody knew of the rest fail like most.
  const silent = byCode.get(null)?.length ?? 0
  byCode.delete(null)
  const [code, alike] = [...byCode].sort(([, a], [, b]) => b.length - a.length)[0] ?? [null, []]
  const first = alike.find(({ error }) => error !== null)?.error ?? null
  const failing = alike.length + silent
  const others = byCode.size > 1 ? `, ${down.length - failing} in another way` : ''
  const where = `${failing} of ${knowing} region${knowing === 1 ? '' : 's'}${code === null ? '' : `: ${code}`}${others}`
  const aside = votes.filter(({ isSuspect }) => isSuspect).map(({ region }) => region)
  const common = [
    knowing > 1 && failing === knowing ? 'Every region sees the same, so it is the target itself. ' : '',
    knowing > 1 && down.length < knowing ? 'Other regions reach it, so look at the way from where it fails. ' : '',
    aside.length === 0 ? '' : `What ${listed(aside)} says is set aside, as the region itself is at fault. `,
  ].join('')
  const message = first === null ? '' : `: ${first.message}`
  const withIt = below === '' ? '' : `. With it, as they depend on it: ${below}`
  return {
    code,
    summary: `${check.key} is down in ${where}${message}${flapping}${withIt}`,
    // Of one that answered well just now, and not often enough yet, there is nothing newer to say.
    cause: first === null ? (open?.cause ?? null) : `${common}${first.cause}`,
    remedy: first?.remedy ?? open?.remedy ?? null,
    regions,
    memory,
  }
}
