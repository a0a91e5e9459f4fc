import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { parseHostPort } from '@sonde/core'
import { TargetFailure } from '../failure.ts'
import type { ProbeContext } from '../kind.ts'
import { onceForText } from '../once-for.ts'
import { follow, Stop } from '../stop.ts'
import { addressesIn } from './dns-message.ts'
import { DnsFormatError } from './dns-name.ts'
import { ask, type ServedReply } from './dns-query.ts'
import { type DnsServer, serverText } from './dns-server.ts'
import { allowedOf, numericHost } from './egress.ts'
import { systemHosts, systemResolver, systemServers } from './system-resolver.ts'

export type Address = { address: string; family: 4 | 6 }
export type Family = 'any' | '4' | '6'
type AddressType = 'A' | 'AAAA'

/**
 * The addresses of a host, in the order in which to try them: IPv6 first, the two families in turn (RFC 8305 4).
 *
 * Names are looked up by our own client, never by getaddrinfo, which shares four threads with everything else in the process.
 * /etc/hosts, the search list and ndots count as with glibc, unless the check names its `resolvers`: then these alone are asked.
 * Throws `TargetFailure` with a code of the dns phase, or egress_denied for a resolver that may not be asked.
 */
export async function resolveHost(
  host: string,
  options: { ipFamily: Family; resolvers?: readonly string[] | undefined },
  context: ProbeContext,
): Promise<Address[]> {
  const literal = literalAddress(host)
  if (literal !== null) return ofFamily(literal, options.ipFamily)
  const name = toAscii(host)
  if (options.resolvers !== undefined) {
    return lookUp(name, [name], await serversOf(options.resolvers, context), options.ipFamily, context)
  }
  const ofWantedFamily = (addresses: readonly string[]): Address[] =>
    interleave(addresses.map(toAddress).filter(({ family }) => wants(options.ipFamily, family)))
  const listed = ofWantedFamily(systemHosts().get(name.replace(/\.$/, '')) ?? [])
  if (listed.length > 0) return listed
  if (isLocalhost(name)) return ofWantedFamily(loopback)
  const { search, ndots } = systemResolver()
  // The machine's own resolvers are asked whatever the egress policy says: in clouds they often are link-local addresses.
  return lookUp(name.replace(/\.$/, ''), candidates(name, search, ndots), systemServers(), options.ipFamily, context)
}

/** The address that a host spells, be it in brackets or written as numbers (`numericHost`); null when it is a name. */
export const literalAddress = onceForText((host: string): Address | null => {
  const text = numericHost(host).replace(/^\[(.*)\]$/, '$1')
  return isIP(text) === 0 ? null : toAddress(text)
})

/**
 * The servers that a check names as `host:port`, as addresses; a name among them is looked up with the system's resolvers, and
 * all of its addresses count. Throws egress_denied when none may be asked.
 */
async function serversOf(list: readonly string[], context: ProbeContext): Promise<DnsServer[]> {
  const servers = await Promise.all(
    list.map(async (text) => {
      const { host, port } = parseHostPort(text) ?? { host: text, port: 53 }
      const addresses = await resolveHost(host, { ipFamily: 'any' }, context)
      return addresses.map(({ address }) => ({ address, port }))
    }),
  )
  return allowedOf(servers.flat(), context.egress, 'DNS server ')
}

/** The name as DNS carries it (IDNA in A-labels). Throws dns_nxdomain for one that DNS cannot carry. */
export function toAscii(name: string): string {
  const ascii = name === '.' || /^[\x21-\x7e]+$/.test(name) ? name.toLowerCase() : domainToASCII(name)
  const labels = ascii.replace(/\.$/, '').split('.')
  if (
    ascii === '' ||
    ascii.length > 254 ||
    (ascii !== '.' && labels.some((label) => label === '' || label.length > 63))
  ) {
    throw new TargetFailure('dns_nxdomain', `"${name}" is not a name that DNS can carry`, { seen: { name } })
  }
  return ascii
}

/** The names to ask for, in order (resolv.conf(5)): a name with enough dots as it is first, else last. */
export function candidates(name: string, search: readonly string[], ndots: number): string[] {
  if (name.endsWith('.')) return [name.replace(/\.$/, '')]
  const searched = search.map((domain) => `${name}.${domain}`).filter((full) => full.length <= 253)
  return name.split('.').length - 1 >= ndots ? [name, ...searched] : [...searched, name]
}

// One name of the search list that cannot be had leads on to the next.
const leadsOn = new Set(['dns_nxdomain', 'dns_nodata', 'dns_servfail', 'dns_refused'])

async function lookUp(
  written: string,
  names: readonly string[],
  servers: readonly DnsServer[],
  ipFamily: Family,
  context: ProbeContext,
): Promise<Address[]> {
  let told: TargetFailure | undefined
  for (const name of names) {
    try {
      return await lookUpOne(name, servers, ipFamily, context)
    } catch (error) {
      if (!(error instanceof TargetFailure) || !leadsOn.has(error.code)) throw error
      if (told === undefined || name === written) told = error
    }
  }
  throw told ?? new Error(`no name to look up for ${written}`)
}

// RFC 8305 3: how long one family's addresses wait for the other family's answer.
const resolutionDelayMs = 50

async function lookUpOne(
  name: string,
  servers: readonly DnsServer[],
  ipFamily: Family,
  context: ProbeContext,
): Promise<Address[]> {
  const types: AddressType[] = ipFamily === 'any' ? ['AAAA', 'A'] : ipFamily === '6' ? ['AAAA'] : ['A']
  // The family that is not waited for is let go of, so that no socket outlives the look-up.
  const stop = new Stop()
  using _ = follow(context.signal, stop)
  const found: Address[] = []
  const failures: unknown[] = []
  let delay: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((done) => {
      let open = types.length
      for (const type of types) {
        const question = { name, type, recursionDesired: true }
        ask(question, servers, { ...context, signal: stop })
          .then((reply) => found.push(...addressesOrFailure(reply, name, type).map(toAddress)))
          .catch((error: unknown) => failures.push(error))
          .finally(() => {
            open -= 1
            if (open === 0) done()
            else if (found.length > 0) delay = setTimeout(done, resolutionDelayMs)
          })
      }
    })
  } finally {
    clearTimeout(delay)
    stop.abort(enough)
  }
  if (found.length > 0) return interleave(found)
  throw mostTelling(failures, name, types)
}

const enough = new Error('the other family answered')

function addressesOrFailure(reply: ServedReply, name: string, type: AddressType): string[] {
  const addresses = readAddresses(reply, name, type)
  const answer = { rcode: reply.rcode, from: serverText(reply.server), found: addresses.length }
  const failure = replyFailure(answer, name, type)
  if (failure !== undefined) throw failure
  return addresses
}

function readAddresses(reply: ServedReply, name: string, type: AddressType): string[] {
  try {
    return addressesIn(reply, name, type)
  } catch (error) {
    if (!(error instanceof DnsFormatError)) throw error
    const server = serverText(reply.server)
    const seen = { name, type, server, reason: error.message }
    throw new TargetFailure('dns_malformed', `${server} sent ${error.message}`, { cause: error, seen })
  }
}

/** The failure that an answer's rcode means, or the lack of records of the type; undefined when it has some. */
export function replyFailure(
  { rcode, from, found }: { rcode: string; from: string; found: number },
  name: string,
  type: string,
): TargetFailure | undefined {
  const options = { seen: { name, type, server: from, rcode } }
  if (rcode === 'NXDOMAIN') {
    return new TargetFailure('dns_nxdomain', `${name} does not exist, says ${from} (NXDOMAIN)`, options)
  }
  if (rcode === 'REFUSED' || rcode === 'NOTAUTH') {
    return new TargetFailure('dns_refused', `${from} refuses to answer for ${name} ${type} (${rcode})`, options)
  }
  if (rcode !== 'NOERROR') {
    return new TargetFailure('dns_servfail', `${from} answered ${rcode} for ${name} ${type}`, options)
  }
  return found === 0
    ? new TargetFailure('dns_nodata', `${name} has no ${type} record, says ${from}`, options)
    : undefined
}

/** Of the failures of both families the one to tell: ours first, then one that may hide addresses, then that there are none. */
function mostTelling(failures: readonly unknown[], name: string, types: readonly AddressType[]): unknown {
  const ours = failures.find((failure) => !(failure instanceof TargetFailure))
  if (ours !== undefined) return ours
  const all = failures.filter((failure) => failure instanceof TargetFailure)
  const missing = all.filter(({ code }) => code === 'dns_nodata')
  if (missing.length === types.length && types.length > 1) {
    return new TargetFailure('dns_nodata', `${name} has neither an A nor an AAAA record`, {
      seen: { name, type: 'A or AAAA' },
    })
  }
  return all.find(({ code }) => code !== 'dns_nodata') ?? all[0]
}

const loopback = ['::1', '127.0.0.1']

function isLocalhost(name: string): boolean {
  // RFC 6761 6.3: never asked of a DNS server.
  return /(?:^|\.)localhost\.?$/.test(name)
}

function toAddress(address: string): Address {
  return { address, family: isIP(address) === 6 ? 6 : 4 }
}

function wants(ipFamily: Family, family: 4 | 6): boolean {
  return ipFamily === 'any' || ipFamily === String(family)
}

/** The address where the check may use it; throws dns_nodata where it asks for the other family. */
export function ofFamily(literal: Address, ipFamily: Family): Address[] {
  const { address, family } = literal
  if (wants(ipFamily, family)) return [literal]
  throw new TargetFailure('dns_nodata', `${address} is not an IPv${ipFamily} address, which the check asks for`, {
    seen: { name: `The address ${address}`, type: ipFamily === '6' ? 'AAAA' : 'A' },
  })
}

function interleave(addresses: readonly Address[]): Address[] {
  const six = addresses.filter(({ family }) => family === 6)
  const four = addresses.filter(({ family }) => family === 4)
  const longer = Math.max(six.length, four.length)
  return Array.from({ length: longer }, (_, index) => [six[index], four[index]])
    .flat()
    .filter((address) => address !== undefined)
}
