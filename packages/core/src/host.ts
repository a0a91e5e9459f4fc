import { isIP } from 'node:net'

/** A host and a port, as `host:port`, `192.0.2.1:53` or `[2001:db8::1]:853`; undefined when the text is none of these. */
export function parseHostPort(text: string): { host: string; port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host === undefined || port < 1 || port > 65535) return undefined
  if (bracketed !== undefined ? isIP(bracketed) !== 6 : !isHost(host)) return undefined
  return { host, port }
}

/** Whether the text is an IP address or a name that DNS can carry (RFC 1035 lengths; underscores are in use and allowed). */
export function isHost(text: string): boolean {
  return isIP(text) !== 0 || isDomainName(text)
}

/** A DNS name of at most 253 octets in labels of 1 to 63; a trailing dot and the root itself are names too. */
export function isDomainName(text: string): boolean {
  if (text === '.') return true
  const name = text.replace(/\.$/, '')
  return (
    name.length <= 253 &&
    name.split('.').every((label) => /^(?:\*|[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?)$/u.test(label))
  )
}
