import { type Decision, type IncidentFacts, listed, nothing, type OpenIncident, withdrawn } from './decision.ts'

export type RuledCertificate = { sha256: string; subject: string; issuer: string; notAfterMs: number }

/** A check that sees a certificate now, with its own thresholds and the channels that are to hear of them. */
export type CertificateWitness = {
  key: string
  regions: readonly string[]
  thresholdsMs: readonly number[]
  channels: readonly string[]
}

/** What channels have heard: the threshold that each was told last, in ms before the end; 0 is the end itself. */
type Heard = Readonly<Record<string, number>>

export type CertExpiryFacts = {
  certificate: RuledCertificate
  /** Those of which the rule is on. */
  seenBy: readonly CertificateWitness[]
  /** The last time that it was told and is over: at which threshold, what each channel had heard, and when it was resolved. */
  toldBefore: { stageMs: number; memory: Readonly<Record<string, unknown>>; resolvedMs: number } | null
  /** A silence or a maintenance window keeps it quiet: what falls due meanwhile is told when that ends. */
  muted: boolean
}

const dayMs = 86_400_000
// A pool of servers of which some have the old certificate shows it, and does not, and shows it again.
const toldAgainAfterMs = dayMs

/**
 * Judges how near a certificate is to its end, one incident however many checks see it. Each channel hears of it by the thresholds of
 * the checks that name it: at the first that is crossed that it is open, at each further one and at the end itself an update, each
 * once. It is resolved when nobody sees it any more, which is when it was replaced everywhere.
 */
export function judgeCertExpiry(facts: CertExpiryFacts, open: OpenIncident | null, nowMs: number): Decision {
  const { certificate, seenBy, toldBefore, muted } = facts
  if (seenBy.length === 0) return withdrawn(open, 'no check sees it any more: it was replaced')
  const stageMs = stageOf(certificate, seenBy, nowMs)
  if (stageMs === null) return withdrawn(open, 'it is far from its end')
  const due = dueOf(certificate, seenBy, nowMs)
  const written = factsOf(facts, stageMs, nowMs)
  const subject = certificate.sha256
  const why = written.summary
  if (open === null) {
    const again = toldBefore !== null && nowMs - toldBefore.resolvedMs < toldAgainAfterMs ? toldBefore : null
    const heard = again === null ? {} : heardIn(again.memory, again.stageMs, due)
    const news = Object.keys(due).filter((channel) => isNews(channel, due, heard))
    if (again !== null && again.stageMs <= stageMs && news.length === 0)
      return nothing('it was told at this threshold already')
    const memory = { ...written.memory, heard: { ...heard, ...due } }
    return { action: 'open', subject, facts: { ...written, memory }, channels: news, why }
  }
  const before = typeof open.memory['stageMs'] === 'number' ? open.memory['stageMs'] : stageMs
  const heard = heardIn(open.memory, before, due)
  const first = Object.keys(due).filter((channel) => heard[channel] === undefined)
  const later = Object.keys(due).filter((channel) => heard[channel] !== undefined && isNews(channel, due, heard))
  const channels = muted ? first : [...first, ...later]
  const nowHeard = { ...heard, ...Object.fromEntries(channels.map((channel) => [channel, due[channel]])) }
  const memory = { ...written.memory, stageMs: Math.min(before, stageMs), heard: nowHeard }
  if (channels.length > 0 || stageMs < before)
    return { action: 'update', subject, facts: { ...written, memory }, tell: muted ? [] : later, channels, why }
  const sameChecks = JSON.stringify(open.memory['checks']) === JSON.stringify(written.memory['checks'])
  if (sameChecks) return nothing('it was told at this threshold already')
  return { action: 'update', subject, facts: { ...written, memory }, tell: false, why: 'other checks see it' }
}

/** The least of these checks' thresholds that is crossed, in ms before the end; 0 when it has ended, null while none is. */
function stageOf(
  { notAfterMs }: RuledCertificate,
  witnesses: readonly CertificateWitness[],
  nowMs: number,
): number | null {
  const leftMs = notAfterMs - nowMs
  const crossed = [0, ...witnesses.flatMap(({ thresholdsMs }) => thresholdsMs)].filter((at) => leftMs <= at)
  return crossed.length === 0 ? null : Math.min(...crossed)
}

/** The threshold that each channel is to have heard of by now. */
function dueOf(certificate: RuledCertificate, seenBy: readonly CertificateWitness[], nowMs: number): Heard {
  const channels = new Set(seenBy.flatMap((witness) => witness.channels))
  return Object.fromEntries(
    [...channels].flatMap((channel) => {
      const own = seenBy.filter((witness) => witness.channels.includes(channel))
      const stageMs = stageOf(certificate, own, nowMs)
      return stageMs === null ? [] : [[channel, stageMs]]
    }),
  )
}

/** What channels had heard by the memory of an incident; by one of an older Sonde all of them had heard the same. */
function heardIn(memory: Readonly<Record<string, unknown>>, stageMs: number, due: Heard): Heard {
  const { heard } = memory
  if (typeof heard === 'object' && heard !== null) return heard as Heard
  return Object.fromEntries(Object.keys(due).map((channel) => [channel, stageMs]))
}

function isNews(channel: string, due: Heard, heard: Heard): boolean {
  return (due[channel] ?? Number.POSITIVE_INFINITY) < (heard[channel] ?? Number.POSITIVE_INFINITY)
}

/** Whether a check's own thresholds say that somebody is told at this instant. */
export function isTold(witness: CertificateWitness, certificate: RuledCertificate, nowMs: number): boolean {
  return stageOf(certificate, [witness], nowMs) !== null
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
