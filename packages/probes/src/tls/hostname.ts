import { isIP } from 'node:net'
import { TargetFailure } from '../failure.ts'
import type { ChainLink } from './chain.ts'
import { listed, shortened } from './wording.ts'

/**
 * Whether the certificate is for this name or address (RFC 6125): only subjectAltName counts, a wildcard stands for one label
 * and only as the whole of the leftmost, an address is compared with addresses alone.
 */
export function wrongName(leaf: ChainLink, name: string): TargetFailure | undefined {
  if (isFor(leaf, name)) return undefined
  const { san, subject } = leaf.facts
  const names = san.length === 0 ? 'no name at all (it has no subjectAltName)' : listed(san)
  return new TargetFailure(
    'tls_hostname_mismatch',
    `asked for ${name}, the certificate \`${shortened(subject)}\` is for ${names}`,
    { seen: { name, names, certificate: shortened(subject) } },
  )
}

// OpenSSL reads the whole list of names for every comparison. By the link, which is one object as long as it is remembered.
const decided = new WeakMap<ChainLink, Map<string, boolean>>()
const maxNames = 64

function isFor(leaf: ChainLink, name: string): boolean {
  const names = decided.get(leaf) ?? new Map<string, boolean>()
  if (names.size === 0) decided.set(leaf, names)
  const known = names.get(name)
  if (known !== undefined) return known
  const answer = compare(leaf, name)
  if (names.size < maxNames) names.set(name, answer)
  return answer
}

function compare({ x509 }: ChainLink, name: string): boolean {
  try {
    // RFC 6125 6.4.4 lets the common name count where there is no alternative name; browsers and Go have stopped to.
    return isIP(name) === 0
      ? x509.checkHost(name, { subject: 'never', partialWildcards: false }) !== undefined
      : x509.checkIP(name) !== undefined
  } catch {
    // What OpenSSL cannot compare does not match.
    return false
  }
}
