import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * A token is `sonde_<id>_<secret><checksum>`, in lower case, made of `a-z2-7` (RFC 4648 base32 without padding):
 *
 * - id: 40 random bits, 8 characters. Not secret: it stands in lists, in the audit log, and names the row to look up.
 * - secret: 160 random bits, 32 characters.
 * - checksum: CRC-32 of all before it, 7 characters. A mistyped token is told without asking the database, and a scanner for
 *   leaked secrets finds `sonde_[a-z2-7]{8}_[a-z2-7]{39}` without false alarms.
 */
export type Token = { id: string; text: string }

export const tokenPattern = /^sonde_([a-z2-7]{8})_[a-z2-7]{39}$/
const checksumLength = 7

export function makeToken(): Token {
  const id = base32(randomBytes(5))
  const body = `sonde_${id}_${base32(randomBytes(20))}`
  return { id, text: `${body}${checksum(body)}` }
}

/** The id in a token, or undefined when the text is none: wrong in form, or mistyped. */
export function tokenId(text: string): string | undefined {
  const [, id] = tokenPattern.exec(text) ?? []
  return checksum(text.slice(0, -checksumLength)) === text.slice(-checksumLength) ? id : undefined
}

/**
 * What is stored of a token. SHA-256 without salt or stretching is enough: there are 2^160 of them, which nobody tries out or
 * has in a table.
 */
export function tokenDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function checksum(body: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return base32(bytes)
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((part) => alphabet[Number.parseInt(part.padEnd(5, '0'), 2)]).join('')
}
