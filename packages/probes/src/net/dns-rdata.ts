import { Cursor } from './dns-cursor.ts'
import type { DnsRecord } from './dns-message.ts'
import { DnsFormatError, nameToWire } from './dns-name.ts'
import { addressRanges, hostIdentity, ipsecKey, location } from './dns-rdata-composed.ts'
import { svcParamsText } from './dns-svcb.ts'
import { base32, base64, charString, dateText, hex, ip4Text, ip6Text } from './dns-text.ts'
import { typeName } from './dns-types.ts'

/** How one value of a record is read, and written in a zone file. The cursor ends with the record. */
type Field = (cursor: Cursor) => string

const u8: Field = (cursor) => String(cursor.u8())
const u16: Field = (cursor) => String(cursor.u16())
const u32: Field = (cursor) => String(cursor.u32())
const name: Field = (cursor) => cursor.name()
const ip4: Field = (cursor) => ip4Text(cursor.take(4))
const ip6: Field = (cursor) => ip6Text(cursor.take(16))
const date: Field = (cursor) => dateText(cursor.u32())
const type: Field = (cursor) => typeName(cursor.u16())
const string: Field = (cursor) => charString(cursor.take(cursor.u8()))
const restHex: Field = (cursor) => hex(cursor.rest())
const restBase64: Field = (cursor) => base64(cursor.rest())
const restQuoted: Field = (cursor) => charString(cursor.rest())
const salt: Field = (cursor) => hex(cursor.take(cursor.u8())) || '-'
const hash: Field = (cursor) => base32(cursor.take(cursor.u8()))
const tag: Field = (cursor) =>
  cursor
    .take(cursor.u8())
    .toString('latin1')
    .replace(/[^\w-]/g, '?')
const eui: Field = (cursor) =>
  hex(cursor.rest())
    .toLowerCase()
    .replace(/..(?=.)/g, '$&-')
const types: Field = (cursor) => typesIn(cursor).join(' ')
const strings: Field = (cursor) => {
  const found: string[] = []
  while (cursor.left > 0) found.push(string(cursor))
  return found.join(' ')
}

// What the records of each type hold, in order. RFC 1035 and the one that each type is defined by.
const layouts: Record<string, readonly Field[]> = {
  A: [ip4],
  AAAA: [ip6],
  AFSDB: [u16, name],
  APL: [addressRanges],
  CAA: [u8, tag, restQuoted],
  CDNSKEY: [u16, u8, u8, restBase64],
  CDS: [u16, u8, u8, restHex],
  CERT: [u16, u16, u8, restBase64],
  CNAME: [name],
  CSYNC: [u32, u16, types],
  DHCID: [restBase64],
  DLV: [u16, u8, u8, restHex],
  DNAME: [name],
  DNSKEY: [u16, u8, u8, restBase64],
  DS: [u16, u8, u8, restHex],
  EUI48: [eui],
  EUI64: [eui],
  HINFO: [string, string],
  HIP: [hostIdentity],
  HTTPS: [u16, name, svcParamsText],
  IPSECKEY: [ipsecKey],
  KEY: [u16, u8, u8, restBase64],
  KX: [u16, name],
  LOC: [location],
  MX: [u16, name],
  NAPTR: [u16, u16, string, string, string, name],
  NS: [name],
  NSEC: [name, types],
  NSEC3: [u8, u8, u16, salt, hash, types],
  NSEC3PARAM: [u8, u8, u16, salt],
  OPENPGPKEY: [restBase64],
  PTR: [name],
  RP: [name, name],
  RRSIG: [type, u8, u8, u32, date, date, u16, name, restBase64],
  SIG: [type, u8, u8, u32, date, date, u16, name, restBase64],
  SMIMEA: [u8, u8, u8, restHex],
  SOA: [name, name, u32, u32, u32, u32, u32],
  SPF: [strings],
  SRV: [u16, u16, u16, name],
  SSHFP: [u8, u8, restHex],
  SVCB: [u16, name, svcParamsText],
  TA: [u16, u8, u8, restHex],
  TLSA: [u8, u8, u8, restHex],
  TXT: [strings],
  URI: [u16, u16, restQuoted],
  ZONEMD: [u32, u8, u8, restHex],
}

// RFC 4034 6.2 3, less NSEC (RFC 6840 5.1): names within these are in lower case when they are signed.
const foldedTypes = new Set([
  'NS',
  'CNAME',
  'SOA',
  'PTR',
  'RP',
  'AFSDB',
  'MX',
  'NAPTR',
  'KX',
  'SRV',
  'DNAME',
  'SIG',
  'RRSIG',
])

/**
 * A record's data as zone files write it (RFC 1035 5.1 and the type's own RFC; RFC 3597 5 for types without a form of their
 * own). Names are written in full, without their last dot. Throws `DnsFormatError` when the data does not fit the type.
 */
export function rdataText(record: DnsRecord): string {
  const layout = layouts[record.type]
  const cursor = cursorOf(record)
  if (layout === undefined) {
    const octets = cursor.rest()
    return octets.length === 0 ? '\\# 0' : `\\# ${octets.length} ${hex(octets)}`
  }
  const values = layout.map((field) => field(cursor)).filter((value) => value !== '')
  if (cursor.left > 0) throw new DnsFormatError(`${cursor.left} octets too many in a record of type ${record.type}`)
  return values.join(' ')
}

/** A record's data in canonical form (RFC 4034 6.2): names uncompressed, and in lower case where the type is an old one. */
export function canonicalRdata(record: DnsRecord): Buffer {
  const layout = layouts[record.type]
  const cursor = cursorOf(record)
  if (layout === undefined || !layout.includes(name)) return cursor.rest()
  const parts: Buffer[] = []
  for (const field of layout) {
    const start = cursor.at
    if (field !== name) {
      field(cursor)
      parts.push(record.message.subarray(start, cursor.at))
    } else {
      const text = cursor.name()
      parts.push(nameToWire(foldedTypes.has(record.type) ? text.toLowerCase() : text))
    }
  }
  return Buffer.concat(parts)
}

export function cursorOf({ message, start, end, known }: DnsRecord): Cursor {
  return new Cursor(message, start, end, known)
}

/** The types of the bitmaps of NSEC, NSEC3 and CSYNC, which end the record (RFC 4034 4.1.2). */
export function typesIn(cursor: Cursor): string[] {
  const found: string[] = []
  while (cursor.left > 0) {
    const window = cursor.u8()
    const bitmap = cursor.take(cursor.u8())
    for (const [index, octet] of bitmap.entries()) {
      for (let bit = 0; bit < 8; bit++) {
        if ((octet & (0x80 >> bit)) !== 0) found.push(typeName(window * 256 + index * 8 + bit))
      }
    }
  }
  return found
}
