import { onceFor } from '../once-for.ts'
import { Cursor } from './dns-cursor.ts'
import { DnsFormatError, type KnownNames, nameToWire, readName, sameName } from './dns-name.ts'
import { randomOctet } from './dns-random.ts'
import { cursorOf, rdataText } from './dns-rdata.ts'
import { typeName, typeNumber } from './dns-types.ts'

export type Question = {
  name: string
  type: string
  recursionDesired: boolean
  /** Asks for signatures, and for data that the server holds to be bogus too (DO, RFC 3225; CD, RFC 4035 3.2.2). */
  signatures?: boolean
}
export type Query = {
  id: number
  question: Question
  packet: Buffer
  /** Where the question ends within the packet. */
  questionEnd: number
  edns: boolean
}

/** A record, its data left where it lies in the message; `rdataText` and `canonicalRdata` read it. */
export type DnsRecord = {
  name: string
  type: string
  class: number
  ttl: number
  message: Buffer
  start: number
  end: number
  /** Names of the message that have been read. */
  known?: KnownNames | undefined
}

/** A DNS message read (RFC 1035 4.1). The OPT pseudo-record of EDNS (RFC 6891 6.1) is not among the additional records. */
export type DnsMessage = {
  /** All sixteen bits. */
  flags: number
  /** By name, with the upper bits of EDNS. */
  rcode: string
  answers: DnsRecord[]
  authorities: DnsRecord[]
  additionals: DnsRecord[]
}

// IANA, DNS RCODEs.
const rcodes = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
]
const badVersion = 16

// RFC 9715 and DNS Flag Day 2020: what passes unfragmented nearly everywhere.
const udpPayload = 1232
const dnssecOk = 0x8000
const truncated = 0x200
const recursionDesired = 0x100
const checkingDisabled = 0x10
const headerOctets = 12
const inClass = 1
const optType = 41

/**
 * A question ready to send, under an id that cannot be guessed and with the letters of its name in a case that cannot be
 * guessed either (draft-vixie-dnsext-dns0x20), which the answer repeats. Throws `DnsFormatError` for a name DNS cannot carry.
 */
export function makeQuery(question: Question, options: { edns?: boolean; id?: number } = {}): Query {
  const edns = options.edns ?? true
  const id = options.id ?? (randomOctet() << 8) | randomOctet()
  const name = wireName(question)
  const questionEnd = headerOctets + name.length + 4
  const packet = Buffer.alloc(questionEnd + (edns ? 11 : 0))
  packet.writeUInt16BE(id, 0)
  const signatures = question.signatures === true
  packet.writeUInt16BE((question.recursionDesired ? recursionDesired : 0) | (signatures ? checkingDisabled : 0), 2)
  packet.writeUInt16BE(1, 4)
  packet.writeUInt16BE(edns ? 1 : 0, 10)
  name.copy(packet, headerOctets)
  mixCase(packet, headerOctets, headerOctets + name.length)
  packet.writeUInt16BE(typeNumber(question.type), questionEnd - 4)
  packet.writeUInt16BE(inClass, questionEnd - 2)
  if (edns) {
    packet.writeUInt16BE(optType, questionEnd + 1)
    packet.writeUInt16BE(udpPayload, questionEnd + 3)
    packet.writeUInt16BE(signatures ? dnssecOk : 0, questionEnd + 7)
  }
  return { id, question, packet, questionEnd, edns }
}

const wireName = onceFor(({ name }: Question): Buffer => nameToWire(name.toLowerCase()))

function mixCase(packet: Buffer, start: number, end: number): void {
  let bits = 1
  for (let at = start; at < end; at++) {
    const octet = packet[at] as number
    // Lengths are 63 at most, which no letter is.
    if (octet < 0x61 || octet > 0x7a) continue
    if (bits === 1) bits = 0x100 | randomOctet()
    if ((bits & 1) === 1) packet[at] = octet - 0x20
    bits >>= 1
  }
}

/** `otherCase` is an answer that does not repeat the case of the name: it may be forged, or come from a server that cannot. */
export type Reply = { message: DnsMessage; rcode: string; otherCase: boolean }

/**
 * Reads what came back: `undefined` when it does not belong to this query (another id or question, or itself a query) and is
 * to be ignored, as it may come from anyone; a string that says what is wrong when it belongs to it but cannot be read.
 */
export function readReply(query: Query, bytes: Buffer): Reply | string | undefined {
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== query.id) return undefined
  if (bytes.length < headerOctets) return `an answer of ${bytes.length} bytes, shorter than a DNS header`
  if ((bytes.readUInt16BE(2) & 0x8000) === 0) return undefined
  try {
    const { packet, questionEnd } = query
    const same =
      bytes.length >= questionEnd &&
      bytes.readUInt16BE(4) === 1 &&
      bytes.compare(packet, headerOctets, questionEnd, headerOctets, questionEnd) === 0
    const otherCase = !same && sameQuestion(query, bytes)
    // A server that could not read the question does not repeat it (RFC 1035 4.1.1).
    const unasked = bytes.readUInt16BE(4) === 0 && (bytes.readUInt16BE(2) & 0xf) !== 0
    if (!same && !otherCase && !unasked) return undefined
    // Names in the answer point here: as it was asked, not as it was disguised.
    if (!unasked) wireName(query.question).copy(bytes, headerOctets)
    const message = readMessage(bytes)
    return { message, rcode: message.rcode, otherCase }
  } catch (error) {
    if (!(error instanceof DnsFormatError)) throw error
    return `an answer of ${bytes.length} bytes that cannot be read: ${error.message}`
  }
}

function sameQuestion({ question, questionEnd }: Query, bytes: Buffer): boolean {
  if (bytes.readUInt16BE(4) !== 1) return false
  const { name, next } = readName(bytes, headerOctets)
  const cursor = new Cursor(bytes, next, bytes.length)
  return (
    cursor.u16() === typeNumber(question.type) &&
    cursor.u16() === inClass &&
    cursor.at === questionEnd &&
    sameName(name, question.name)
  )
}

/** Reads a whole message. Throws `DnsFormatError`. Takes time and memory in proportion to its length, 64 KiB at most. */
export function readMessage(bytes: Buffer): DnsMessage {
  const known: KnownNames = new Map()
  const cursor = new Cursor(bytes, 0, bytes.length, known)
  cursor.u16()
  const flags = cursor.u16()
  const [questions = 0, answers = 0, authorities = 0, additionals = 0] = [0, 0, 0, 0].map(() => cursor.u16())
  for (let index = 0; index < questions; index++) {
    cursor.name()
    cursor.u32()
  }
  const message: DnsMessage = {
    flags,
    rcode: '',
    answers: readRecords(cursor, answers, known),
    authorities: readRecords(cursor, authorities, known),
    additionals: readRecords(cursor, additionals, known),
  }
  const opt = message.additionals.find(({ type }) => type === 'OPT')
  if (opt !== undefined) message.additionals = message.additionals.filter(({ type }) => type !== 'OPT')
  message.rcode = rcodeText((flags & 0xf) | (opt === undefined ? 0 : (opt.ttl >>> 24) << 4))
  return message
}

function rcodeText(rcode: number): string {
  return rcode === badVersion ? 'BADVERS' : (rcodes[rcode] ?? `RCODE${rcode}`)
}

function readRecords(cursor: Cursor, count: number, known: KnownNames): DnsRecord[] {
  const records: DnsRecord[] = []
  for (let index = 0; index < count; index++) {
    const name = cursor.name()
    const type = typeName(cursor.u16())
    const recordClass = cursor.u16()
    const ttl = cursor.u32()
    const length = cursor.u16()
    const start = cursor.at
    cursor.take(length)
    records.push({ name, type, class: recordClass, ttl, message: cursor.bytes, start, end: start + length, known })
  }
  return records
}

/** Whether the answer was cut, and is to be had whole over TCP. */
export function isTruncated({ message }: Reply): boolean {
  return (message.flags & truncated) !== 0
}

/** The addresses of the name that was asked for, reached through its CNAMEs; records of other names are left out. */
export function addressesIn({ message }: Reply, name: string, type: string): string[] {
  return answersOf(message, name, type).map(rdataText)
}

// Resolvers stop at 8 to 16.
const maxAliases = 16

/** The records of a type that answer a question for a name, through its CNAMEs. Throws `DnsFormatError`. */
export function answersOf({ answers }: DnsMessage, name: string, type: string): DnsRecord[] {
  let owner = name
  for (let hops = 0; hops < maxAliases && type !== 'CNAME' && type !== 'ANY'; hops++) {
    const alias = answers.find((answer) => answer.type === 'CNAME' && sameName(answer.name, owner))
    if (alias === undefined) break
    owner = cursorOf(alias).name()
  }
  return answers.filter((answer) => (answer.type === type || type === 'ANY') && sameName(answer.name, owner))
}

const flagBits = {
  qr: 0x8000,
  aa: 0x400,
  tc: truncated,
  rd: recursionDesired,
  ra: 0x80,
  ad: 0x20,
  cd: checkingDisabled,
}

/** The header's flags by name, in the order in which dig prints them. */
export function flagsOf({ message }: Reply): string[] {
  return Object.entries(flagBits).flatMap(([name, bit]) => ((message.flags & bit) === 0 ? [] : [name]))
}
