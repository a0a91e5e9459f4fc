import type { DnsRecord } from '../../net/dns-message.ts'
import { foldedName, labelsOf, sameName } from '../../net/dns-name.ts'
import { cursorOf } from '../../net/dns-rdata.ts'
import { typeName } from '../../net/dns-types.ts'

/** All records of one name and type in a section: what a signature covers (RFC 4034 3). */
export type RRset = { name: string; type: string; records: DnsRecord[]; signatures: Signature[] }

/** An RRSIG record (RFC 4034 3.1). */
export type Signature = {
  algorithm: number
  /** Of the name that was signed, which is a wildcard when these are fewer than the record's own. */
  labels: number
  originalTtl: number
  /** Seconds since 1970 modulo 2^32. */
  expiration: number
  inception: number
  keyTag: number
  signer: string
  /** What comes before the signer's name in what was signed. */
  head: Buffer
  signature: Buffer
}

/** The sets of a section in the order in which they come, each with its signatures. Throws `DnsFormatError`. */
export function rrsetsOf(section: readonly DnsRecord[]): RRset[] {
  const sets = new Map<string, RRset>()
  for (const record of section) {
    if (record.type === 'RRSIG') continue
    const key = `${record.type} ${foldedName(record.name)}`
    const known = sets.get(key)
    if (known === undefined) {
      sets.set(key, { name: record.name, type: record.type, records: [record], signatures: [] })
    } else {
      known.records.push(record)
    }
  }
  for (const record of section) {
    if (record.type !== 'RRSIG') continue
    const { covered, signature } = signatureOf(record)
    sets.get(`${covered} ${foldedName(record.name)}`)?.signatures.push(signature)
  }
  return [...sets.values()]
}

export function findSet(sets: readonly RRset[], name: string, type: string): RRset | undefined {
  return sets.find((set) => set.type === type && sameName(set.name, name))
}

function signatureOf(record: DnsRecord): { covered: string; signature: Signature } {
  const cursor = cursorOf(record)
  const covered = typeName(cursor.u16())
  const algorithm = cursor.u8()
  const labels = cursor.u8()
  const originalTtl = cursor.u32()
  const expiration = cursor.u32()
  const inception = cursor.u32()
  const keyTag = cursor.u16()
  const head = record.message.subarray(record.start, cursor.at)
  const signer = cursor.name()
  const signature = cursor.rest()
  return {
    covered,
    signature: { algorithm, labels, originalTtl, expiration, inception, keyTag, signer, head, signature },
  }
}

/** The labels of a name as signatures count them: without the root, and without a leading wildcard (RFC 4034 3.1.3). */
export function signedLabels(name: string): number {
  const labels = labelsOf(name)
  return labels[0] === '*' ? labels.length - 1 : labels.length
}
