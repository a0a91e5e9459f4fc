import { z } from 'zod'
import { isDomainName, isHost } from '../host.ts'
import { type DnsServerUrl, parseDnsServer } from './dns-server-url.ts'
import { parseTrustAnchor, rootAnchors, type TrustAnchor } from './trust-anchor.ts'

export { type DnsServerUrl, parseDnsServer, parseTrustAnchor, type TrustAnchor }

/** The types that may be asked for by name: all but those of the protocol itself (OPT, TSIG, AXFR …). */
export const recordTypes = [
  'A',
  'AAAA',
  'AFSDB',
  'ANY',
  'APL',
  'CAA',
  'CDNSKEY',
  'CDS',
  'CERT',
  'CNAME',
  'CSYNC',
  'DHCID',
  'DLV',
  'DNAME',
  'DNSKEY',
  'DS',
  'EUI48',
  'EUI64',
  'HINFO',
  'HIP',
  'HTTPS',
  'IPSECKEY',
  'KEY',
  'KX',
  'LOC',
  'MX',
  'NAPTR',
  'NS',
  'NSEC',
  'NSEC3',
  'NSEC3PARAM',
  'NULL',
  'OPENPGPKEY',
  'PTR',
  'RP',
  'RRSIG',
  'SIG',
  'SMIMEA',
  'SOA',
  'SPF',
  'SRV',
  'SSHFP',
  'SVCB',
  'TA',
  'TLSA',
  'TXT',
  'URI',
  'ZONEMD',
] as const

const recordTypeNames: readonly string[] = recordTypes

/** A type by name, or by number for one without (RFC 3597 5). */
const RecordType = z
  .string()
  .refine((text) => recordTypeNames.includes(text) || isTypeNumber(text), {
    error: (issue) => `expected one of ${recordTypes.join(', ')} or TYPE and a number, found "${String(issue.input)}"`,
  })
  .meta({ examples: [...recordTypes] })

function isTypeNumber(text: string): boolean {
  return /^TYPE[1-9]\d{0,4}$/.test(text) && Number(text.slice(4)) <= 0xffff
}

const Server = z.string().refine((text) => parseDnsServer(text) !== undefined, {
  error: (issue) =>
    `expected udp://host:port, tcp://host:port, tls://host:port#name or https://host/dns-query, found "${String(issue.input)}"`,
})

const Anchor = z
  .string()
  .max(2048)
  .refine((text) => parseTrustAnchor(text) !== undefined, {
    error: (issue) => `expected a DS or DNSKEY record such as ". DS 20326 8 2 E06D…", found "${String(issue.input)}"`,
  })

export const dns = {
  /** A name, or for PTR an address too, which is asked for in reverse. */
  target: z.string().refine((text) => isDomainName(text) || isHost(text), {
    error: (issue) => `expected a domain name, found "${String(issue.input)}"`,
  }),
  settings: z.strictObject({
    recordType: RecordType.default('A'),
    /** Each is asked; without any, the system's are, the next one when one fails. */
    servers: z.array(Server).min(1).max(8).optional(),
    /** Of several servers: must every one answer as expected, or any one? */
    verdict: z.enum(['every', 'any']).default('every'),
    recursionDesired: z.boolean().default(true),
    dnssec: z.enum(['off', 'report', 'require']).default('off'),
    trustAnchors: z
      .array(Anchor)
      .min(1)
      .max(16)
      .default([...rootAnchors]),
  }),
}
