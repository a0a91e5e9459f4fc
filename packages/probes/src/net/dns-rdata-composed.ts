import type { Cursor } from './dns-cursor.ts'
import { DnsFormatError } from './dns-name.ts'
import { base64, hex, ip4Text, ip6Text } from './dns-text.ts'

// Records whose values decide how those after them are read. Each throws `DnsFormatError` for what its RFC does not know.

/** APL (RFC 3123 4): ranges of addresses, `!` before those that are left out, without the zeros at their ends on the wire. */
export function addressRanges(cursor: Cursor): string {
  const ranges: string[] = []
  while (cursor.left > 0) {
    const family = cursor.u16()
    const prefix = cursor.u8()
    const negated = cursor.u8()
    const part = cursor.take(negated & 0x7f)
    const size = family === 1 ? 4 : family === 2 ? 16 : 0
    if (size === 0 || part.length > size)
      throw new DnsFormatError(`${part.length} octets of an address of family ${family}`)
    const octets = Buffer.concat([part, Buffer.alloc(size - part.length)])
    ranges.push(`${negated > 0x7f ? '!' : ''}${family}:${family === 1 ? ip4Text(octets) : ip6Text(octets)}/${prefix}`)
  }
  return ranges.join(' ')
}

/** IPSECKEY (RFC 4025 2): its second value is the kind of gateway that follows. */
export function ipsecKey(cursor: Cursor): string {
  const values = [cursor.u8(), cursor.u8(), cursor.u8()]
  const parts = [...values.map(String), gateway(cursor, values[1] ?? 0)]
  if (cursor.left > 0) parts.push(base64(cursor.rest()))
  return parts.join(' ')
}

function gateway(cursor: Cursor, kind: number): string {
  if (kind === 0) return '.'
  if (kind === 1) return ip4Text(cursor.take(4))
  if (kind === 2) return ip6Text(cursor.take(16))
  if (kind === 3) return cursor.name()
  throw new DnsFormatError(`a gateway of kind ${kind}`)
}

// A pointer of two octets may stand for a name of 255: thousands of them would be megabytes of text.
const maxServers = 32

/** HIP (RFC 8005 5): the lengths of tag and key come before them, the names of rendezvous servers after. */
export function hostIdentity(cursor: Cursor): string {
  const tagLength = cursor.u8()
  const algorithm = cursor.u8()
  const keyLength = cursor.u16()
  const parts = [String(algorithm), hex(cursor.take(tagLength)), base64(cursor.take(keyLength))]
  const servers: string[] = []
  while (cursor.left > 0) {
    if (servers.length === maxServers) throw new DnsFormatError(`more than ${maxServers} rendezvous servers`)
    servers.push(cursor.name())
  }
  return [...parts, ...servers].join(' ')
}

const equator = 2 ** 31
const seaLevelCm = 10_000_000

/** LOC (RFC 1876 3): where something is, and how exactly that is known. */
export function location(cursor: Cursor): string {
  const version = cursor.u8()
  if (version !== 0) throw new DnsFormatError(`a LOC record of version ${version}`)
  const precisions = [cursor.u8(), cursor.u8(), cursor.u8()].map(metres)
  const latitude = degrees(cursor.u32() - equator, 'N', 'S')
  const longitude = degrees(cursor.u32() - equator, 'E', 'W')
  const altitude = `${((cursor.u32() - seaLevelCm) / 100).toFixed(2)}m`
  return [latitude, longitude, altitude, ...precisions].join(' ')
}

/** Thousandths of a second of arc. */
function degrees(thousandths: number, positive: string, negative: string): string {
  const size = Math.abs(thousandths)
  const seconds = ((size % 60_000) / 1000).toFixed(3)
  return `${Math.floor(size / 3_600_000)} ${Math.floor(size / 60_000) % 60} ${seconds} ${thousandths < 0 ? negative : positive}`
}

/** Centimetres as a digit and the power of ten that it is multiplied by. */
function metres(octet: number): string {
  const cm = (octet >> 4) * 10 ** (octet & 0x0f)
  return `${cm % 100 === 0 ? cm / 100 : (cm / 100).toFixed(2)}m`
}
