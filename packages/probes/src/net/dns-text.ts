// How values within records are written in zone files.

/** A character string in quotes (RFC 1035 5.1). */
export function charString(octets: Buffer): string {
  const text = octets.toString('latin1')
  if (/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text)) return `"${text}"`
  return `"${text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\${String(character.charCodeAt(0)).padStart(3, '0')}`,
  )}"`
}

export function hex(octets: Buffer): string {
  return octets.toString('hex').toUpperCase()
}

export function base64(octets: Buffer): string {
  return octets.toString('base64')
}

const base32Digits = '0123456789abcdefghijklmnopqrstuv'

/** Base 32 with the extended hex alphabet, without padding: how NSEC3 writes hashes (RFC 4648 7, RFC 5155 3.3). */
export function base32(octets: Buffer): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const octet of octets) {
    value = ((value << 8) | octet) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += base32Digits[(value >> bits) & 31]
    }
  }
  return bits === 0 ? text : text + base32Digits[(value << (5 - bits)) & 31]
}

export function ip4Text(octets: Buffer): string {
  return `${octets[0]}.${octets[1]}.${octets[2]}.${octets[3]}`
}

/** An IPv6 address with its longest run of zeros left out (RFC 5952). */
export function ip6Text(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(index * 2))
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${ip4Text(octets.subarray(12))}`
  }
  let start = -1
  let longest = 1
  for (let from = 0; from < 8; from++) {
    let length = 0
    while (from + length < 8 && groups[from + length] === 0) length += 1
    if (length > longest) {
      start = from
      longest = length
    }
  }
  const text = (part: number[]): string => part.map((group) => group.toString(16)).join(':')
  return start === -1 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + longest))}`
}

/** An instant in seconds as RRSIG writes it, `YYYYMMDDHHmmSS` in UTC (RFC 4034 3.2). */
export function dateText(seconds: number): string {
  return new Date(seconds * 1000)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/\D/g, '')
}
