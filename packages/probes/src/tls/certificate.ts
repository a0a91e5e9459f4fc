import type { KeyObject, X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '@sonde/core'
import ipaddr from 'ipaddr.js'

// RFC 5280 lets a serial number have 20 octets, and no authority writes names this long; whoever sends more is cut.
const maxSerial = 128
const maxName = 1024
const maxAlternative = 256
const maxAlternatives = 512

/**
 * What is told of one certificate. Names are written as RFC 4514 and Go do: `CN=x,O=y,C=z`; hex is lower-case without colons.
 * Every text is bounded and can be stored; a date that is none is the empty string.
 */
export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  const key = publicKeyOf(certificate)
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: bounded(certificate.serialNumber.toLowerCase(), maxSerial),
    notBefore: instantText(certificate.validFromDate),
    notAfter: instantText(certificate.validToDate),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    san: subjectAltNames(certificate.subjectAltName),
    keyType: key?.asymmetricKeyType ?? 'unknown',
    keyBits: key === undefined ? null : keyBits(key),
    signature: bounded(certificate.signatureAlgorithm ?? certificate.signatureAlgorithmOid ?? 'unknown', maxName),
  }
}

/** Node writes a name one attribute a line, most general first; RFC 4514 on one line, most special first. */
export function nameText(lines: string | undefined): string {
  const text = (lines ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .reverse()
    .map((line) => line.replaceAll(' + ', '+'))
    .join(',')
  return bounded(text, maxName)
}

/** `DNS:a.example, IP Address:192.0.2.1, URI:"…"` as a list; DNS names and addresses plainly, the others with their kind. */
export function subjectAltNames(text: string | undefined): string[] {
  // A value with a comma or a quote in it is written as a JSON string, so that nobody can forge a second name.
  const parts = (text ?? '').matchAll(/[^,":]+:(?:"(?:[^"\\]|\\.)*"|[^,]*)/g).take(maxAlternatives)
  return [...parts].map(([part]) => {
    const [, kind = '', value = ''] = /^\s*([^:]+):(.*)$/s.exec(part) ?? []
    const plain = bounded(unquoted(value), maxAlternative)
    if (kind === 'IP Address') return ipaddr.isValid(plain) ? ipaddr.parse(plain).toString() : plain
    return kind === 'DNS' ? plain : `${kind}:${plain}`
  })
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value
  try {
    return JSON.parse(value) as string
  } catch {
    return value
  }
}

/** PostgreSQL takes neither NUL nor half a pair of surrogates, and a target may send both. */
function bounded(text: string, length: number): string {
  const whole = text.replaceAll('\u0000', '\ufffd')
  return (whole.length <= length ? whole : `${whole.slice(0, length - 1)}…`).toWellFormed()
}

function instantText(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

function publicKeyOf(certificate: X509Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey
  } catch {
    // A kind of key that OpenSSL does not know.
    return undefined
  }
}

const bitsOf: Record<string, number> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp256k1: 256,
  ed25519: 256,
  ed448: 456,
}

function keyBits(key: KeyObject): number | null {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {}
  return modulusLength ?? bitsOf[namedCurve ?? key.asymmetricKeyType ?? ''] ?? null
}
