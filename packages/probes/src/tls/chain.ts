import { X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '@sonde/core'
import { certificateFacts } from './certificate.ts'

/** One certificate that a server sent, read once. A date that cannot be read is NaN. */
export type ChainLink = { x509: X509Certificate; facts: CertificateFacts; notBeforeMs: number; notAfterMs: number }

// A monitor sees the same certificates over and over; reading one takes longer than the rest of judging it. Bounded by what
// the certificates take as sent, as targets decide how large they are.
const read = new Map<string, { link: ChainLink; bytes: number }>()
const maxReadBytes = 8 * 1024 * 1024
let readBytes = 0
// OpenSSL takes 100 KiB of certificates from a server; nobody sends this many, and one who does is not worth our memory.
const maxLinks = 32

/** The certificates as they were sent, the leaf first, at most 32. */
export function readChain(leaf: X509Certificate | undefined): ChainLink[] {
  const chain: ChainLink[] = []
  for (let one = leaf; one !== undefined && chain.length < maxLinks; one = one.issuerCertificate) {
    chain.push(read.get(one.fingerprint256)?.link ?? remember(one))
  }
  return chain
}

function remember(certificate: X509Certificate): ChainLink {
  const { raw, fingerprint256 } = certificate
  const link = readLink(raw)
  read.set(fingerprint256, { link, bytes: raw.length })
  readBytes += raw.length
  for (const [oldest, { bytes }] of read) {
    if (readBytes <= maxReadBytes) break
    read.delete(oldest)
    readBytes -= bytes
  }
  return link
}

/** Reads one certificate in DER. Throws what OpenSSL says of bytes that are none. */
export function readLink(raw: Buffer): ChainLink {
  // A copy, as the one from the socket holds on to the rest of its chain.
  const x509 = new X509Certificate(raw)
  return {
    x509,
    facts: certificateFacts(x509),
    notBeforeMs: x509.validFromDate.getTime(),
    notAfterMs: x509.validToDate.getTime(),
  }
}

const dayMs = 86_400_000

/** The earliest end among the certificates sent, and the days until then, to a hundredth. */
export function earliestExpiry(
  chain: readonly ChainLink[],
  nowMs: number,
): { earliestExpiry: string | null; daysLeft: number | null } {
  const [first, ...rest] = chain.filter(({ notAfterMs }) => !Number.isNaN(notAfterMs))
  if (first === undefined) return { earliestExpiry: null, daysLeft: null }
  const { facts, notAfterMs } = rest.reduce((best, one) => (one.notAfterMs < best.notAfterMs ? one : best), first)
  return { earliestExpiry: facts.notAfter, daysLeft: Math.round(((notAfterMs - nowMs) / dayMs) * 100) / 100 }
}
