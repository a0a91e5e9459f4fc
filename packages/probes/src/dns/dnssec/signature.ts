import { labelsOf, nameOf, nameToWire, sameName } from '../../net/dns-name.ts'
import { canonicalRdata } from '../../net/dns-rdata.ts'
import { typeNumber } from '../../net/dns-types.ts'
import { isKnownAlgorithm, isSignedBy, type ZoneKey } from './key.ts'
import { type RRset, type Signature, signedLabels } from './rrset.ts'
import { bogus } from './status.ts'

/** The keys of a zone that its parent, or a trust anchor, vouches for. */
export type Zone = { name: string; keys: readonly ZoneKey[] }

/** Counts the work that a hostile zone could make much of (CVE-2023-50387), and notes when signatures expire. */
export type Ledger = {
  readonly nowSeconds: number
  /** Counts the check of a signature; throws when there have been too many. */
  spend(): void
  /** Counts rounds of hashing a name (CVE-2023-50868); throws when there have been too many. */
  hashes(rounds: number): void
  /** When a signature expires, in seconds since 1970, and for how many seconds in all it is good. */
  expires(seconds: number, lifeSeconds: number): void
}

// A change of keys and algorithms at once makes four.
const maxSignatures = 8

/**
 * Checks a set against the keys of its zone (RFC 4035 5.3), the signature that lasts longest first, and returns the one that
 * holds. Throws `NotSecure` bogus with the reason that comes nearest to what is wrong.
 */
export function verifySet(set: RRset, zone: Zone, ledger: Ledger): Signature {
  const what = `${set.name} ${set.type}`
  const { nowSeconds } = ledger
  const own = set.signatures
    .filter(({ signer, labels }) => sameName(signer, zone.name) && labels <= signedLabels(set.name))
    .toSorted((a, b) => secondsLeft(b.expiration, nowSeconds) - secondsLeft(a.expiration, nowSeconds))
    .slice(0, maxSignatures)
  if (own.length === 0) throw bogus(`${what} has no signature of its zone ${zone.name}`)
  let reason = ''
  for (const signature of own) {
    const problem = problemWith(signature, set, zone, ledger)
    if (problem === undefined) {
      ledger.expires(nowSeconds + secondsLeft(signature.expiration, nowSeconds), lifeOf(signature))
      return signature
    }
    reason ||= problem
  }
  const [latest] = own
  if (latest !== undefined) ledger.expires(nowSeconds + secondsLeft(latest.expiration, nowSeconds), lifeOf(latest))
  throw bogus(`the signature of ${what} ${reason}`)
}

function problemWith(signature: Signature, set: RRset, zone: Zone, ledger: Ledger): string | undefined {
  const { algorithm, keyTag, expiration, inception } = signature
  const left = secondsLeft(expiration, ledger.nowSeconds)
  const day = dayOf(ledger.nowSeconds + left)
  if (left < 0) return `expired ${spanText(-left)} ago, on ${day}`
  const early = secondsLeft(inception, ledger.nowSeconds)
  if (early > 0) return `is not valid for another ${spanText(early)}, until ${dayOf(ledger.nowSeconds + early)}`
  if (!isKnownAlgorithm(algorithm)) return `is of the unknown algorithm ${algorithm}`
  const keys = zone.keys.filter((key) => key.keyTag === keyTag && key.algorithm === algorithm)
  if (keys.length === 0) return `was made by key ${keyTag}, which ${zone.name} does not have`
  const data = signedData(set, signature)
  const holds = keys.some((key) => {
    ledger.spend()
    return isSignedBy(key, data, signature.signature)
  })
  return holds ? undefined : `by key ${keyTag} of ${zone.name} does not fit the data`
}

function lifeOf({ inception, expiration }: Signature): number {
  return secondsLeft(expiration, inception)
}

/** Until an instant that is given modulo 2^32 (RFC 4034 3.1.5). */
function secondsLeft(instant: number, nowSeconds: number): number {
  return (instant - (nowSeconds >>> 0)) | 0
}

/** RFC 4034 3.1.8.1: the RRSIG's data without the signature, then the records in canonical form and order. */
function signedData(set: RRset, signature: Signature): Buffer {
  const owner = nameToWire(ownerAsSigned(set.name, signature).toLowerCase())
  const fixed = Buffer.alloc(8)
  fixed.writeUInt16BE(typeNumber(set.type), 0)
  fixed.writeUInt16BE(set.records[0]?.class ?? 1, 2)
  fixed.writeUInt32BE(signature.originalTtl, 4)
  const data = set.records.map(canonicalRdata).sort((a, b) => a.compare(b))
  const parts = [signature.head, nameToWire(signature.signer.toLowerCase())]
  for (const [index, rdata] of data.entries()) {
    if (index > 0 && data[index - 1]?.equals(rdata)) continue
    const length = Buffer.alloc(2)
    length.writeUInt16BE(rdata.length)
    parts.push(owner, fixed, length, rdata)
  }
  return Buffer.concat(parts)
}

/** The wildcard that a record was made from, when it was (RFC 4035 5.3.2). */
function ownerAsSigned(name: string, { labels }: Signature): string {
  if (labels >= signedLabels(name)) return name
  return nameOf(['*', ...labelsOf(name).slice(-labels || Infinity)])
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}

function spanText(seconds: number): string {
  const [size, unit] = seconds >= 86_400 ? [86_400, 'day'] : seconds >= 3600 ? [3600, 'hour'] : [60, 'minute']
  const count = Math.floor(seconds / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
