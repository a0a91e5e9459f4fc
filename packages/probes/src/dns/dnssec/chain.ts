import type { TrustAnchor } from '@sonde/core'
import type { DnsMessage } from '../../net/dns-message.ts'
import { foldedName, isWithin, labelsOf, nameOf, parentOf, sameName } from '../../net/dns-name.ts'
import type { Denial, Proofs } from './denial.ts'
import { type DelegationSigner, delegationSignerOf, isDigestOf, usableSigners, type ZoneKey, zoneKeyOf } from './key.ts'
import type { LookUp } from './look-up.ts'
import { proofsOf } from './proofs.ts'
import { findSet, type RRset, rrsetsOf } from './rrset.ts'
import { type Ledger, verifySet, type Zone } from './signature.ts'
import { bogus, indeterminate, insecure } from './status.ts'

/**
 * The chain of trust of one probe (RFC 4035 5): which zones have keys to be believed, each found once. Every method throws
 * `NotSecure` where the chain ends, and what a look-up throws.
 */
export class Chain {
  readonly #ledger: Ledger
  readonly #anchors: readonly TrustAnchor[]
  readonly #lookUp: LookUp
  readonly #zones = new Map<string, Promise<Zone>>()

  constructor(anchors: readonly TrustAnchor[], lookUp: LookUp, ledger: Ledger) {
    this.#anchors = anchors
    this.#lookUp = lookUp
    this.#ledger = ledger
  }

  /** A zone with the keys that its anchor, or the DS records of its parent, vouch for. */
  zone(name: string): Promise<Zone> {
    const key = foldedName(name)
    const known = this.#zones.get(key)
    if (known !== undefined) return known
    const found = this.#findZone(key)
    this.#zones.set(key, found)
    return found
  }

  /** Checks a set against the keys of the zone that signed it, which must be at `lowest` or above: at its name by default. */
  async verify(set: RRset, lowest = lowestSignerOf(set)): Promise<{ zone: Zone; labels: number }> {
    const signer = set.signatures.find((one) => isWithin(lowest, one.signer))?.signer
    if (signer === undefined) throw bogus(`${set.name} ${set.type} has no signature of a zone above it`)
    const zone = await this.zone(signer)
    return { zone, labels: verifySet(set, zone, this.#ledger).labels }
  }

  /**
   * The checked proofs among the records beside an answer that is none, of a zone at `lowest` or above; undefined when there
   * are none with signatures.
   */
  async proofs(message: DnsMessage, lowest?: string): Promise<Proofs | undefined> {
    const denials = rrsetsOf(message.authorities).filter(
      ({ type }) => type === 'NSEC' || type === 'NSEC3' || type === 'SOA',
    )
    let zone: string | undefined
    for (const set of denials) {
      if (set.signatures.length === 0) return undefined
      const checked = await this.verify(set, lowest)
      zone ??= checked.zone.name
      if (!sameName(checked.zone.name, zone)) throw bogus(`the proofs beside the answer are of ${zone} and of others`)
      if (checked.labels < labelsOf(set.name).length && set.type !== 'SOA' && !set.name.startsWith('*')) {
        throw bogus(`the proof ${set.name} ${set.type} was made from a wildcard`)
      }
    }
    return zone === undefined ? undefined : proofsOf(denials, zone, this.#ledger)
  }

  /**
   * Why a set came without a signature: throws insecure when a delegation without DS lies on the way from the anchor, proven by
   * the zone above it, and bogus when there is none, as then it should have been signed.
   */
  async unsigned(name: string, what: string): Promise<never> {
    const anchor = this.#anchorAbove(name)
    if (anchor === undefined) throw indeterminate(`no trust anchor is for ${name} or a zone above it`)
    await this.zone(anchor)
    const labels = labelsOf(name)
    let last = anchor
    for (let count = labelsOf(anchor).length + 1; count <= labels.length; count++) {
      const below = nameOf(labels.slice(-count))
      if ((await this.#cut(below)) === undefined) continue
      await this.zone(below)
      last = below
    }
    throw bogus(`${what} has no signature, although its zone ${last} is signed`)
  }

  #anchorAbove(name: string): string | undefined {
    return this.#anchors
      .map(({ zone }) => zone)
      .filter((zone) => isWithin(name, zone))
      .toSorted((a, b) => labelsOf(b).length - labelsOf(a).length)[0]
  }

  async #findZone(name: string): Promise<Zone> {
    const anchors = this.#anchors.filter(({ zone }) => sameName(zone, name))
    if (anchors.length > 0) return await this.#zoneWith(name, (key) => anchors.some((one) => isAnchor(one, name, key)))
    if (this.#anchorAbove(name) === undefined) {
      throw indeterminate(`no trust anchor is for ${name} or a zone above it`)
    }
    const signers = await this.#cut(name)
    if (signers === undefined) throw bogus(`${name} signs, but is no zone: its parent knows of no delegation`)
    return await this.#zoneWith(name, (key) => signers.some((ds) => isDigestOf(ds, name, key)))
  }

  /** The zone's keys, which one that is `trusted` must have signed (RFC 4035 5.2). */
  async #zoneWith(name: string, trusted: (key: ZoneKey) => boolean): Promise<Zone> {
    const message = await this.#answered(name, 'DNSKEY')
    const set = findSet(rrsetsOf(message.answers), name, 'DNSKEY')
    if (set === undefined) throw bogus(`${name} has no DNSKEY record, although its parent says that it is signed`)
    const keys = set.records.map(zoneKeyOf).filter((key) => key !== undefined)
    const entry = keys.filter(trusted)
    if (entry.length === 0) {
      const tags = keys.map(({ keyTag }) => keyTag).join(', ')
      throw bogus(`none of the keys of ${name} (${tags}) is one that its parent or a trust anchor vouches for`)
    }
    if (set.signatures.length === 0)
      throw bogus(`${name} DNSKEY came without its signature: does the server drop them?`)
    verifySet(set, { name, keys: entry }, this.#ledger)
    return { name, keys }
  }

  /**
   * What the parent says of a name: its DS records when a signed zone begins there, undefined when none does.
   * Throws `NotSecure` insecure when a zone begins there that is not signed, or not in a way that we know.
   */
  async #cut(name: string): Promise<DelegationSigner[] | undefined> {
    const message = await this.#answered(name, 'DS')
    const sets = rrsetsOf(message.answers)
    const found = findSet(sets, name, 'DS')
    if (found !== undefined) {
      if (found.signatures.length === 0) await this.unsigned(parentOf(name), `${name} DS`)
      await this.verify(found)
      const usable = usableSigners(found.records.map(delegationSignerOf))
      if (usable.length === 0) throw insecure(`${name} is signed with algorithms that are not known here`)
      return usable
    }
    const alias = findSet(sets, name, 'CNAME')
    if (alias !== undefined) {
      if (alias.signatures.length === 0) await this.unsigned(parentOf(name), `${name} CNAME`)
      await this.verify(alias, parentOf(name))
      return undefined
    }
    const denial = await this.#denialOfSigner(message, name)
    if (denial.optOut) throw insecure(`${name} may be an unsigned delegation: its parent leaves these out (opt-out)`)
    if (denial.delegation) throw insecure(`${name} is delegated without DNSSEC (no DS record at its parent)`)
    return undefined
  }

  async #denialOfSigner(message: DnsMessage, name: string): Promise<Denial> {
    // What the zone itself says of its DS is no use, and to believe it, it would have to be believed already.
    if (message.authorities.some((record) => record.type === 'SOA' && sameName(record.name, name))) {
      throw indeterminate(`the server answers for ${name} itself and not for the zone above it`)
    }
    const proofs = await this.proofs(message, parentOf(name))
    if (proofs === undefined) return await this.unsigned(parentOf(name), `that ${name} has no DS record`)
    const denial = message.rcode === 'NXDOMAIN' ? proofs.noName(name) : proofs.noData(name, 'DS')
    if (denial === undefined) throw bogus(`the proof that ${name} has no DS record does not hold`)
    return denial
  }

  async #answered(name: string, type: 'DS' | 'DNSKEY'): Promise<DnsMessage> {
    const message = await this.#lookUp(name, type)
    if (message.rcode === 'NOERROR' || (message.rcode === 'NXDOMAIN' && type === 'DS')) return message
    throw indeterminate(`the server answers ${message.rcode} for ${name} ${type}, which the chain of trust needs`)
  }
}

function isAnchor(anchor: TrustAnchor, zone: string, key: ZoneKey): boolean {
  return anchor.type === 'DS'
    ? isDigestOf({ ...anchor, digest: Buffer.from(anchor.digest, 'hex') }, zone, key)
    : anchor.algorithm === key.algorithm && Buffer.from(anchor.publicKey, 'base64').equals(key.publicKey)
}

function lowestSignerOf({ name, type }: RRset): string {
  // A DS record belongs to the zone above.
  return type === 'DS' ? parentOf(name) : name
}
