import { createHash, verify, X509Certificate } from 'node:crypto'
import { DerError, DerReader, type DerValue } from './der.ts'
import { readCertificate } from './extensions.ts'

/** What an OCSP answer says of one certificate (RFC 6960). Instants in ms; NaN when the answer has none. */
export type OcspStatus = {
  status: 'good' | 'revoked' | 'unknown'
  thisUpdateMs: number
  nextUpdateMs: number
  revokedAtMs: number
  /** Why it was revoked, in the words of RFC 5280 5.3.1. */
  reason: string | undefined
}

const reasons: Record<number, string> = {
  0: 'unspecified',
  1: 'keyCompromise',
  2: 'cACompromise',
  3: 'affiliationChanged',
  4: 'superseded',
  5: 'cessationOfOperation',
  6: 'certificateHold',
  9: 'privilegeWithdrawn',
  10: 'aACompromise',
}
const responseStatuses: Record<number, string> = {
  1: 'malformedRequest',
  2: 'internalError',
  3: 'tryLater',
  5: 'sigRequired',
  6: 'unauthorized',
}
const basicResponse = '1.3.6.1.5.5.7.48.1.1'
const ocspSigning = '1.3.6.1.5.5.7.3.9'

const hashes: Record<string, string> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
// The digest of each signature algorithm; null where the algorithm brings its own.
const signatures: Record<string, string | null> = {
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
  '1.3.101.113': null,
}

// Answers are some hundred bytes, with a delegate's certificate two thousand.
const maxBytes = 64 * 1024

/**
 * Reads an OCSP answer in DER for the certificate that `issuer` issued, and checks that it is signed by the issuer or by one
 * to whom it delegated that. Whether the answer is of today is for the caller to see.
 *
 * Throws `DerError` when it is no answer, is for another certificate, or its signature does not hold.
 */
export function readOcsp(
  der: Buffer,
  certificate: X509Certificate,
  issuer: X509Certificate,
  nowMs: number,
): OcspStatus {
  if (der.length > maxBytes) throw new DerError(`an OCSP answer of ${der.length} bytes`)
  const [code, wrapper] = new DerReader(der).one().children()
  const outcome = code?.integer() ?? -1
  if (outcome !== 0) throw new DerError(`the responder answered ${responseStatuses[outcome] ?? outcome}`)
  const [type, octets] = wrapper?.children()[0]?.children() ?? []
  if (octets === undefined || type?.oid() !== basicResponse) throw new DerError('not a basic OCSP answer')
  const [data, algorithm, signature, certificates] = new DerReader(octets.content).one().children()
  if (data === undefined || algorithm === undefined || signature === undefined)
    throw new DerError('an answer cut short')
  const delegates = certificates?.children()[0]?.children() ?? []
  checkSignature(data.whole, algorithm.children()[0]?.oid() ?? '', signature.bits(), issuer, delegates, nowMs)
  // version and responderID are tagged with context classes or left out; the responses are the first SEQUENCE.
  const responses =
    data
      .children()
      .find(({ tag }) => tag === 0x30)
      ?.children() ?? []
  const single = responses.find((one) => isAbout(one, certificate, issuer))
  if (single === undefined) throw new DerError('an answer about another certificate')
  return statusOf(single)
}

function checkSignature(
  data: Buffer,
  algorithm: string,
  signature: Buffer,
  issuer: X509Certificate,
  delegates: readonly DerValue[],
  nowMs: number,
): void {
  const digest = signatures[algorithm]
  if (digest === undefined) throw new DerError(`a signature that is not known (${algorithm})`)
  const holds = (signer: X509Certificate) => verify(digest, data, signer.publicKey, signature)
  if (holds(issuer)) return
  for (const { whole } of delegates.slice(0, 4)) {
    const delegate = new X509Certificate(whole)
    if (isDelegate(delegate, issuer, nowMs) && holds(delegate)) return
  }
  throw new DerError('an answer that the issuer did not sign')
}

/** RFC 6960 4.2.2.2: issued by the very authority, for signing such answers. */
function isDelegate(delegate: X509Certificate, issuer: X509Certificate, nowMs: number): boolean {
  const { purposes = [] } = readCertificate(delegate.raw).extensions
  return (
    purposes.includes(ocspSigning) &&
    delegate.validFromDate.getTime() <= nowMs &&
    delegate.validToDate.getTime() >= nowMs &&
    delegate.checkIssued(issuer) &&
    delegate.verify(issuer.publicKey)
  )
}

/** A CertID names the certificate by its serial number and by hashes of its issuer's name and key. */
function isAbout(single: DerValue, certificate: X509Certificate, issuer: X509Certificate): boolean {
  const [algorithm, nameHash, keyHash, serial] = single.children()[0]?.children() ?? []
  const hash = hashes[algorithm?.children()[0]?.oid() ?? '']
  if (hash === undefined || nameHash === undefined || keyHash === undefined || serial === undefined) return false
  const { subject, keyBits } = readCertificate(issuer.raw)
  return (
    nameHash.content.equals(createHash(hash).update(subject).digest()) &&
    keyHash.content.equals(createHash(hash).update(keyBits).digest()) &&
    BigInt(`0x0${serial.content.toString('hex')}`) === BigInt(`0x0${certificate.serialNumber.replace('-', '')}`)
  )
}

function statusOf(single: DerValue): OcspStatus {
  const [, status, thisUpdate, ...rest] = single.children()
  const revocation = status?.tag === 0xa1 ? status.children() : []
  const reason = revocation
    .find(({ tag }) => tag === 0xa0)
    ?.children()[0]
    ?.integer()
  return {
    status: status?.tag === 0x80 ? 'good' : status?.tag === 0xa1 ? 'revoked' : 'unknown',
    thisUpdateMs: thisUpdate?.timeMs() ?? Number.NaN,
    nextUpdateMs:
      rest
        .find(({ tag }) => tag === 0xa0)
        ?.children()[0]
        ?.timeMs() ?? Number.NaN,
    revokedAtMs: revocation[0]?.timeMs() ?? Number.NaN,
    reason: reason === undefined ? undefined : (reasons[reason] ?? String(reason)),
  }
}
