import { isRuleOn } from '../alert-policy.ts'
import { type Decision, type IncidentRegion, listed, nothing, type OpenIncident, withdrawn } from './decision.ts'
import { handful } from './region-weight.ts'
import type { RegionVote, RuledCheck } from './vote.ts'

export type NoDataFacts = {
  check: RuledCheck
  votes: readonly RegionVote[]
  /** Regions that are told as silent themselves, with how many checks they have. */
  silentRegions: ReadonlyMap<string, number>
  /** Regions in which so many checks have no result that it has to be found out first whether the region is silent. */
  inDoubt: ReadonlySet<string>
  /**
   * From when on each region was to bring results of this check, ms since the epoch: since somebody judges, since the check is as it is,
   * since the region is there. What was not run before is no silence of its own; where nothing is said, all counts.
   */
  watchedFrom?: ReadonlyMap<string, number>
}

/**
 * Judges whether a check is without data: some region of it has brought no result for as many slots as the policy says. What a
 * region that is silent as a whole explains is told with the region, unless it has but a handful of checks and none of their
 * regions sees this one any more. It ends when every region brings results again.
 */
export function judgeNoData(
  { check, votes, silentRegions, inDoubt, watchedFrom }: NoDataFacts,
  open: OpenIncident | null,
  nowMs: number,
): Decision {
  const { noData } = check.alerts
  if (!check.enabled) return withdrawn(open, 'the check is disabled')
  if (!isRuleOn(check.alerts, 'noData') || typeof noData !== 'number') return withdrawn(open, 'the rule is turned off')
  const slots = silentAfterSlots(noData, check.intervalMs)
  const wasSilent = new Set(open?.regions.filter(isNamed).map(({ region }) => region))
  // One that was silent stays so until it brings a result, whoever has not watched it meanwhile.
  const fromMs = ({ region }: RegionVote) => (wasSilent.has(region) ? 0 : (watchedFrom?.get(region) ?? 0))
  const silent = votes.filter((vote) => isSilent(vote, check, slots, fromMs(vote), nowMs))
  const regions = [...votes]
    .sort((a, b) => (a.region < b.region ? -1 : 1))
    .map((vote) => regionOf(vote, silent.includes(vote)))
  if (silent.length === 0) {
    if (open === null) return nothing('every region brings results')
    return { action: 'resolve', subject: '', regions, why: 'every region brings results again' }
  }
  const unexplained = silent.filter(({ region }) => !silentRegions.has(region))
  const unseen =
    silent.length === votes.length && silent.every(({ region }) => (silentRegions.get(region) ?? 0) < handful)
  if (open === null) {
    if (unexplained.length === 0 && !unseen) return nothing('the regions themselves are silent, and told as such')
    const doubtful = unexplained.find(({ region }) => inDoubt.has(region))
    if (doubtful !== undefined)
      return nothing(`many checks have no result in ${doubtful.region}: the region is judged first`)
  }
  const names = silent.map(({ region }) => region).sort()
  const error = silent[0]?.error ?? null
  const summary = `${check.key} has had no result for ${Math.max(slots, ...silent.map((vote) => slotsWithout(vote, check, nowMs)))} slots in ${silent.length} of ${votes.length} region${votes.length === 1 ? '' : 's'}: ${listed(names)}${error === null ? '' : `: ${error.message}`}`
  const facts = {
    code: error?.code ?? null,
    summary,
    cause: error?.cause ?? 'No slot was handed out, or no result of one was written: Sonde itself stands still.',
    remedy: error?.remedy ?? 'Look at the scheduler and the ingester, and at /readyz of each role.',
    regions,
    memory: {},
  }
  if (open === null) return { action: 'open', subject: '', facts, why: summary }
  if ([...wasSilent].join() === names.join()) return nothing('it is open and the same')
  return {
    action: 'update',
    subject: '',
    facts,
    tell: unexplained.some(({ region }) => !wasSilent.has(region)),
    why: summary,
  }
}

const isNamed = ({ code }: IncidentRegion) => code !== null

function isSilent(
  { missed, lastSlotMs, lastPausedMs }: RegionVote,
  { intervalMs, timeoutMs }: RuledCheck,
  slots: number,
  fromMs: number,
  nowMs: number,
): boolean {
  if (lastSlotMs === null) return false
  const missedSince = Math.max(0, Math.min(missed, Math.floor((lastSlotMs - fromMs) / intervalMs) + 1))
  // Without a scheduler nothing is told as missed either. One slot more than the policy's, as the next is not due yet.
  // What was paused was not to bring a result, and is waited for from then on.
  const waitedMs = nowMs - Math.max(lastSlotMs, lastPausedMs ?? 0, fromMs)
  return missedSince >= slots || waitedMs > (slots + 1 - missedSince) * intervalMs + timeoutMs + graceMs
}

// How long a result, or the word that it was missed, may take to be written when the queue is full.
const graceMs = 45_000
// When a worker dies, another one of its region takes its jobs within 16 s; a restart takes less. That is no silence yet.
export const leastSilenceMs = 20_000

/** After how many slots without a result a region counts as silent: those of the policy, and no less than 20 s. */
export function silentAfterSlots(noData: number, intervalMs: number): number {
  return Math.max(noData, Math.ceil(leastSilenceMs / intervalMs))
}

/** How many slots it has been without a result, by those that were missed and by the time. */
function slotsWithout({ missed, lastSlotMs }: RegionVote, { intervalMs }: RuledCheck, nowMs: number): number {
  if (lastSlotMs === null) return missed
  return Math.max(missed, missed + Math.floor((nowMs - lastSlotMs) / intervalMs))
}

function regionOf({ region, verdict, error }: RegionVote, isSilent: boolean): IncidentRegion {
  if (!isSilent) return { region, state: verdict, code: null, message: null }
  return { region, state: 'unknown', code: error?.code ?? 'no_data', message: error?.message ?? null }
}
