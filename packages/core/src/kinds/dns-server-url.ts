import { parseHostPort } from '../host.ts'

/** Where and how to ask: over UDP, TCP, TLS (RFC 7858) or HTTPS (RFC 8484). */
export type DnsServerUrl = { host: string; port: number } & (
  | { transport: 'udp' | 'tcp' }
  /** `name` is what the certificate must be for; the host itself when it is left out. */
  | { transport: 'tls'; name: string }
  | { transport: 'https'; path: string; method: 'GET' | 'POST' }
)

const ports = { udp: 53, tcp: 53, tls: 853 } as const
const getTemplate = '{?dns}'

/**
 * Reads `udp://h:p`, `tcp://h:p`, `tls://h:p#name` and `https://h/dns-query`; ports default to 53, 853 and 443. A URL that ends
 * in `{?dns}` is asked by GET (RFC 8484 4.1), any other by POST. Undefined when the text is none of these.
 */
export function parseDnsServer(text: string): DnsServerUrl | undefined {
  if (text.startsWith('https://')) return parseHttps(text)
  const [, transport, authority, name] = /^(udp|tcp|tls):\/\/([^#/]+)(?:#([^#/]+))?$/.exec(text) ?? []
  if (transport === undefined || authority === undefined) return undefined
  const known = transport as keyof typeof ports
  const address = parseHostPort(authority) ?? parseHostPort(`${authority}:${ports[known]}`)
  if (address === undefined || (name !== undefined && known !== 'tls')) return undefined
  return known === 'tls'
    ? { ...address, transport: known, name: name ?? address.host }
    : { ...address, transport: known }
}

function parseHttps(text: string): DnsServerUrl | undefined {
  const method = text.endsWith(getTemplate) ? 'GET' : 'POST'
  const plain = method === 'GET' ? text.slice(0, -getTemplate.length) : text
  if (!URL.canParse(plain)) return undefined
  const url = new URL(plain)
  if (url.username !== '' || url.password !== '' || url.hash !== '' || (method === 'GET' && url.search !== '')) {
    return undefined
  }
  const address = parseHostPort(`${url.hostname}:${url.port === '' ? 443 : url.port}`)
  return address === undefined ? undefined : { ...address, transport: 'https', path: url.pathname + url.search, method }
}
