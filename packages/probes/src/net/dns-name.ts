/** A DNS message or name that cannot be read. */
export class DnsFormatError extends Error {}

// RFC 1035 2.3.4.
const maxNameOctets = 255
const maxPointers = 127

/** Names of one message by where they begin, so that one that many point to is read once. */
export type KnownNames = Map<number, { name: string; octets: number }>

const root = { name: '', octets: 1 }

/**
 * Reads the name at `start`, following compression pointers (RFC 1035 4.1.4), each of which must lead back, so that none loops.
 *
 * Names are kept in presentation form without the last dot, the root as "."; what is not a plain character of a label is
 * escaped (RFC 1035 5.1: `\.`, `\\`, `\ddd`), so that every name is ASCII and two names are the same when their lower case is.
 * With `known` all names of a message take time in proportion to its length. Throws `DnsFormatError`.
 */
export function readName(bytes: Buffer, start: number, known?: KnownNames): { name: string; next: number } {
  const labels: { at: number; octets: number; text: string }[] = []
  let at = start
  let limit = start
  let next = -1
  let octets = 1
  let pointers = 0
  let tail: { name: string; octets: number } | undefined
  while (tail === undefined) {
    const length = bytes[at]
    if (length === undefined) throw new DnsFormatError(`a name at octet ${start} runs past the end`)
    if (next !== -1) tail = known?.get(at)
    if (tail !== undefined) break
    if (length === 0) {
      if (next === -1) next = at + 1
      tail = root
    } else if (length >= 0xc0) {
      const low = bytes[at + 1]
      if (low === undefined) throw new DnsFormatError(`a name at octet ${start} runs past the end`)
      if (next === -1) next = at + 2
      at = ((length & 0x3f) << 8) | low
      pointers += 1
      if (at >= limit || pointers > maxPointers)
        throw new DnsFormatError(`a compression pointer at octet ${start} loops`)
      limit = at
    } else {
      if (length > 63) throw new DnsFormatError(`a label at octet ${at} of an unknown kind`)
      if (at + 1 + length > bytes.length) throw new DnsFormatError(`a name at octet ${start} runs past the end`)
      octets += length + 1
      if (octets > maxNameOctets) throw new DnsFormatError(`a name at octet ${start} is longer than 255 octets`)
      labels.push({ at, octets: length + 1, text: labelText(bytes, at + 1, at + 1 + length) })
      at += length + 1
    }
  }
  let { name } = tail
  octets = tail.octets
  for (let index = labels.length - 1; index >= 0; index--) {
    const label = labels[index] as { at: number; octets: number; text: string }
    octets += label.octets
    if (octets > maxNameOctets) throw new DnsFormatError(`a name at octet ${start} is longer than 255 octets`)
    name = name === '' ? label.text : `${label.text}.${name}`
    known?.set(label.at, { name, octets })
  }
  return { name: name === '' ? '.' : name, next }
}

function labelText(bytes: Buffer, start: number, end: number): string {
  for (let at = start; at < end; at++) {
    const octet = bytes[at] as number
    // Anything but `!` to `~`, and of these what zone files give a meaning.
    if (octet <= 0x20 || octet >= 0x7f || special.has(octet)) return escapedLabel(bytes.subarray(start, end))
  }
  return bytes.toString('latin1', start, end)
}

const special = new Set(Array.from('."();@$\\', (character) => character.charCodeAt(0)))

function escapedLabel(octets: Buffer): string {
  return Array.from(octets, (octet) => {
    if (octet <= 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, '0')}`
    const character = String.fromCharCode(octet)
    return special.has(octet) ? `\\${character}` : character
  }).join('')
}

/** The labels of a name from left to right, as they are written; none for the root. */
export function labelsOf(name: string): string[] {
  const plain = name.replace(/(?<!\\)\.$/, '')
  if (plain === '' || name === '.') return []
  return plain.includes('\\') ? (plain.match(/(?:\\\d{3}|\\.|[^.\\])+/gs) ?? []) : plain.split('.')
}

/** The name of these labels. */
export function nameOf(labels: readonly string[]): string {
  return labels.length === 0 ? '.' : labels.join('.')
}

/** The name as it goes over the wire (RFC 1035 3.1), uncompressed. Throws `DnsFormatError` for what DNS cannot carry. */
export function nameToWire(name: string): Buffer {
  const parts: Buffer[] = []
  let octets = 1
  for (const label of labelsOf(name)) {
    const bytes = labelOctets(label)
    octets += bytes.length + 1
    if (bytes.length === 0 || bytes.length > 63 || octets > maxNameOctets) {
      throw new DnsFormatError(`"${name}" is not a name that DNS can carry`)
    }
    parts.push(Buffer.from([bytes.length]), bytes)
  }
  parts.push(Buffer.from([0]))
  return Buffer.concat(parts)
}

/** The octets of one label. */
export function labelOctets(label: string): Buffer {
  if (!label.includes('\\')) return Buffer.from(label, 'latin1')
  const text = label.replace(/\\(\d{3}|.)/gs, (_, escaped: string) =>
    escaped.length === 3 ? String.fromCharCode(Number(escaped) & 0xff) : escaped,
  )
  return Buffer.from(text, 'latin1')
}

/** Whether two names are the same to DNS: whatever their case (RFC 4343) and with or without the last dot. */
export function sameName(a: string, b: string): boolean {
  return a === b || foldedName(a) === foldedName(b)
}

/** One spelling for all names that are the same. */
export function foldedName(name: string): string {
  const lower = name.toLowerCase()
  return lower.length > 1 && lower.endsWith('.') && !lower.endsWith('\\.') ? lower.slice(0, -1) : lower
}

/** Whether `name` is `zone` or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  if (zone === '.') return true
  const inner = foldedName(name)
  const outer = foldedName(zone)
  if (inner === outer) return true
  // A dot that is escaped does not part labels.
  return (
    inner.endsWith(`.${outer}`) &&
    labelsOf(inner).length > labelsOf(outer).length &&
    !inner
      .slice(0, -outer.length - 1)
      .replaceAll('\\\\', '')
      .endsWith('\\')
  )
}

/** The name without its first label; the root's is the root. */
export function parentOf(name: string): string {
  return nameOf(labelsOf(name).slice(1))
}
