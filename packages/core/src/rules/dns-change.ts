import { isRuleOn } from '../alert-policy.ts'
import type { AnswerMemory } from './answers.ts'
import { type Decision, type IncidentRegion, listed, nothing, type OpenIncident, withdrawn } from './decision.ts'
import type { RegionVote, RuledCheck } from './vote.ts'

/** Answers that somebody has acknowledged, and when. */
export type AcceptedAnswers = { to: readonly string[]; atMs: number }

export type DnsChangeFacts = {
  check: RuledCheck
  votes: readonly RegionVote[]
  /** What was acknowledged of incidents that are over, as far back as a change counts. */
  accepted?: readonly AcceptedAnswers[]
}

type Change = NonNullable<AnswerMemory['changed']>

// What nobody objected to for a day is how it is; of slow checks, after three slots.
const settledMs = 86_400_000
const settledIntervals = 3

/**
 * Judges whether the answers to a name have changed, in any region (see `advanceAnswers` for what a change is). It is resolved when
 * the old ones are back; when somebody has acknowledged it, as there is nothing to be waited for, and then the same answers are no news in
 * the other regions either; or after a day, when the new ones are taken for right.
 */
export function judgeDnsChange(facts: DnsChangeFacts, open: OpenIncident | null, nowMs: number): Decision {
  const { check, votes, accepted = [] } = facts
  if (!check.enabled) return withdrawn(open, 'the check is disabled')
  if (!isRuleOn(check.alerts, 'dnsChange')) return withdrawn(open, 'the rule is turned off')
  if (open?.acknowledged === true) return withdrawn(open, 'somebody has acknowledged the new answers')
  const settledAfterMs = Math.max(settledMs, settledIntervals * check.intervalMs)
  const changed = votes
    .flatMap(({ region, memory }) => {
      const change = memory?.answers?.changed ?? null
      if (change === null || nowMs - change.atMs >= settledAfterMs || isAccepted(change, accepted)) return []
      return [{ region, change }]
    })
    .sort((a, b) => (a.region < b.region ? -1 : 1))
  if (changed.length === 0) return withdrawn(open, 'the answers are as they were, or have been new for a day')
  const regions = [...votes]
    .sort((a, b) => (a.region < b.region ? -1 : 1))
    .map(({ region, verdict }): IncidentRegion => {
      const change = changed.find((one) => one.region === region)?.change
      if (change === undefined) return { region, state: verdict, code: null, message: null }
      return { region, state: 'down', code: null, message: differenceOf(change) }
    })
  const latest = changed.reduce((a, b) => (b.change.atMs > a.change.atMs ? b : a)).change
  const summary = `${check.key}: the answers changed in ${changed.length} of ${votes.length} region${votes.length === 1 ? '' : 's'}: ${differenceOf(latest)}`
  const atMs = Math.max(...changed.map(({ change }) => change.atMs))
  const told = {
    code: null,
    summary,
    cause: `Somebody changed the zone, or the servers asked give other answers than those before. Before: ${listed(latest.from)}. Now: ${listed(latest.to)}.`,
    remedy:
      'Ask who changed the records. If nobody did, compare the answers of the authoritative servers, and look at the account of the registrar.',
    regions,
    memory: { to: latest.to },
  }
  if (open === null) return { action: 'open', subject: '', facts: told, why: summary }
  const shape = (all: readonly IncidentRegion[]) => all.map(({ region, message }) => `${region} ${message}`).join()
  if (shape(open.regions) === shape(regions)) return nothing('it is open and the same')
  // Another region that sees the same is no news; other answers again are.
  const news = JSON.stringify(open.memory['to']) !== JSON.stringify(latest.to) && atMs > open.openedMs
  return { action: 'update', subject: '', facts: told, tell: news, why: summary }
}

function isAccepted(change: Change, accepted: readonly AcceptedAnswers[]): boolean {
  return accepted.some(({ to, atMs }) => change.atMs <= atMs || JSON.stringify(to) === JSON.stringify(change.to))
}

function differenceOf({ from, to }: Change): string {
  const gone = from.filter((answer) => !to.includes(answer))
  const come = to.filter((answer) => !from.includes(answer))
  return [gone.length === 0 ? '' : `gone ${listed(gone, 5)}`, come.length === 0 ? '' : `new ${listed(come, 5)}`]
    .filter((part) => part !== '')
    .join(', ')
}
