import { TargetFailure } from '../failure.ts'
import type { ChainLink } from './chain.ts'
import { wrongName } from './hostname.ts'
import { chainFault } from './invalid-chain.ts'
import { isSelfIssued, type Path, pathFrom } from './path.ts'
import { judgeStaple } from './staple.ts'
import { isOfTime, outOfTime } from './validity.ts'
import { weak } from './weakness.ts'
import { shortened, which, whichPlainly } from './wording.ts'

// What is seen, for the blanks of each code's cause and remedy:
//   tls_expired             certificate, ago, until (when it ended), issuer; leafUntil when it is not the leaf that expired;
//                           unneeded ("yes") when the leaf is trusted without it
//   tls_not_yet_valid       certificate, ahead ("1 day"), from
//   tls_self_signed         certificate
//   tls_untrusted_root      certificate (the last of the way), issuer
//   tls_incomplete_chain    certificate, issuer, and where the authority says so: issuerUrl
//   tls_invalid_chain       certificate (the leaf), reason
//   tls_revoked             certificate, ago, reason when it is told
//   tls_hostname_mismatch   certificate, name, names
//   tls_weak                certificate, weakness ("an RSA key of 1024 bits")
// and outside of this file
//   tls_protocol_version    versions (what the server speaks), wanted                        handshake.ts
//   tls_client_cert_required  clientCertificate ("none" or "refused"), said                  handshake-failure.ts
//   tls_not_tls             protocol and said after STARTTLS, else said                      starttls/, handshake-failure.ts
//   tls_handshake_failed    said                                                             handshake-failure.ts

export type Judged = {
  chain: readonly ChainLink[]
  /** The name or address that the certificate must be for. */
  name: string
  /** OpenSSL's own word on the chain, without the name; empty when it verified. */
  verifyError: string
  /** The authorities that take the place of the public ones. */
  caPem: string | undefined
  /** The OCSP answer that came with the handshake, in DER. */
  staple: Buffer | null
  nowMs: number
}

/**
 * Whether a browser would trust this chain for this name. The failure tells the first of these that is so:
 *
 * 1. there is no certificate: `tls_handshake_failed`
 * 2. one that was sent, or the root, has expired: `tls_expired`, or is not valid yet: `tls_not_yet_valid`; of several one on the
 *    way to the root
 * 3. the way leads to no trusted root: `tls_self_signed`, `tls_incomplete_chain`, `tls_untrusted_root`
 * 4. it leads to one but is not valid (purpose, key usage, path length, name constraints, signature): `tls_invalid_chain`
 * 5. the stapled OCSP answer says revoked: `tls_revoked`; or must be there and is not: `tls_invalid_chain`
 * 6. the certificate is for other names: `tls_hostname_mismatch`
 * 7. a key or signature on the way is weak: `tls_weak`
 *
 * Before all of these comes a version below the check's `minVersion` (`handshake.ts`), as a browser would not have gone on to
 * look at the chain.
 *
 * OpenSSL decides whether the chain verifies, as it tries every path. What it says of a chain that does not is one code of
 * many at best, so the reason is found here, from the certificates.
 */
export function judgeChain(judged: Judged): TargetFailure | undefined {
  const { name, verifyError, caPem, nowMs } = judged
  const [leaf, ...rest] = judged.chain
  if (leaf === undefined) return new TargetFailure('tls_handshake_failed', 'the server sent no certificate')
  const chain = [leaf, ...rest] as const
  return (
    (verifyError === '' ? lateOrEarly(chain, judged) : untrusted(chain, judged)) ??
    judgeStaple(chain, judged) ??
    wrongName(leaf, name) ??
    weak(chain, caPem, nowMs)
  )
}

type Chain = readonly [ChainLink, ...ChainLink[]]

function untrusted(chain: Chain, { verifyError, caPem, nowMs }: Judged): TargetFailure | undefined {
  const path = pathFrom(chain, caPem, nowMs)
  const found =
    outOfTime(chain, path, nowMs) ?? (path.anchor === undefined ? unanchored(chain, path, caPem) : undefined)
  if (found !== undefined) return found
  const fault = chainFault(path, chain)
  const aboutTime = /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/.test(verifyError)
  if (fault === undefined && aboutTime && isOff(nowMs)) return undefined
  return invalid(chain, fault ?? `${which(chain, chain[0])} does not verify: ${verifyError}`)
}

/** What is not of this time in a chain that OpenSSL verified: by a clock that is off, or beside the way that it took. */
function lateOrEarly(chain: Chain, { caPem, nowMs }: Judged): TargetFailure | undefined {
  if (!isOff(nowMs) && chain.every((link) => isOfTime(link, nowMs))) return undefined
  return outOfTime(chain, pathFrom(chain, caPem, nowMs), nowMs)
}

// OpenSSL judges by this machine's clock. Where that is off by more than this, what it says of the time does not count.
const trustedSkewMs = 1000

function isOff(nowMs: number): boolean {
  return Math.abs(nowMs - Date.now()) > trustedSkewMs
}

/** The way ends before a trusted root. */
function unanchored(chain: Chain, { links, forged }: Path, caPem: string | undefined): TargetFailure {
  const [leaf] = chain
  const last = links.at(-1) ?? leaf
  const issuer = shortened(last.facts.issuer)
  const certificate = whichPlainly(chain, last)
  if (forged) {
    return invalid(
      chain,
      `${which(chain, last)} is not signed by the key of \`${issuer}\`, which it names as its issuer`,
    )
  }
  if (isSelfIssued(leaf)) {
    const message = `${which(chain, leaf)} is signed by itself and is not among the trusted roots`
    return new TargetFailure('tls_self_signed', message, { seen: { certificate } })
  }
  if (isSelfIssued(last)) {
    const message = `the chain ends in ${which(chain, last)}, which is not trusted here`
    return new TargetFailure('tls_untrusted_root', message, { seen: { certificate, issuer } })
  }
  const end = `${which(chain, last)}, issued by \`${issuer}\``
  if (links.length === 1 && lacksIntermediate(leaf, chain, caPem)) {
    const issuerUrl = issuerUrlOf(leaf)
    const message = `the server sent ${chain.length === 1 ? 'only ' : ''}${end}, which it did not send and which is no trusted root`
    const seen = { certificate, issuer, ...(issuerUrl === undefined ? {} : { issuerUrl }) }
    return new TargetFailure('tls_incomplete_chain', message, { seen })
  }
  const message = `the chain ends in ${end}, which is not among the trusted roots`
  return new TargetFailure('tls_untrusted_root', message, { seen: { certificate, issuer } })
}

function invalid(chain: Chain, reason: string): TargetFailure {
  return new TargetFailure('tls_invalid_chain', reason, {
    seen: { certificate: whichPlainly(chain, chain[0]), reason },
  })
}

/**
 * A leaf alone whose issuer is unknown: was an intermediate left out, or is its authority not trusted? A public authority
 * says where its intermediate can be had (AIA, RFC 5280 4.2.2.1). A check that names its own roots takes the leaf to be theirs.
 * A server that sent other certificates, none of which issued the leaf, sent the wrong intermediate.
 */
function lacksIntermediate(leaf: ChainLink, chain: Chain, caPem: string | undefined): boolean {
  return chain.length > 1 || issuerUrlOf(leaf) !== undefined || caPem !== undefined
}

/** Where the issuer's certificate can be had, as the authority says. */
function issuerUrlOf({ x509 }: ChainLink): string | undefined {
  return /^CA Issuers - URI:(\S{1,300})$/m.exec(x509.infoAccess ?? '')?.[1]
}
