import { type Decision, listed, nothing, type OpenIncident, withdrawn } from './decision.ts'

/** As much of a leaf certificate as tells a renewal from anything else. */
export type LeafCertificate = {
  sha256: string
  subject: string
  issuer: string
  san: readonly string[]
  keyType: string
  notBeforeMs: number
  notAfterMs: number
}

export type CertChangeFacts = {
  /** The change that was just seen, unless this is asked as time passes. */
  change: { before: LeafCertificate; after: LeafCertificate; atMs: number } | null
  /** The check had been shown this certificate before, as by another server of the same name. */
  isKnown: boolean
  /** Keys of the checks that see the new certificate now, the one that saw the change among them. */
  seenBy: readonly string[]
  region: string | null
  /** Of the check that saw the change: they hear of it too, each once. */
  channels: readonly string[]
}

// Half of its life: ACME clients renew after two thirds, and earlier only when something is wrong.
const renewalShare = 0.5
// What nobody objected to for a day is how it is.
const settledAfterMs = 86_400_000

/**
 * Why a change of the leaf is no renewal as one would expect it: in the second half of the old one's life, for the same names,
 * by the same authority, with the same type of key, and good for longer. Null when it is one.
 */
export function unexpectedIn(before: LeafCertificate, after: LeafCertificate, atMs: number): string | null {
  const names = ({ san }: LeafCertificate) => [...new Set(san.map((name) => name.toLowerCase()))].sort().join(' ')
  const lifeMs = before.notAfterMs - before.notBeforeMs
  const reasons = [
    names(before) === names(after) ? null : `it is for ${listed(after.san, 5)} and not for ${listed(before.san, 5)}`,
    authorityOf(before.issuer) === authorityOf(after.issuer)
      ? null
      : `it is issued by ${after.issuer} and not by ${before.issuer}`,
    before.keyType === after.keyType ? null : `its key is ${after.keyType} and not ${before.keyType}`,
    after.notAfterMs > before.notAfterMs ? null : 'it ends no later than the old one',
    before.notAfterMs - atMs <= renewalShare * lifeMs
      ? null
      : `the old one had ${Math.floor((before.notAfterMs - atMs) / 86_400_000)} days left`,
  ].filter((reason) => reason !== null)
  return reasons.length === 0 ? null : reasons.join(', ')
}

/** The organisation of an issuer, since authorities change the intermediate that signs as they like; its whole name without one. */
function authorityOf(issuer: string): string {
  return /(?:^|[,+\n]\s*)O=("[^"]*"|[^,+\n]*)/.exec(issuer)?.[1]?.trim() ?? issuer
}

/**
 * Judges a change of the certificate that a check is shown: one incident a new certificate, however many checks see it, told
 * once to the channels of each. It is resolved when somebody has acknowledged it, as there is nothing to be waited for; after a day; or
 * when nobody sees the new one any more, as when the old one is back.
 */
export function judgeCertChange(facts: CertChangeFacts, open: OpenIncident | null, nowMs: number): Decision {
  const { change, isKnown, seenBy, region, channels } = facts
  if (open !== null) {
    if (seenBy.length === 0) return withdrawn(open, 'nobody sees it any more')
    if (open.acknowledged) return withdrawn(open, 'somebody has acknowledged the new one')
    if (nowMs - open.openedMs >= settledAfterMs) return withdrawn(open, 'it has been there for a day')
    const checks = [...seenBy].sort()
    if (JSON.stringify(open.memory['checks']) === JSON.stringify(checks)) return nothing('it is open and the same')
    const memory = { ...open.memory, checks }
    return {
      action: 'update',
      subject: open.subject,
      facts: { ...open, regions: [...open.regions], memory },
      tell: false,
      channels,
      why: 'other checks see it',
    }
  }
  if (change === null) return nothing('nothing changed')
  if (isKnown) return nothing('the check was shown it before')
  const unexpected = unexpectedIn(change.before, change.after, change.atMs)
  if (unexpected === null) return nothing('it is a renewal as one would expect it')
  const summary = `certificate changed unexpectedly to ${change.after.subject}: ${unexpected}; seen by ${listed(seenBy)}`
  return {
    action: 'open',
    subject: change.after.sha256,
    facts: {
      code: null,
      summary,
      cause:
        `The certificate ${change.before.sha256} was replaced by ${change.after.sha256}. Somebody put another one to use, the name leads to another server, ` +
        'or somebody stands in between.',
      remedy:
        'Ask who replaced it. If nobody did, compare the address in the results before and after, and look for it in the certificate transparency logs.',
      regions: region === null ? [] : [{ region, state: 'down', code: null, message: unexpected }],
      memory: { checks: [...seenBy].sort() },
    },
    channels,
    why: summary,
  }
}
