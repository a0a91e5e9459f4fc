import { isIP } from 'node:net'
import { TargetFailure } from '../failure.ts'
import type { ChainLink } from './chain.ts'
import { trustedIssuer } from './trust.ts'

export type Judged = {
  chain: readonly ChainLink[]
  /** The name or address that the certificate must be for. */
  name: string
  /** OpenSSL's own word on the chain, without the name; empty when it verified. */
  verifyError: string
  caPem: string | undefined
  nowMs: number
}

/**
 * Whether a browser would trust this chain for this name; the failure tells the first of these that is so: no certificate,
 * expired, not yet valid, self-signed, untrusted, incomplete, otherwise invalid, for another name, weak.
 *
 * OpenSSL decides whether the chain verifies, as it tries every path. What it says of a chain that does not is one code of
 * many at best, so the reason is found here, from the certificates.
 */
export function judgeChain(judged: Judged): TargetFailure | undefined {
  const { chain, verifyError } = judged
  const [leaf] = chain
  if (leaf === undefined) return new TargetFailure('tls_handshake_failed', 'the server sent no certificate')
  return (verifyError === '' ? undefined : untrusted(judged, leaf)) ?? wrongName(leaf, judged.name) ?? weak(chain)
}

function untrusted({ chain, verifyError, caPem, nowMs }: Judged, leaf: ChainLink): TargetFailure {
  const expired = chain.findIndex(({ notAfterMs }) => notAfterMs < nowMs)
  if (expired !== -1) {
    const { facts, notAfterMs } = chain[expired] as ChainLink
    const ago = spanText(nowMs - notAfterMs)
    return new TargetFailure('tls_expired', `${which(chain, expired)} expired ${ago} ago, on ${facts.notAfter}`)
  }
  const early = chain.findIndex(({ notBeforeMs }) => notBeforeMs > nowMs)
  if (early !== -1) {
    const { facts, notBeforeMs } = chain[early] as ChainLink
    const until = spanText(notBeforeMs - nowMs)
    return new TargetFailure(
      'tls_not_yet_valid',
      `${which(chain, early)} is not valid for another ${until}, until ${facts.notBefore}`,
    )
  }
  const path = pathFrom(leaf, chain)
  const last = path.at(-1) ?? leaf
  const end = `${which(chain, chain.indexOf(last))}, issued by "${last.facts.issuer}"`
  const anchor = trustedIssuer(last.x509, caPem)
  if (anchor === undefined && isSelfSigned(leaf)) {
    return new TargetFailure(
      'tls_self_signed',
      `${which(chain, 0)} is signed by itself and is not among the trusted roots`,
    )
  }
  if (anchor === undefined && isSelfSigned(last)) {
    return new TargetFailure(
      'tls_untrusted_root',
      `the chain ends in ${which(chain, chain.indexOf(last))}, which is not trusted here`,
    )
  }
  if (anchor === undefined && path.length === 1 && lacksIntermediate(leaf, chain, caPem)) {
    return new TargetFailure(
      'tls_incomplete_chain',
      `the server sent ${chain.length === 1 ? 'only ' : ''}${end}, which it did not send and which is no trusted root`,
    )
  }
  if (anchor === undefined) {
    return new TargetFailure('tls_untrusted_root', `the chain ends in ${end}, which is not among the trusted roots`)
  }
  if (verifyError === 'CERT_HAS_EXPIRED') {
    return new TargetFailure(
      'tls_expired',
      `a trusted root that the chain ends in has expired: "${anchor.subject.replaceAll('\n', ', ')}"`,
    )
  }
  if (verifyError === 'CERT_REVOKED') return new TargetFailure('tls_revoked', `${which(chain, 0)} is revoked`)
  return new TargetFailure('tls_invalid_chain', `the chain of ${which(chain, 0)} does not verify: ${verifyError}`)
}

/**
 * A leaf alone whose issuer is unknown: was an intermediate left out, or is its authority not trusted? A public authority
 * says where its intermediate can be had (AIA, RFC 5280 4.2.2.1). A check that names its own roots takes the leaf to be theirs.
 * A server that sent other certificates, none of which issued the leaf, sent the wrong intermediate.
 */
function lacksIntermediate(leaf: ChainLink, chain: readonly ChainLink[], caPem: string | undefined): boolean {
  return chain.length > 1 || (leaf.x509.infoAccess ?? '').includes('CA Issuers') || caPem !== undefined
}

/** From the leaf upwards through the certificates sent, in whichever order they came. */
function pathFrom(leaf: ChainLink, chain: readonly ChainLink[]): ChainLink[] {
  const path = [leaf]
  for (;;) {
    const last = path.at(-1) as ChainLink
    const next = isSelfSigned(last)
      ? undefined
      : chain.find((one) => !path.includes(one) && last.x509.checkIssued(one.x509))
    if (next === undefined) return path
    path.push(next)
  }
}

function isSelfSigned({ x509 }: ChainLink): boolean {
  return x509.checkIssued(x509)
}

function wrongName(leaf: ChainLink, name: string): TargetFailure | undefined {
  // RFC 6125 6.4.4 lets the common name count where there is no alternative name; browsers and Go have stopped to.
  const matches =
    isIP(name) === 0
      ? leaf.x509.checkHost(name, { subject: 'never', partialWildcards: false }) !== undefined
      : leaf.x509.checkIP(name) !== undefined
  if (matches) return undefined
  const { san, subject } = leaf.facts
  const shown = san.slice(0, 8).join(', ') + (san.length > 8 ? ` and ${san.length - 8} more` : '')
  return new TargetFailure(
    'tls_hostname_mismatch',
    `asked for ${name}, the certificate "${subject}" is for ${san.length === 0 ? 'no name at all (it has no subjectAltName)' : shown}`,
  )
}

function weak(chain: readonly ChainLink[]): TargetFailure | undefined {
  for (const [index, link] of chain.entries()) {
    const { keyType, keyBits, signature } = link.facts
    if (keyType.startsWith('rsa') && keyBits !== null && keyBits < 2048) {
      return new TargetFailure('tls_weak', `${which(chain, index)} has an RSA key of ${keyBits} bits`)
    }
    // A root is trusted for itself, not for its signature.
    if (/md[245]|sha-?1(?!\d)/i.test(signature) && !isSelfSigned(link)) {
      return new TargetFailure('tls_weak', `${which(chain, index)} is signed with ${signature}`)
    }
  }
  return undefined
}

function which(chain: readonly ChainLink[], index: number): string {
  const ordinal = ['1st', '2nd', '3rd'][index] ?? `${index + 1}th`
  return `certificate "${chain[index]?.facts.subject ?? ''}" (${ordinal} of ${chain.length})`
}

/** A span of time to one unit: "3 days", "1 hour", "20 minutes", "5 seconds". */
export function spanText(ms: number): string {
  const units = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ] as const
  const [size, unit] = units.find(([one]) => ms >= one) ?? units[3]
  const count = Math.floor(ms / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
