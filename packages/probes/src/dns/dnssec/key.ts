import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { DnsRecord } from '../../net/dns-message.ts'
import { nameToWire } from '../../net/dns-name.ts'
import { cursorOf } from '../../net/dns-rdata.ts'

/** A zone's public key (RFC 4034 2.1). */
export type ZoneKey = { flags: number; algorithm: number; publicKey: Buffer; keyTag: number; rdata: Buffer }
/** What a parent says of a key (RFC 4034 5.1). */
export type DelegationSigner = { keyTag: number; algorithm: number; digestType: number; digest: Buffer }

const zoneFlag = 0x100
const revokedFlag = 0x80

/** Reads a DNSKEY record; undefined for a key that is not there to sign zones, or is revoked (RFC 5011 2.1). */
export function zoneKeyOf(record: DnsRecord): ZoneKey | undefined {
  const cursor = cursorOf(record)
  const rdata = record.message.subarray(record.start, record.end)
  const flags = cursor.u16()
  const protocol = cursor.u8()
  const algorithm = cursor.u8()
  if (protocol !== 3 || (flags & zoneFlag) === 0 || (flags & revokedFlag) !== 0) return undefined
  return { flags, algorithm, publicKey: cursor.rest(), keyTag: keyTagOf(rdata), rdata }
}

export function delegationSignerOf(record: DnsRecord): DelegationSigner {
  const cursor = cursorOf(record)
  return { keyTag: cursor.u16(), algorithm: cursor.u8(), digestType: cursor.u8(), digest: cursor.rest() }
}

/** RFC 4034 appendix B. */
function keyTagOf(rdata: Buffer): number {
  let sum = 0
  for (const [index, octet] of rdata.entries()) sum += (index & 1) === 0 ? octet << 8 : octet
  return (sum + (sum >>> 16)) & 0xffff
}

// IANA, Delegation Signer Digest Algorithms.
const digests: Record<number, string> = { 1: 'sha1', 2: 'sha256', 4: 'sha384' }

/** Whether a DS record speaks of this key of this zone (RFC 4034 5.1.4). */
export function isDigestOf(ds: DelegationSigner, zone: string, key: ZoneKey): boolean {
  const digest = digests[ds.digestType]
  if (digest === undefined || ds.keyTag !== key.keyTag || ds.algorithm !== key.algorithm) return false
  return createHash(digest).update(nameToWire(zone.toLowerCase())).update(key.rdata).digest().equals(ds.digest)
}

/** Those that can be followed: known algorithms, and no SHA-1 digest beside a better one (RFC 4509 3). */
export function usableSigners(set: readonly DelegationSigner[]): DelegationSigner[] {
  const known = set.filter(({ algorithm, digestType }) => algorithm in algorithms && digestType in digests)
  const better = known.filter(({ digestType }) => digestType !== 1)
  return better.length > 0 ? better : known
}

type Algorithm = { hash: string | null; toKey: (publicKey: Buffer) => KeyObject }

// IANA, DNS Security Algorithm Numbers; RFC 8624 3.1 says which of them a validator must know.
const algorithms: Record<number, Algorithm> = {
  5: { hash: 'sha1', toKey: rsaKey },
  7: { hash: 'sha1', toKey: rsaKey },
  8: { hash: 'sha256', toKey: rsaKey },
  10: { hash: 'sha512', toKey: rsaKey },
  13: { hash: 'sha256', toKey: (bytes) => ecKey('P-256', 32, bytes) },
  14: { hash: 'sha384', toKey: (bytes) => ecKey('P-384', 48, bytes) },
  15: { hash: null, toKey: (bytes) => edwardsKey('Ed25519', bytes) },
  16: { hash: null, toKey: (bytes) => edwardsKey('Ed448', bytes) },
}

export function isKnownAlgorithm(algorithm: number): boolean {
  return algorithm in algorithms
}

/** Whether `signature` is this key's over `data` (RFC 3110, 5702, 6605, 8080). A key that is no key signs nothing. */
export function isSignedBy(key: ZoneKey, data: Buffer, signature: Buffer): boolean {
  const algorithm = algorithms[key.algorithm]
  if (algorithm === undefined) return false
  const lengths = `${key.rdata.length} ${signature.length} `
  const name = createHash('sha256').update(lengths).update(key.rdata).update(signature).update(data).digest('base64')
  if (held.has(name)) return true
  try {
    const holds = verify(algorithm.hash, data, { key: keyObject(key, algorithm), dsaEncoding: 'ieee-p1363' }, signature)
    if (holds) remember(name)
    return holds
  } catch {
    return false
  }
}

// Signatures that were found to hold, each with all that it was found to hold for: probes meet the same ones again and again,
// and to check one takes tenths of a millisecond.
const held = new Set<string>()
const maxHeld = 4096

function remember(name: string): void {
  if (held.size >= maxHeld) held.delete(held.values().next().value ?? '')
  held.add(name)
}

// Making a key takes as long as using it, and a monitor meets the same keys over and over.
const keys = new Map<string, KeyObject>()
const maxKeys = 1024

function keyObject({ algorithm: number, publicKey }: ZoneKey, algorithm: Algorithm): KeyObject {
  const name = `${number} ${publicKey.toString('base64')}`
  const known = keys.get(name)
  if (known !== undefined) return known
  const made = algorithm.toKey(publicKey)
  if (keys.size >= maxKeys) keys.delete(keys.keys().next().value ?? '')
  keys.set(name, made)
  return made
}

// RFC 3110 2: no larger.
const maxModulus = 512

function rsaKey(bytes: Buffer): KeyObject {
  const long = bytes.readUInt8(0) === 0
  const length = long ? bytes.readUInt16BE(1) : bytes.readUInt8(0)
  const start = long ? 3 : 1
  const e = bytes.subarray(start, start + length)
  const n = bytes.subarray(start + length)
  if (n.length > maxModulus || e.length > 8) throw new Error(`an RSA key of ${n.length * 8} bits`)
  return fromJwk({ kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') })
}

function ecKey(crv: string, size: number, bytes: Buffer): KeyObject {
  const x = bytes.subarray(0, size).toString('base64url')
  const y = bytes.subarray(size).toString('base64url')
  return fromJwk({ kty: 'EC', crv, x, y })
}

function edwardsKey(crv: string, bytes: Buffer): KeyObject {
  return fromJwk({ kty: 'OKP', crv, x: bytes.toString('base64url') })
}

function fromJwk(key: Record<string, string>): KeyObject {
  return createPublicKey({ key, format: 'jwk' })
}
