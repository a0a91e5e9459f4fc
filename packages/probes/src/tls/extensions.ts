import { DerError, DerReader, type DerValue } from './der.ts'

/** What a certificate says in its extensions (RFC 5280 4.2), as far as chains are judged by it. */
export type Extensions = {
  /** basicConstraints: whether it may issue, and how many authorities may follow below it. */
  isAuthority: boolean
  pathLength: number | undefined
  /** keyUsage, by its names in RFC 5280; undefined when any use is allowed. */
  keyUsage: readonly string[] | undefined
  /** extKeyUsage, as OIDs; undefined when any purpose is allowed. */
  purposes: readonly string[] | undefined
  /** nameConstraints for DNS names and addresses; undefined when there are none of that kind. */
  permitted: NameSpaces
  excluded: NameSpaces
  /** The TLS feature status_request (RFC 7633): "must staple". */
  mustStaple: boolean
  /** OIDs of critical extensions that neither OpenSSL nor we understand. */
  unknownCritical: readonly string[]
}

/** Parts of the name space: domains without a leading dot, and addresses with their masks. */
export type NameSpaces = { dns: readonly string[]; ip: readonly Buffer[] }

/** The parts of a certificate that Node does not give. Throws `DerError` when it is no certificate in DER. */
export type CertificateParts = {
  /** The subject's name in DER, and the bits of the public key: what OCSP names an issuer by. */
  subject: Buffer
  keyBits: Buffer
  extensions: Extensions
}

const oids = {
  keyUsage: '2.5.29.15',
  alternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  extKeyUsage: '2.5.29.37',
  tlsFeature: '1.3.6.1.5.5.7.1.24',
}
// Policies and the proxy certificates of grids: OpenSSL knows them, and no more is to be said of them here.
const understood = new Set([...Object.values(oids), '2.5.29.32', '2.5.29.33', '2.5.29.36', '2.5.29.54', '2.5.29.31'])

const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

/** Reads a certificate in DER. Throws `DerError`. */
export function readCertificate(der: Buffer): CertificateParts {
  const [toBeSigned] = new DerReader(der).one().children()
  if (toBeSigned === undefined) throw new DerError('a certificate without content')
  const fields = toBeSigned.children()
  // The version is left out in version 1.
  const [, , , , subject, key] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields
  const keyBits = key?.children()[1]?.bits()
  if (subject === undefined || keyBits === undefined) throw new DerError('a certificate without subject or key')
  const wrapper = fields.find(({ tag }) => tag === 0xa3)
  return { subject: subject.whole, keyBits, extensions: readExtensions(wrapper?.children()[0]?.children() ?? []) }
}

function readExtensions(list: readonly DerValue[]): Extensions {
  const found = new Map<string, DerValue>()
  const unknownCritical: string[] = []
  for (const extension of list) {
    const parts = extension.children()
    const oid = parts[0]?.oid() ?? ''
    const value = parts.at(-1)
    const critical = parts.length > 2 && parts[1]?.content[0] !== 0
    if (critical && !understood.has(oid)) unknownCritical.push(oid)
    if (value !== undefined && understood.has(oid)) found.set(oid, value)
  }
  const inner = (oid: string): DerValue | undefined => {
    const value = found.get(oid)
    return value === undefined ? undefined : new DerReader(value.content).one()
  }
  const basic = inner(oids.basicConstraints)?.children() ?? []
  const constraints = inner(oids.nameConstraints)?.children() ?? []
  const [lengthAt] = basic.filter(({ tag }) => tag === 0x02)
  return {
    isAuthority: basic[0]?.tag === 0x01 && basic[0].content[0] !== 0,
    pathLength: lengthAt?.integer(),
    keyUsage: usagesOf(inner(oids.keyUsage)),
    purposes: inner(oids.extKeyUsage)
      ?.children()
      .map((value) => value.oid()),
    permitted: spacesOf(constraints.find(({ tag }) => tag === 0xa0)),
    excluded: spacesOf(constraints.find(({ tag }) => tag === 0xa1)),
    // Feature 5 is the extension status_request.
    mustStaple: (inner(oids.tlsFeature)?.children() ?? []).some((value) => value.integer() === 5),
    unknownCritical,
  }
}

function usagesOf(value: DerValue | undefined): string[] | undefined {
  if (value === undefined) return undefined
  const bits = value.bits()
  return keyUsages.filter((_, index) => ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0)
}

function spacesOf(subtrees: DerValue | undefined): NameSpaces {
  const bases = (subtrees?.children() ?? []).flatMap((subtree) => subtree.children().slice(0, 1))
  return {
    dns: bases
      .filter(({ tag }) => tag === 0x82)
      .map(({ content }) => content.toString('latin1').toLowerCase().replace(/^\./, '')),
    ip: bases.filter(({ tag }) => tag === 0x87).map(({ content }) => content),
  }
}
