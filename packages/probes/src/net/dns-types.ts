/** Types of records by their numbers (IANA, Domain Name System Parameters), as far as they are written by name. */
const numbers = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  NULL: 10,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  SIG: 24,
  KEY: 25,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  EUI48: 108,
  EUI64: 109,
  ANY: 255,
  URI: 256,
  CAA: 257,
  TA: 32768,
  DLV: 32769,
} as const

const byName = new Map<string, number>(Object.entries(numbers))
const byNumber = new Map<number, string>(Object.entries(numbers).map(([name, number]) => [number, name]))

/** The type's name; `TYPE123` for one without (RFC 3597 5). */
export function typeName(number: number): string {
  return byNumber.get(number) ?? `TYPE${number}`
}

/** The type's number. Throws for a name that is none, which a check's schema has ruled out. */
export function typeNumber(name: string): number {
  const number = byName.get(name) ?? Number(/^TYPE(\d{1,5})$/.exec(name)?.[1] ?? Number.NaN)
  if (Number.isNaN(number) || number > 0xffff) throw new Error(`"${name}" is not a type of DNS record`)
  return number
}
