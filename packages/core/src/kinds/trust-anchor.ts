import { isDomainName } from '../host.ts'

/** A key that is trusted for a zone from the start (RFC 4033 2), as a DS record or the DNSKEY itself. */
export type TrustAnchor = { zone: string } & (
  | { type: 'DS'; keyTag: number; algorithm: number; digestType: number; digest: string }
  | { type: 'DNSKEY'; flags: number; algorithm: number; publicKey: string }
)

/** The root's key signing keys of 2017 and 2024 (https://data.iana.org/root-anchors/root-anchors.xml). */
export const rootAnchors = [
  '. DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D',
  '. DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16',
] as const

/** Reads an anchor as zone files write it, with or without TTL and class; undefined when the text is none. */
export function parseTrustAnchor(text: string): TrustAnchor | undefined {
  const [, name, type, rest] = /^(\S+)\s+(?:\d+\s+)?(?:IN\s+)?(DS|DNSKEY)\s+(.+)$/is.exec(text.trim()) ?? []
  if (name === undefined || type === undefined || rest === undefined || !isDomainName(name)) return undefined
  const zone = name === '.' ? name : name.replace(/\.$/, '').toLowerCase()
  const [first, second, third, ...last] = rest.trim().split(/\s+/)
  const [a, b, c] = [first, second, third].map((one) => (/^\d{1,5}$/.test(one ?? '') ? Number(one) : Number.NaN))
  const data = last.join('')
  if (a === undefined || b === undefined || c === undefined || Number.isNaN(a + b + c)) return undefined
  if (type.toUpperCase() === 'DS') {
    if (!/^(?:[\da-f]{2}){20,64}$/i.test(data)) return undefined
    return { zone, type: 'DS', keyTag: a, algorithm: b, digestType: c, digest: data.toLowerCase() }
  }
  if (b !== 3 || !/^[\w+/]{20,}={0,2}$/.test(data)) return undefined
  return { zone, type: 'DNSKEY', flags: a, algorithm: c, publicKey: data }
}
