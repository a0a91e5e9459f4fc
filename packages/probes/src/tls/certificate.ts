import type { KeyObject, X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '@sonde/core'
import ipaddr from 'ipaddr.js'

/** What is told of one certificate. Names are written as RFC 4514 and Go do: `CN=x,O=y,C=z`; hex is lower-case without colons. */
export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  const key = publicKeyOf(certificate)
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: certificate.serialNumber.toLowerCase(),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    san: subjectAltNames(certificate.subjectAltName),
    keyType: key?.asymmetricKeyType ?? 'unknown',
    keyBits: key === undefined ? null : keyBits(key),
    signature: certificate.signatureAlgorithm ?? certificate.signatureAlgorithmOid ?? 'unknown',
  }
}

/** Node writes a name one attribute a line, most general first; RFC 4514 on one line, most special first. */
function nameText(lines: string | undefined): string {
  return (lines ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .reverse()
    .map((line) => line.replaceAll(' + ', '+'))
    .join(',')
}

/** `DNS:a.example, IP Address:192.0.2.1, URI:"…"` as a list; DNS names and addresses plainly, the others with their kind. */
export function subjectAltNames(text: string | undefined): string[] {
  // A value with a comma or a quote in it is written as a JSON string, so that nobody can forge a second name.
  const parts = (text ?? '').match(/[^,":]+:(?:"(?:[^"\\]|\\.)*"|[^,]*)/g) ?? []
  return parts.map((part) => {
    const [, kind = '', value = ''] = /^\s*([^:]+):(.*)$/s.exec(part) ?? []
    const plain = value.startsWith('"') ? (JSON.parse(value) as string) : value
    if (kind === 'IP Address') return ipaddr.isValid(plain) ? ipaddr.parse(plain).toString() : plain
    return kind === 'DNS' ? plain : `${kind}:${plain}`
  })
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
