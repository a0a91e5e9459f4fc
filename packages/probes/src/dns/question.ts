import { isIP } from 'node:net'
import type { DnsCheck } from '@sonde/core'
import type { Question } from '../net/dns-message.ts'
import { toAscii } from '../net/resolve.ts'
import { onceFor } from '../once-for.ts'

/** What a check asks: its target as DNS carries it, an address in reverse for PTR (RFC 1035 3.5, RFC 3596 2.5). */
export const questionOf = onceFor(({ target, dns }: DnsCheck): Question => {
  const { recordType: type, recursionDesired } = dns
  const name = type === 'PTR' && isIP(target) !== 0 ? reversed(target) : toAscii(target)
  return {
    name: name === '.' ? name : name.replace(/\.$/, ''),
    type,
    recursionDesired,
    ...(dns.dnssec === 'off' ? {} : { signatures: true }),
  }
})

function reversed(address: string): string {
  if (isIP(address) === 4) return `${address.split('.').reverse().join('.')}.in-addr.arpa`
  const digits = groupsOf(address).map((group) => group.toString(16).padStart(4, '0'))
  return `${Array.from(digits.join('')).reverse().join('.')}.ip6.arpa`
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // A URL writes an address in one way only: hexadecimal groups, the longest run of zeros left out.
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [head = '', tail] = plain.split('::')
  const groups = (part: string): number[] =>
    part.split(':').flatMap((one) => (one === '' ? [] : [Number.parseInt(one, 16)]))
  const before = groups(head)
  const after = groups(tail ?? '')
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}
