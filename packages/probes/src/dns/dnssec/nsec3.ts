import { createHash } from 'node:crypto'
import { isWithin, labelsOf, nameOf, nameToWire, sameName } from '../../net/dns-name.ts'
import { cursorOf, typesIn } from '../../net/dns-rdata.ts'
import { base32 } from '../../net/dns-text.ts'
import { type Denial, denialByTypes, endsAuthority, type Proofs, wildcardOf } from './denial.ts'
import type { RRset } from './rrset.ts'
import type { Ledger } from './signature.ts'
import { insecure } from './status.ts'

type Nsec3 = { hash: string; next: string; optOut: boolean; types: string[] }
type Hashing = { iterations: number; salt: Buffer }

// RFC 9276 3.2: beyond a limit the zone counts as unsigned. That of unbound and, for years, BIND.
const maxIterations = 150
const sha1 = 1
const optOutFlag = 1

/**
 * Denial by NSEC3 (RFC 5155 8): the same as NSEC over hashes of names, so that what does not exist is shown by way of the
 * closest name that does. Throws `DnsFormatError`, or `NotSecure` for hashing that is too much to do.
 */
export function nsec3Proofs(sets: readonly RRset[], zone: string, ledger: Ledger): Proofs | undefined {
  const all: Nsec3[] = []
  let hashing: Hashing | undefined
  for (const { name, records } of sets) {
    const [label = '', ...above] = labelsOf(name)
    if (!sameName(nameOf(above), zone)) continue
    for (const record of records) {
      const cursor = cursorOf(record)
      const algorithm = cursor.u8()
      const flags = cursor.u8()
      const iterations = cursor.u16()
      const salt = cursor.take(cursor.u8())
      const next = base32(cursor.take(cursor.u8()))
      // RFC 5155 8.1 and 8.2: what is unknown is left out, and all of an answer hash alike.
      if (algorithm !== sha1 || flags > optOutFlag) continue
      hashing ??= { iterations, salt }
      if (hashing.iterations !== iterations || !hashing.salt.equals(salt)) return undefined
      all.push({ hash: label.toLowerCase(), next, optOut: flags === optOutFlag, types: typesIn(cursor) })
    }
  }
  if (hashing === undefined) return undefined
  const { iterations } = hashing
  if (iterations > maxIterations) throw insecure(`${zone} hashes its names ${iterations} times, which is too often`)
  return new HashedProofs(all, hashing, zone, ledger)
}

class HashedProofs implements Proofs {
  readonly #all: readonly Nsec3[]
  readonly #hashing: Hashing
  readonly #zone: string
  readonly #ledger: Ledger
  readonly #hashes = new Map<string, string>()

  constructor(all: readonly Nsec3[], hashing: Hashing, zone: string, ledger: Ledger) {
    this.#all = all
    this.#hashing = hashing
    this.#zone = zone
    this.#ledger = ledger
  }

  noData(name: string, type: string): Denial | undefined {
    const own = this.#matching(name)
    if (own !== undefined) return denialByTypes(own.types, type, name === '.')
    const found = this.#closest(name)
    if (found === undefined) return undefined
    const wildcard = this.#matching(wildcardOf(found.encloser))
    const denied = wildcard === undefined ? undefined : denialByTypes(wildcard.types, type, false)
    if (denied !== undefined) return { ...denied, optOut: found.optOut }
    return found.optOut ? { optOut: true, delegation: type === 'DS' } : undefined
  }

  noName(name: string): Denial | undefined {
    const found = this.#closest(name)
    if (found === undefined || this.#covering(wildcardOf(found.encloser)) === undefined) return undefined
    return { optOut: found.optOut, delegation: false }
  }

  noCloser(name: string, wildcardLabels: number): Denial | undefined {
    const nextCloser = nameOf(labelsOf(name).slice(-(wildcardLabels + 1)))
    const around = this.#covering(nextCloser)
    return around === undefined ? undefined : { optOut: around.optOut, delegation: false }
  }

  /** RFC 5155 8.3: the longest name above that exists, with the proof that the next longer one does not. */
  #closest(name: string): { encloser: string; optOut: boolean } | undefined {
    const labels = labelsOf(name)
    for (let skip = 1; skip <= labels.length; skip++) {
      const encloser = nameOf(labels.slice(skip))
      if (!isWithin(encloser, this.#zone)) return undefined
      const own = this.#matching(encloser)
      if (own === undefined) continue
      if (endsAuthority(own.types)) return undefined
      const around = this.#covering(nameOf(labels.slice(skip - 1)))
      return around === undefined ? undefined : { encloser, optOut: around.optOut }
    }
    return undefined
  }

  #matching(name: string): Nsec3 | undefined {
    const hash = this.#hash(name)
    return this.#all.find((one) => one.hash === hash)
  }

  #covering(name: string): Nsec3 | undefined {
    const hash = this.#hash(name)
    return this.#all.find((one) =>
      one.hash < one.next ? one.hash < hash && hash < one.next : one.hash < hash || hash < one.next,
    )
  }

  #hash(name: string): string {
    const folded = name.toLowerCase()
    const known = this.#hashes.get(folded)
    if (known !== undefined) return known
    const { iterations, salt } = this.#hashing
    this.#ledger.hashes(iterations + 1)
    let digest = createHash('sha1').update(nameToWire(folded)).update(salt).digest()
    for (let index = 0; index < iterations; index++) digest = createHash('sha1').update(digest).update(salt).digest()
    const hash = base32(digest)
    this.#hashes.set(folded, hash)
    return hash
  }
}
