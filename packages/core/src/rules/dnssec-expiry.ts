import { isRuleOn } from '../alert-policy.ts'
import { type Decision, type IncidentRegion, nothing, type OpenIncident, withdrawn } from './decision.ts'
import type { RegionVote, RuledCheck } from './vote.ts'

export type DnssecExpiryFacts = { check: RuledCheck; votes: readonly RegionVote[] }

/**
 * Judges whether a signature that the DNSSEC status of a name rests on is near its end (see `advanceSignature`) without having been
 * renewed, in any region. Told once, and again when it has ended; resolved when every region sees it renewed.
 */
export function judgeDnssecExpiry(
  { check, votes }: DnssecExpiryFacts,
  open: OpenIncident | null,
  nowMs: number,
): Decision {
  if (!check.enabled) return withdrawn(open, 'the check is disabled')
  if (!isRuleOn(check.alerts, 'dnssecExpiry')) return withdrawn(open, 'the rule is turned off')
  const near = votes.flatMap(({ region, memory }) => {
    const endsMs = memory?.signature?.endsMs
    return endsMs === undefined ? [] : [{ region, endsMs }]
  })
  if (near.length === 0) return withdrawn(open, 'the signatures have been renewed')
  const endsMs = Math.min(...near.map((one) => one.endsMs))
  const ended = endsMs <= nowMs
  const words = ended ? 'ended' : 'ends'
  const summary = `${check.key}: a DNSSEC signature ${words} at ${new Date(endsMs).toISOString()} and has not been renewed`
  const regions = [...votes]
    .sort((a, b) => (a.region < b.region ? -1 : 1))
    .map(({ region, verdict }): IncidentRegion => {
      const own = near.find((one) => one.region === region)
      if (own === undefined) return { region, state: verdict, code: null, message: null }
      return {
        region,
        state: 'down',
        code: ended ? 'dns_bogus' : null,
        message: `${words} at ${new Date(own.endsMs).toISOString()}`,
      }
    })
  const facts = {
    code: ended ? 'dns_bogus' : null,
    summary,
    cause:
      'The signer of the zone, or of one above it, has stopped, or its new signatures do not reach the servers. Resolvers that validate answer SERVFAIL once it has ended.',
    remedy:
      'Look at the signer and at the transfer to the secondaries: compare the serial on each authoritative server, and sign the zone anew.',
    regions,
    memory: { ended },
  }
  if (open === null) return { action: 'open', subject: '', facts, why: summary }
  if (ended && open.memory['ended'] !== true) return { action: 'update', subject: '', facts, tell: true, why: summary }
  const names = (all: readonly IncidentRegion[]) =>
    all.flatMap(({ region, message }) => (message === null ? [] : [region])).join()
  if (names(open.regions) === names(regions)) return nothing('it is open and the same')
  return { action: 'update', subject: '', facts, tell: false, why: summary }
}
