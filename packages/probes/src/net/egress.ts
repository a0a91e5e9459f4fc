import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { TargetFailure } from '../failure.ts'

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number]

/** Where probes may connect to; judged on the address that is dialled, so that redirects and changing DNS are caught too. */
export type EgressPolicy = {
  /** Why the address may not be connected to, or undefined when it may. */
  denies(address: string): string | undefined
}

/**
 * Denied unless allowed by name: link-local networks, which hold the metadata service of most clouds, and the metadata
 * addresses elsewhere: AWS (also for pods), GCP and Scaleway on IPv6, Alibaba, Oracle, Azure's wire server. With them what
 * reaches every machine of a network at once.
 */
export const deniedByDefault = [
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254/128',
  'fd00:ec2::23/128',
  'fd20:ce::254/128',
  'fd00:42::42/128',
  '100.100.100.200/32',
  '192.0.0.192/32',
  '168.63.129.16/32',
  '224.0.0.0/24',
  '255.255.255.255/32',
  'ff01::/16',
  'ff02::/16',
] as const

/** A network of `SONDE_EGRESS_DENY` or `SONDE_EGRESS_ALLOW` that cannot be read. */
export class EgressNetworkError extends Error {}

/**
 * `deny` adds to `deniedByDefault`; `allow` makes exceptions from both. CIDRs or single addresses.
 *
 * An IPv6 address that stands for an IPv4 address (IPv4-mapped, NAT64, 6to4, …) is denied when either is, and allowed only
 * when each of the two that is denied is allowed too: allowing `64:ff9b::/96` does not open the metadata service behind it.
 *
 * Throws `EgressNetworkError` with the wrong one.
 */
export function egressPolicy(lists: { deny: readonly string[]; allow: readonly string[] }): EgressPolicy {
  const denied = [...deniedByDefault, ...lists.deny].map(parseNetwork)
  const allowed = lists.allow.map(parseNetwork)
  const decide = (address: string): string | undefined => {
    const spellings = addressesWithin(address)
    if (spellings.length === 0) return `${address} is not an address`
    for (const spelling of spellings) {
      const network = denied.find((one) => holds(one, spelling))
      if (network === undefined || allowed.some((one) => holds(one, spelling))) continue
      return `${address} is in ${network[0].toString()}/${network[1]}, which the egress policy denies`
    }
    return undefined
  }
  // A monitor dials the same addresses over and over.
  const decided = new Map<string, string | null>()
  return {
    denies(address) {
      const known = decided.get(address)
      if (known !== undefined) return known ?? undefined
      const reason = decide(address)
      if (decided.size >= maxDecided) decided.clear()
      decided.set(address, reason ?? null)
      return reason
    },
  }
}

const maxDecided = 4096

/** Those of the addresses that may be connected to; throws `TargetFailure` egress_denied, with every reason, when none may. */
export function allowedOf<Known extends { address: string }>(
  addresses: readonly Known[],
  egress: EgressPolicy,
  what = '',
): Known[] {
  // Nearly always it is one, and may be.
  const [only] = addresses
  if (only !== undefined && addresses.length === 1 && egress.denies(only.address) === undefined) return [only]
  const denials = addresses.map(({ address }) => egress.denies(address))
  const allowed = addresses.filter((_, index) => denials[index] === undefined)
  if (allowed.length > 0) return allowed
  const address = addresses.map((one) => one.address).join(' and ')
  throw new TargetFailure('egress_denied', `${what}${denials.join('; ')}`, { seen: { address } })
}

/**
 * The IPv4 address that a host written as numbers means, as inet_aton(3) and browsers read it (decimal, octal and hexadecimal,
 * one to four parts: `2852039166`, `0xA9FEA9FE`, `0251.0376.169.254`), else the host as it is: no top-level domain is a number,
 * so such a text is never a name.
 */
export function numericHost(host: string): string {
  if (isIPv4(host)) return host
  const last = host.replace(/\.$/, '').split('.').at(-1) ?? ''
  if (!/^(?:\d+|0x[\da-f]*)$/i.test(last) || ipaddr.IPv4.isValidFourPartDecimal(host)) return host
  const url = `http://${host}/`
  return URL.canParse(url) ? new URL(url).hostname : host
}

function parseNetwork(text: string): Network {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text)
    const address = ipaddr.parse(text)
    return [address, address.kind() === 'ipv4' ? 32 : 128]
  } catch {
    throw new EgressNetworkError(`expected an address or a CIDR such as 10.0.0.0/8, found "${text}"`)
  }
}

function holds([network, bits]: Network, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return network.kind() === address.kind() && address.match(network, bits)
}

/** The address, and in front of it the IPv4 addresses that it may stand for. Empty when the text is no address. */
function addressesWithin(text: string): (ipaddr.IPv4 | ipaddr.IPv6)[] {
  const plain = text.replace(/%.*$/, '')
  if (!ipaddr.isValid(plain)) return []
  const address = ipaddr.parse(plain)
  if (address instanceof ipaddr.IPv4) {
    // Connecting to 0.0.0.0 reaches this machine.
    return isUnspecified(address.octets) ? [ipaddr.IPv4.parse('127.0.0.1')] : [address]
  }
  if (isUnspecified(address.toByteArray())) return [ipaddr.IPv6.parse('::1')]
  const embedded = embeddedIPv4(address)
  // A mapped address is IPv4 on the wire: only the address inside counts.
  return address.isIPv4MappedAddress() ? embedded : [...embedded, address]
}

function isUnspecified(bytes: number[]): boolean {
  return bytes.every((byte) => byte === 0)
}

const last4 = [12, 13, 14, 15]

// Prefixes under which an IPv6 address carries an IPv4 address, and the octets that hold it.
const embeddings: { prefix: string; bits: number; at: number[][]; inverted?: true }[] = [
  // IPv4-mapped and -compatible (RFC 4291 2.5.5), -translated (RFC 2765).
  { prefix: '::ffff:0:0', bits: 96, at: [last4] },
  { prefix: '::', bits: 96, at: [last4] },
  { prefix: '::ffff:0:0:0', bits: 96, at: [last4] },
  // NAT64 under its well-known prefix (RFC 6052), and under the local-use one (RFC 8215), where a prefix of 48, 56, 64 or 96
  // bits says where the address lies, around the reserved octet 8.
  { prefix: '64:ff9b::', bits: 96, at: [last4] },
  {
    prefix: '64:ff9b:1::',
    bits: 48,
    at: [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], last4],
  },
  // 6to4 (RFC 3056), and Teredo (RFC 4380), which turns the bits of its client's address over.
  { prefix: '2002::', bits: 16, at: [[2, 3, 4, 5]] },
  { prefix: '2001::', bits: 32, at: [last4], inverted: true },
]
const embeddingNetworks = embeddings.map((one) => ({ ...one, prefix: ipaddr.IPv6.parse(one.prefix) }))
const loopback6 = ipaddr.IPv6.parse('::1')

function embeddedIPv4(address: ipaddr.IPv6): ipaddr.IPv4[] {
  const bytes = address.toByteArray()
  // ISATAP (RFC 5214 6.1): the interface identifier says so, whatever the prefix.
  const isatap = (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe
  if (address.match(loopback6, 128)) return []
  const found = embeddingNetworks.find(({ prefix, bits }) => address.match(prefix, bits))
  const places = found?.at ?? (isatap ? [last4] : [])
  return places
    .map((at) => at.map((index) => (found?.inverted === true ? ~(bytes[index] ?? 0) & 0xff : (bytes[index] ?? 0))))
    .filter((octets) => !isUnspecified(octets))
    .map((octets) => new ipaddr.IPv4(octets))
}
