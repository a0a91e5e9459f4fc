import { X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '@sonde/core'
import { certificateFacts } from './certificate.ts'

/** One certificate that a server sent, read once. */
export type ChainLink = { x509: X509Certificate; facts: CertificateFacts; notBeforeMs: number; notAfterMs: number }

// A monitor sees the same certificates over and over; reading one takes longer than the rest of judging it.
const read = new Map<string, ChainLink>()
const maxRead = 4096
// Nobody sends this many; a server that does is not worth our memory.
const maxLinks = 16

/** The certificates as they were sent, the leaf first. */
export function readChain(leaf: X509Certificate | undefined): ChainLink[] {
  const chain: ChainLink[] = []
  for (let one = leaf; one !== undefined && chain.length < maxLinks; one = one.issuerCertificate) {
    const known = read.get(one.fingerprint256)
    const link = known ?? readLink(one)
    if (known === undefined) {
      if (read.size >= maxRead) read.delete(read.keys().next().value ?? '')
      read.set(one.fingerprint256, link)
    }
    chain.push(link)
  }
  return chain
}

function readLink(certificate: X509Certificate): ChainLink {
  return {
    // A copy, as the one from the socket holds on to the rest of its chain.
    x509: new X509Certificate(certificate.raw),
    facts: certificateFacts(certificate),
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
  }
}

const dayMs = 86_400_000

/** The earliest end among the certificates sent, and the days until then, to a hundredth. */
export function earliestExpiry(
  chain: readonly ChainLink[],
  nowMs: number,
): { earliestExpiry: string | null; daysLeft: number | null } {
  const ends = chain.map(({ notAfterMs }) => notAfterMs).filter((ms) => !Number.isNaN(ms))
  if (ends.length === 0) return { earliestExpiry: null, daysLeft: null }
  const first = Math.min(...ends)
  return { earliestExpiry: new Date(first).toISOString(), daysLeft: Math.round(((first - nowMs) / dayMs) * 100) / 100 }
}
