import { isIP } from 'node:net'

/** 32-bit FNV-1a of the address's bytes, as blackbox_exporter computes `probe_ip_addr_hash`; 0 when there is no address. */
export function ipHash(ip: string | null): number {
  let hash = 0x811c9dc5
  const bytes = ip === null ? undefined : ipBytes(ip)
  if (bytes === undefined) return 0
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}

function ipBytes(ip: string): number[] | undefined {
  const [address = ''] = ip.split('%')
  const family = isIP(address)
  if (family === 4) return address.split('.').map(Number)
  return family === 6 ? ipv6Bytes(address) : undefined
}

function ipv6Bytes(address: string): number[] {
  // The URL parser turns every notation, dotted tails too, into groups of hexadecimal digits with at most one "::".
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  const left = groups(head)
  const right = groups(tail ?? '')
  const bytes = [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right].flatMap((group) => [
    group >> 8,
    group & 0xff,
  ])
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  return mapped ? bytes.slice(12) : bytes
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
