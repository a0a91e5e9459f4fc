import { type DnssecStatus, parseTrustAnchor, type TrustAnchor } from '@sonde/core'
import type { DnsMessage, Question } from '../../net/dns-message.ts'
import { isWithin, labelsOf, nameOf, sameName } from '../../net/dns-name.ts'
import { cursorOf } from '../../net/dns-rdata.ts'
import { Chain } from './chain.ts'
import type { Denial } from './denial.ts'
import type { LookUp } from './look-up.ts'
import { findSet, type RRset, rrsetsOf, signedLabels } from './rrset.ts'
import type { Ledger } from './signature.ts'
import { bogus, indeterminate, insecure, isGraver, NotSecure } from './status.ts'

export type Validated = {
  status: DnssecStatus
  /** Why it is not secure; null when it is. */
  reason: string | null
  /** When the first of the signatures expires that were checked, in seconds since 1970. */
  expiresSeconds: number | null
  /** For how long that signature is good in all, in seconds. */
  lifeSeconds: number | null
}

// A chain has two signatures a zone; much more is an attack, or a zone that one is glad to hear of.
const maxChecks = 100
// Some tens of milliseconds; a zone as RFC 9276 wants it needs a few dozen.
const maxRounds = 20_000

/**
 * Judges an answer by DNSSEC (RFC 4035 5): every set of records that it rests on, and the proofs where it denies, up to the
 * trust anchors. `nowSeconds` is since 1970. Throws `DnsFormatError` for records that cannot be read, and what `lookUp` throws.
 */
export async function validate(
  question: Question,
  message: DnsMessage,
  { anchors, lookUp, nowSeconds }: { anchors: readonly string[]; lookUp: LookUp; nowSeconds: number },
): Promise<Validated> {
  const ledger = new Counting(nowSeconds)
  const read = anchors.map(parseTrustAnchor).filter((anchor): anchor is TrustAnchor => anchor !== undefined)
  const validation = new Validation(question, message, new Chain(read, lookUp, ledger))
  const { status, reason } = await validation.run()
  return { status, reason, expiresSeconds: ledger.earliest, lifeSeconds: ledger.life }
}

class Counting implements Ledger {
  readonly nowSeconds: number
  earliest: number | null = null
  life: number | null = null
  #checks = 0
  #rounds = 0

  constructor(nowSeconds: number) {
    this.nowSeconds = nowSeconds
  }

  spend(): void {
    this.#checks += 1
    if (this.#checks > maxChecks) throw indeterminate(`more than ${maxChecks} signatures would have to be checked`)
  }

  hashes(rounds: number): void {
    this.#rounds += rounds
    if (this.#rounds > maxRounds) throw indeterminate(`more than ${maxRounds} rounds of hashing names would be needed`)
  }

  expires(seconds: number, lifeSeconds: number): void {
    if (this.earliest !== null && this.earliest <= seconds) return
    this.earliest = seconds
    this.life = lifeSeconds
  }
}

const maxAliases = 16

class Validation {
  readonly #question: Question
  readonly #message: DnsMessage
  readonly #chain: Chain
  readonly #sets: RRset[]
  #gravest: NotSecure | undefined

  constructor(question: Question, message: DnsMessage, chain: Chain) {
    this.#question = question
    this.#message = message
    this.#chain = chain
    this.#sets = rrsetsOf(message.answers)
  }

  async run(): Promise<{ status: DnssecStatus; reason: string | null }> {
    await this.#note(() => this.#judge())
    return { status: this.#gravest?.status ?? 'secure', reason: this.#gravest?.message ?? null }
  }

  /** What is wrong with one part of an answer does not hide what is wrong with another. */
  async #note(part: () => Promise<void>): Promise<void> {
    try {
      await part()
    } catch (error) {
      if (!(error instanceof NotSecure)) throw error
      if (this.#gravest === undefined || isGraver(error.status, this.#gravest.status)) this.#gravest = error
    }
  }

  async #judge(): Promise<void> {
    const { name, type } = this.#question
    const { rcode } = this.#message
    if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') throw indeterminate(`the server answered ${rcode}`)
    if (type === 'RRSIG') throw indeterminate('signatures are not signed themselves')
    let owner = name
    for (let hops = 0; hops <= maxAliases; hops++) {
      const answers = this.#answersFor(owner)
      for (const set of answers) await this.#note(() => this.#verify(set))
      if (answers.length > 0) return
      const target = await this.#follow(owner)
      if (target === undefined) return await this.#deny(owner, hops)
      owner = target
    }
    throw bogus(`more than ${maxAliases} aliases lead away from ${name}`)
  }

  #answersFor(owner: string): RRset[] {
    const { type } = this.#question
    return this.#sets.filter((set) => (set.type === type || type === 'ANY') && sameName(set.name, owner))
  }

  /** Where an alias at the name leads, itself or one that a DNAME above makes (RFC 6672 5.3.1); undefined without one. */
  async #follow(owner: string): Promise<string | undefined> {
    const alias = findSet(this.#sets, owner, 'CNAME')
    if (alias === undefined) return undefined
    const target = targetOf(alias)
    const redirect = this.#sets.find(
      (set) => set.type === 'DNAME' && isWithin(owner, set.name) && !sameName(owner, set.name),
    )
    if (redirect === undefined || alias.signatures.length > 0) {
      await this.#note(() => this.#verify(alias))
      return target
    }
    await this.#note(() => this.#verify(redirect))
    const kept = labelsOf(owner).slice(0, -labelsOf(redirect.name).length)
    if (!sameName(nameOf([...kept, ...labelsOf(targetOf(redirect))]), target)) {
      await this.#note(() => Promise.reject(bogus(`${owner} CNAME is not what ${redirect.name} DNAME makes of it`)))
    }
    return target
  }

  async #verify(set: RRset): Promise<void> {
    if (set.signatures.length === 0) {
      const zone = set.type === 'DS' ? nameOf(labelsOf(set.name).slice(1)) : set.name
      return await this.#chain.unsigned(zone, `${set.name} ${set.type}`)
    }
    const { labels } = await this.#chain.verify(set)
    if (labels >= signedLabels(set.name)) return
    // Made from a wildcard: it must be shown that nothing closer was there (RFC 4035 5.3.4).
    const proofs = await this.#chain.proofs(this.#message)
    const denial = proofs?.noCloser(set.name, labels)
    if (denial === undefined)
      throw bogus(`${set.name} ${set.type} is of a wildcard, without proof that the name does not exist`)
    this.#heed(denial, set.name)
  }

  async #deny(owner: string, aliases: number): Promise<void> {
    const { type } = this.#question
    const { rcode, authorities } = this.#message
    const what = rcode === 'NXDOMAIN' ? `that ${owner} does not exist` : `that ${owner} has no ${type} record`
    if (authorities.every((record) => record.type !== 'SOA' && record.type !== 'NSEC' && record.type !== 'NSEC3')) {
      if (aliases > 0) throw indeterminate(`the alias leads to ${owner}, of which the server says nothing`)
    }
    const proofs = await this.#chain.proofs(this.#message)
    if (proofs === undefined) {
      const zone = type === 'DS' ? nameOf(labelsOf(owner).slice(1)) : owner
      return await this.#chain.unsigned(zone, `the answer ${what}`)
    }
    const denial = rcode === 'NXDOMAIN' ? proofs.noName(owner) : proofs.noData(owner, type)
    if (denial === undefined) throw bogus(`the proof ${what} does not hold`)
    this.#heed(denial, owner)
  }

  #heed({ optOut }: Denial, name: string): void {
    if (optOut) throw insecure(`an unsigned delegation may lie at ${name}: its zone leaves these out (opt-out)`)
  }
}

function targetOf({ records }: RRset): string {
  const [first] = records
  if (first === undefined) throw new Error('a set without records')
  return cursorOf(first).name()
}
