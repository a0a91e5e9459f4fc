import { type Decision, type IncidentFacts, listed, nothing, type OpenIncident, withdrawn } from './decision.ts'

export type RuledCertificate = { sha256: string; subject: string; issuer: string; notAfterMs: number }

/** A check that sees a certificate now, with its own thresholds. */
export type CertificateWitness = { key: string; regions: readonly string[]; thresholdsMs: readonly number[] }

export type CertExpiryFacts = {
  certificate: RuledCertificate
  /** Those of which the rule is on. */
  seenBy: readonly CertificateWitness[]
  /** The last time that it was told and is over: at which threshold, and when it was resolved. */
  toldBefore: { stageMs: number; resolvedMs: number } | null
}

const dayMs = 86_400_000
// A pool of servers of which some have the old certificate shows it, and does not, and shows it again.
const toldAgainAfterMs = dayMs

/**
 * Judges how near a certificate is to its end: once for each threshold, the last of which is the end itself, and one incident however
 * many checks see it. It is resolved when nobody sees it any more, which is when it was replaced everywhere.
 */
export function judgeCertExpiry(facts: CertExpiryFacts, open: OpenIncident | null, nowMs: number): Decision {
  const { certificate, seenBy, toldBefore } = facts
  if (seenBy.length === 0) return withdrawn(open, 'no check sees it any more: it was replaced')
  const stageMs = stageOf(facts, nowMs)
  if (stageMs === null) return withdrawn(open, 'it is far from its end')
  const written = factsOf(facts, stageMs, nowMs)
  const subject = certificate.sha256
  if (open === null) {
    if (toldBefore !== null && toldBefore.stageMs <= stageMs && nowMs - toldBefore.resolvedMs < toldAgainAfterMs)
      return nothing('it was told at this threshold already')
    return { action: 'open', subject, facts: written, why: written.summary }
  }
  const before = open.memory['stageMs']
  if (typeof before === 'number' && stageMs < before)
    return { action: 'update', subject, facts: written, tell: true, why: written.summary }
  const sameChecks = JSON.stringify(open.memory['checks']) === JSON.stringify(written.memory['checks'])
  if (sameChecks) return nothing('it was told at this threshold already')
  // What was told stays as it was told; only who sees it is another.
  const updated = { ...written, memory: { ...written.memory, stageMs: before ?? stageMs } }
  return { action: 'update', subject, facts: updated, tell: false, why: 'other checks see it' }
}

/** The least of the thresholds that is crossed, in ms before the end; 0 when it has ended, null while none is. */
function stageOf({ certificate, seenBy }: CertExpiryFacts, nowMs: number): number | null {
  const leftMs = certificate.notAfterMs - nowMs
  const crossed = [0, ...seenBy.flatMap(({ thresholdsMs }) => thresholdsMs)].filter((threshold) => leftMs <= threshold)
  return crossed.length === 0 ? null : Math.min(...crossed)
}

/** Whether a check's own thresholds say that its channels are told at this instant. */
export function isTold(witness: CertificateWitness, certificate: RuledCertificate, nowMs: number): boolean {
  const leftMs = certificate.notAfterMs - nowMs
  return leftMs <= 0 || witness.thresholdsMs.some((threshold) => leftMs <= threshold)
}

function factsOf({ certificate, seenBy }: CertExpiryFacts, stageMs: number, nowMs: number): IncidentFacts {
  const { subject, issuer, notAfterMs } = certificate
  const keys = [...new Set(seenBy.map(({ key }) => key))].sort()
  const leftMs = notAfterMs - nowMs
  const when = leftMs <= 0 ? `expired ${daysOf(-leftMs)} ago` : `expires in ${daysOf(leftMs)}`
  const code = leftMs <= 0 ? 'tls_expired' : null
  const summary = `certificate ${subject} ${when}, on ${new Date(notAfterMs).toISOString()}; seen by ${listed(keys)}`
  const regions = [...new Set(seenBy.flatMap((one) => one.regions))].sort()
  return {
    code,
    summary,
    cause: `It was issued by ${issuer}. Nobody renewed it, or the servers still send the old one.`,
    remedy:
      'Renew it and reload every server that sends it; look at the log of the ACME client. An intermediate is replaced by the newer ' +
      'one of its authority, in the chain that the server sends.',
    regions: regions.map((region) => ({ region, state: 'down', code, message: `${subject} ${when}` })),
    memory: { stageMs, checks: keys },
  }
}

function daysOf(ms: number): string {
  const days = Math.floor(ms / dayMs)
  if (days > 0) return `${days} day${days === 1 ? '' : 's'}`
  const hours = Math.floor(ms / 3_600_000)
  return hours > 0 ? `${hours} hour${hours === 1 ? '' : 's'}` : 'less than an hour'
}
