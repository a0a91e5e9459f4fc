import { type Decision, listed, nothing, type OpenIncident } from './decision.ts'
import { type FineHosts, type RegionWeight, type RegionWitness, weighRegion } from './region-weight.ts'

export type RegionSuspectFacts = {
  region: string
  witnesses: readonly RegionWitness[]
  /** The hosts that the witnesses are not of. */
  fine?: FineHosts
}

// It is well again when fewer than this fail of those that have been probed since.
const wellShare = 0.25
// A check that still fails then has this many slots to recover too, before its votes count again.
const recoverySlots = 3
const longestRecoveryMs = 900_000

/**
 * Judges whether a region is at fault itself (see `weighRegion`). It opens an incident of the region's own; the votes of the region
 * are set aside while it is open. It is resolved when hardly any of what began to fail with it still does, and those that do have
 * had time to recover.
 */
export function judgeRegionSuspect(
  { region, witnesses, fine = [] }: RegionSuspectFacts,
  open: OpenIncident | null,
  nowMs: number,
): Decision {
  if (open !== null) return judgeOpen(region, { witnesses, fine }, open, nowMs)
  const found = weighRegion(witnesses, fine)
  if (found?.is !== 'sick') return nothing('what fails there fails elsewhere too, or other things are fine there')
  const facts = factsOf(region, found.weight)
  return { action: 'open', subject: region, facts, why: facts.summary }
}

/** Since when a region is at fault, of its open incident: what was probed before that says nothing of it. */
export function atFaultSinceMs(open: OpenIncident): number {
  return numberIn(open.memory, 'sinceMs') ?? open.openedMs
}

function judgeOpen(
  region: string,
  { witnesses, fine }: Required<Omit<RegionSuspectFacts, 'region'>>,
  open: OpenIncident,
  nowMs: number,
): Decision {
  const sinceMs = atFaultSinceMs(open)
  const probed = witnesses.filter(({ lastSlotMs }) => lastSlotMs >= sinceMs)
  const failing = probed.filter((one) => isStillFailing(one, sinceMs))
  const fineSince = fine.filter(({ lastSlotMs }) => lastSlotMs >= sinceMs).reduce((sum, { hosts }) => sum + hosts, 0)
  const hosts = new Set(probed.map(({ host }) => host)).size + fineSince
  if (hosts === 0) return nothing('nothing was probed there since')
  const share = new Set(failing.map(({ host }) => host)).size / hosts
  const wellSinceMs = numberIn(open.memory, 'wellSinceMs')
  const facts = (memory: object) => ({ ...open, regions: [...open.regions], memory: { ...open.memory, ...memory } })
  if (share >= wellShare) {
    const why = `${Math.round(100 * share)} % of the hosts still fail there`
    if (wellSinceMs === null) return nothing(why)
    return { action: 'update', subject: region, facts: facts({ wellSinceMs: null }), tell: false, why }
  }
  const slowest = Math.max(0, ...failing.map(({ intervalMs }) => intervalMs))
  const recoveryMs = Math.min(longestRecoveryMs, recoverySlots * slowest)
  if (nowMs - (wellSinceMs ?? nowMs) < recoveryMs) {
    const why = 'the last of its checks may yet recover'
    if (wellSinceMs !== null) return nothing(why)
    return { action: 'update', subject: region, facts: facts({ wellSinceMs: nowMs }), tell: false, why }
  }
  const regions = [{ region, state: 'up' as const, code: null, message: null }]
  return { action: 'resolve', subject: region, regions, why: 'what began to fail with it is fine again' }
}

function isStillFailing({ failingSinceMs, isDown, elsewhere }: RegionWitness, sinceMs: number): boolean {
  if (elsewhere === 'bad') return false
  // One that was good just now is down until it has been good often enough.
  return failingSinceMs === null ? isDown : failingSinceMs >= sinceMs
}

function factsOf(region: string, weight: RegionWeight) {
  const { failing, others, disagreed, code, sinceMs } = weight
  const seen = disagreed > 0 ? `other regions reach ${disagreed} of them` : 'no other region looks at them'
  const summary =
    `${region} is at fault itself: ${failing.length} of ${failing.length + others} hosts began to fail there at once` +
    `${code === null ? '' : `, mostly with ${code}`}, and ${seen}`
  return {
    code,
    summary,
    cause:
      'The network, the resolver, the clock or the machine of the workers there. What this region says of its checks is set aside ' +
      `until it recovers. It began at ${new Date(sinceMs).toISOString()} with ${listed(failing)}.`,
    remedy: `Look at the machines of ${region}: their uplink, DNS servers, clock and firewall. \`sonde probe\` there shows what fails.`,
    regions: [{ region, state: 'down' as const, code, message: summary }],
    memory: { sinceMs, wellSinceMs: null },
  }
}

function numberIn(memory: OpenIncident['memory'], name: string): number | null {
  const value = memory[name]
  return typeof value === 'number' ? value : null
}
