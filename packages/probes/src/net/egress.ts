import ipaddr from 'ipaddr.js'

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number]

/** Where probes may connect to; judged on the address that is dialled, so that redirects and changing DNS are caught too. */
export type EgressPolicy = {
  /** Why the address may not be connected to, or undefined when it may. */
  denies(address: string): string | undefined
}

/**
 * Denied unless allowed by name: link-local networks, which hold the metadata service of most clouds, and the metadata
 * addresses elsewhere: AWS and GCP on IPv6, Alibaba, Oracle, Azure's wire server.
 */
export const deniedByDefault = [
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  '100.100.100.200/32',
  '192.0.0.192/32',
  '168.63.129.16/32',
] as const

/** A network of `SONDE_EGRESS_DENY` or `SONDE_EGRESS_ALLOW` that cannot be read. */
export class EgressNetworkError extends Error {}

/**
 * `deny` adds to `deniedByDefault`; `allow` makes exceptions from both. CIDRs or single addresses.
 * Throws `EgressNetworkError` with the wrong one.
 */
export function egressPolicy(lists: { deny: readonly string[]; allow: readonly string[] }): EgressPolicy {
  const denied = [...deniedByDefault, ...lists.deny].map(parseNetwork)
  const allowed = lists.allow.map(parseNetwork)
  return {
    denies(address) {
      const spellings = addressesWithin(address)
      if (spellings.length === 0) return `${address} is not an address`
      const network = denied.find((one) => spellings.some((spelling) => holds(one, spelling)))
      if (network === undefined || allowed.some((one) => spellings.every((spelling) => holds(one, spelling)))) {
        return undefined
      }
      return `${address} is in ${network[0].toString()}/${network[1]}, which the egress policy denies`
    },
  }
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

/** The address, and in front of it the IPv4 address that it stands for, when it does. Empty when the text is no address. */
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
  if (embedded !== undefined && address.isIPv4MappedAddress()) return [embedded]
  return embedded === undefined ? [address] : [embedded, address]
}

function isUnspecified(bytes: number[]): boolean {
  return bytes.every((byte) => byte === 0)
}

// Prefixes under which an IPv6 address carries an IPv4 address, and the octet at which it begins: IPv4-mapped and -translated
// (RFC 4291, RFC 2765), IPv4-compatible, NAT64 (RFC 6052), 6to4 (RFC 3056).
const embeddings: [string, number, number][] = [
  ['::ffff:0:0', 96, 12],
  ['::ffff:0:0:0', 96, 12],
  ['::', 96, 12],
  ['64:ff9b::', 96, 12],
  ['2002::', 16, 2],
]
const embeddingNetworks = embeddings.map(([prefix, bits, at]) => ({ prefix: ipaddr.IPv6.parse(prefix), bits, at }))
const loopback6 = ipaddr.IPv6.parse('::1')

function embeddedIPv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (address.match(loopback6, 128)) return undefined
  const found = embeddingNetworks.find(({ prefix, bits }) => address.match(prefix, bits))
  return found === undefined ? undefined : new ipaddr.IPv4(address.toByteArray().slice(found.at, found.at + 4))
}
