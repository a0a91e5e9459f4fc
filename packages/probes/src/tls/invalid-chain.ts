import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { nameText } from './certificate.ts'
import type { ChainLink } from './chain.ts'
import { type Extensions, readCertificate } from './extensions.ts'
import type { Path } from './path.ts'
import { shortened, which } from './wording.ts'

const serverAuth = '1.3.6.1.5.5.7.3.1'
const anyPurpose = '2.5.29.37.0'

const purposeNames: Record<string, string> = {
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
}

type Step = { what: string; link: ChainLink | undefined; selfIssued: boolean; extensions: Extensions }

/**
 * What keeps a way that leads to a trusted root from being valid (RFC 5280 6.1), in words, or undefined when nothing is found.
 * OpenSSL has already decided that it is not; its one code of many says little of what, and nothing of where.
 */
export function chainFault(path: Path, chain: readonly ChainLink[]): string | undefined {
  let steps: Step[]
  try {
    steps = stepsOf(path, chain)
  } catch {
    return 'an extension of one of the certificates cannot be read'
  }
  const [leaf, ...issuers] = steps
  if (leaf === undefined) return undefined
  return (
    leafFault(leaf) ??
    firstOf(issuers, (issuer, index) => issuerFault(issuer, steps[index] as Step, issuers.slice(0, index))) ??
    firstOf(issuers, (issuer) => constraintFault(issuer, path.links[0] as ChainLink)) ??
    firstOf(steps, criticalFault)
  )
}

function stepsOf({ links, anchor }: Path, chain: readonly ChainLink[]): Step[] {
  const steps = links.map((link) => ({
    what: which(chain, link),
    link,
    selfIssued: link.x509.subject === link.x509.issuer,
    extensions: readCertificate(link.x509.raw).extensions,
  }))
  if (anchor === undefined || links.some(({ x509 }) => x509.fingerprint256 === anchor.fingerprint256)) return steps
  const what = `the trusted \`${shortened(nameText(anchor.subject))}\``
  const selfIssued = anchor.subject === anchor.issuer
  return [...steps, { what, link: undefined, selfIssued, extensions: readCertificate(anchor.raw).extensions }]
}

function leafFault({ what, extensions }: Step): string | undefined {
  const { purposes, keyUsage } = extensions
  if (!allowsServers(purposes)) return `${what} is not for servers: its extended key usage is ${purposeText(purposes)}`
  if (
    keyUsage !== undefined &&
    !keyUsage.some((one) => /^(?:digitalSignature|keyEncipherment|keyAgreement)$/.test(one))
  ) {
    return `${what} may not be used for TLS: its key usage is ${keyUsage.join(', ') || 'empty'}`
  }
  return undefined
}

function issuerFault(issuer: Step, below: Step, between: readonly Step[]): string | undefined {
  const { isAuthority, keyUsage, purposes, pathLength } = issuer.extensions
  if (!isAuthority) return `${issuer.what} issued ${below.what} but is no authority (basicConstraints)`
  if (keyUsage !== undefined && !keyUsage.includes('keyCertSign')) {
    return `${issuer.what} issued ${below.what} but may not sign certificates (its key usage is ${keyUsage.join(', ') || 'empty'})`
  }
  if (!allowsServers(purposes)) {
    return `${issuer.what} may not issue for servers: its extended key usage is ${purposeText(purposes)}`
  }
  const depth = between.filter(({ selfIssued }) => !selfIssued).length
  if (pathLength !== undefined && depth > pathLength) {
    return `${issuer.what} allows ${pathLength} ${pathLength === 1 ? 'authority' : 'authorities'} below it (path length), the chain has ${depth}`
  }
  return undefined
}

function allowsServers(purposes: readonly string[] | undefined): boolean {
  return purposes === undefined || purposes.includes(serverAuth) || purposes.includes(anyPurpose)
}

function purposeText(purposes: readonly string[] = []): string {
  return purposes
    .slice(0, 8)
    .map((oid) => purposeNames[oid] ?? oid)
    .join(', ')
}

function constraintFault({ what, extensions: { permitted, excluded } }: Step, leaf: ChainLink): string | undefined {
  for (const name of leaf.facts.san.filter((one) => !one.includes(':') || isIP(one) !== 0)) {
    const inside = (spaces: typeof permitted) =>
      isIP(name) === 0
        ? spaces.dns.some((domain) => isWithin(name.toLowerCase(), domain))
        : spaces.ip.some((range) => isInRange(name, range))
    const bound = isIP(name) === 0 ? permitted.dns.length > 0 : permitted.ip.length > 0
    if (bound && !inside(permitted)) return `${what} may not issue for ${name}: its name constraints do not permit it`
    if (inside(excluded)) return `${what} may not issue for ${name}: its name constraints exclude it`
  }
  return undefined
}

/** RFC 5280 4.2.1.10: a domain holds itself and everything below it; the empty one holds all. */
function isWithin(name: string, domain: string): boolean {
  return domain === '' || name === domain || name.endsWith(`.${domain}`)
}

/** The constraint is an address and its mask, one after the other. */
function isInRange(address: string, range: Buffer): boolean {
  const bytes = ipaddr.parse(address).toByteArray()
  if (range.length !== bytes.length * 2) return false
  return bytes.every((byte, index) => {
    const mask = range[bytes.length + index] ?? 0
    return (byte & mask) === ((range[index] ?? 0) & mask)
  })
}

function criticalFault({ what, extensions: { unknownCritical } }: Step): string | undefined {
  const [oid] = unknownCritical
  return oid === undefined ? undefined : `${what} has a critical extension that is not understood (${oid})`
}

function firstOf<Item>(
  items: readonly Item[],
  told: (item: Item, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const text = told(item, index)
    if (text !== undefined) return text
  }
  return undefined
}
