import { isIPv6 } from 'node:net'

/** The address and port of a DNS server. */
export type DnsServer = { address: string; port: number }

export function serverText({ address, port }: DnsServer): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`
}
