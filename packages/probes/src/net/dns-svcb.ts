import { type Cursor } from './dns-cursor.ts'
import { DnsFormatError } from './dns-name.ts'
import { base64, charString, ip4Text, ip6Text } from './dns-text.ts'

const keys = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp']

/** The parameters of an SVCB or HTTPS record in presentation form: `alpn=h2,h3 port=8443` (RFC 9460 2.1, RFC 9461, RFC 9540). */
export function svcParamsText(cursor: Cursor): string {
  const params: string[] = []
  let last = -1
  while (cursor.left > 0) {
    const key = cursor.u16()
    // RFC 9460 2.2: in order, each once.
    if (key <= last) throw new DnsFormatError(`parameter ${key} of a service is out of order`)
    last = key
    const value = cursor.take(cursor.u16())
    const text = valueText(key, value)
    params.push(text === '' ? keyText(key) : `${keyText(key)}=${text}`)
  }
  return params.join(' ')
}

function keyText(key: number): string {
  return keys[key] ?? `key${key}`
}

function valueText(key: number, value: Buffer): string {
  switch (keys[key]) {
    case 'mandatory':
      return chunks(value, 2)
        .map((two) => keyText(two.readUInt16BE(0)))
        .join(',')
    case 'alpn':
      return alpnText(value)
    case 'port':
      if (value.length !== 2) throw new DnsFormatError('the port of a service is not two octets')
      return String(value.readUInt16BE(0))
    case 'ipv4hint':
      return chunks(value, 4).map(ip4Text).join(',')
    case 'ipv6hint':
      return chunks(value, 16).map(ip6Text).join(',')
    case 'ech':
      return base64(value)
    default:
      return value.length === 0 ? '' : charString(value)
  }
}

function alpnText(value: Buffer): string {
  const names: string[] = []
  for (let at = 0; at < value.length; ) {
    const length = value.readUInt8(at)
    if (at + 1 + length > value.length) throw new DnsFormatError('the alpn of a service runs past its end')
    names.push(
      charString(value.subarray(at + 1, at + 1 + length))
        .slice(1, -1)
        .replaceAll(',', '\\\\,'),
    )
    at += 1 + length
  }
  const text = names.join(',')
  return /^[\w,./-]*$/.test(text) ? text : `"${text}"`
}

function chunks(value: Buffer, size: number): Buffer[] {
  if (value.length === 0 || value.length % size !== 0) {
    throw new DnsFormatError(`a parameter of a service of ${value.length} octets, not a multiple of ${size}`)
  }
  return Array.from({ length: value.length / size }, (_, index) => value.subarray(index * size, (index + 1) * size))
}
