import type { X509Certificate } from 'node:crypto'
import type { ChainLink } from './chain.ts'
import { trustedNamesakes } from './trust.ts'

/** The way from the leaf upwards, as far as it leads. */
export type Path = {
  /** Of the certificates that were sent, the leaf first, in whichever order they came. */
  links: ChainLink[]
  /** The trusted certificate that issued the last of them, or that it is itself. */
  anchor: X509Certificate | undefined
  /** Whether the last one names an issuer that is here but did not sign it. */
  forged: boolean
}

/**
 * Finds the way that a browser would find: at every step the trusted certificate that issued the last one, else one that was
 * sent; of several, one that is valid now. Only asked for when there is something to be explained, as it checks signatures.
 */
export function pathFrom(chain: readonly [ChainLink, ...ChainLink[]], caPem: string | undefined, nowMs: number): Path {
  const links = [chain[0]]
  for (;;) {
    const last = links.at(-1) as ChainLink
    const trusted = trustedNamesakes(last.x509, caPem)
    const anchors = trusted.filter((one) => isSame(one, last.x509) || issued(one, last))
    const sent = isSelfIssued(last)
      ? []
      : chain.filter((one) => !links.includes(one) && one.x509.subject === last.x509.issuer && issued(one.x509, last))
    const valid = anchors.find((one) => isValidAt(one.validFromDate.getTime(), one.validToDate.getTime(), nowMs))
    if (valid !== undefined) return { links, anchor: valid, forged: false }
    const next = sent.find(({ notBeforeMs, notAfterMs }) => isValidAt(notBeforeMs, notAfterMs, nowMs)) ?? sent[0]
    const [expired] = anchors
    if (expired !== undefined && !(next !== undefined && isValidAt(next.notBeforeMs, next.notAfterMs, nowMs))) {
      return { links, anchor: expired, forged: false }
    }
    if (next === undefined) return { links, anchor: undefined, forged: isForged(last, chain, trusted) }
    links.push(next)
  }
}

/** Whether a certificate names itself as its issuer. */
export function isSelfIssued({ x509 }: ChainLink): boolean {
  return x509.issuer === x509.subject
}

function isForged(last: ChainLink, chain: readonly ChainLink[], trusted: readonly X509Certificate[]): boolean {
  const claimed = [...trusted, ...chain.map(({ x509 }) => x509)]
  return claimed.some((one) => last.x509.checkIssued(one)) && !(isSelfIssued(last) && signed(last.x509, last))
}

function isSame(a: X509Certificate, b: X509Certificate): boolean {
  return a.fingerprint256 === b.fingerprint256
}

/**
 * By name and signature. OpenSSL's `checkIssued` asks for more (that the issuer may sign certificates), and the want of that
 * is to be told as such.
 */
function issued(issuer: X509Certificate, { x509 }: ChainLink): boolean {
  return issuer.subject === x509.issuer && signed(issuer, { x509 })
}

function signed(issuer: X509Certificate, { x509 }: Pick<ChainLink, 'x509'>): boolean {
  try {
    return x509.verify(issuer.publicKey)
  } catch {
    // A key or an algorithm that OpenSSL does not know.
    return false
  }
}

function isValidAt(fromMs: number, toMs: number, nowMs: number): boolean {
  return fromMs <= nowMs && nowMs <= toMs
}
