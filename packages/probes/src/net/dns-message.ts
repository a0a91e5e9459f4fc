import { randomInt } from 'node:crypto'
import { type DecodedPacket, decode, encode, RECURSION_DESIRED } from 'dns-packet'

export type AddressType = 'A' | 'AAAA'
export type Question = { name: string; type: AddressType; recursionDesired: boolean }
export type Query = { id: number; question: Question; packet: Buffer }

/** A DNS answer, with its rcode by name (RFC 1035 4.1.1, IANA's registry of RCODEs). */
export type Reply = { message: DecodedPacket; rcode: string }

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

/** A question ready to send, under an id that cannot be guessed. */
export function makeQuery(question: Question): Query {
  const id = randomInt(0x10000)
  const packet = encode({
    type: 'query',
    id,
    flags: question.recursionDesired ? RECURSION_DESIRED : 0,
    questions: [{ type: question.type, name: question.name }],
  })
  return { id, question, packet }
}

/**
 * Reads what came back: `undefined` when it does not belong to this query (another id or question, or itself a query) and is
 * to be ignored, as it may come from anyone; a string that says what is wrong when it belongs to it but cannot be read.
 */
export function readReply(query: Query, bytes: Buffer): Reply | string | undefined {
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== query.id) return undefined
  if (bytes.length < 12) return `an answer of ${bytes.length} bytes, shorter than a DNS header`
  const flags = bytes.readUInt16BE(2)
  if ((flags & 0x8000) === 0) return undefined
  let message: DecodedPacket
  try {
    message = decode(bytes)
  } catch (error) {
    return `an answer of ${bytes.length} bytes that cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
  const rcode = rcodes[flags & 0xf] ?? `RCODE${flags & 0xf}`
  const [asked] = message.questions ?? []
  // A server that could not read the question does not repeat it (RFC 1035 4.1.1).
  if (asked === undefined) return rcode === 'NOERROR' ? undefined : { message, rcode }
  return asked.type === query.question.type && sameName(asked.name, query.question.name)
    ? { message, rcode }
    : undefined
}

/** The addresses of the name that was asked for, reached through its CNAMEs; records of other names are left out. */
export function addressesIn({ message }: Reply, name: string, type: AddressType): string[] {
  const answers = message.answers ?? []
  let owner = name
  for (let hops = 0; hops < 16; hops++) {
    const alias = answers.find((answer) => answer.type === 'CNAME' && sameName(answer.name, owner))
    if (alias?.type !== 'CNAME') break
    owner = alias.data
  }
  return answers.flatMap((answer) => (answer.type === type && sameName(answer.name, owner) ? [answer.data] : []))
}

/** The header's flags by name, in the order in which dig prints them. */
export function flagsOf({ message }: Reply): string[] {
  const flags = { qr: message.flag_qr, aa: message.flag_aa, tc: message.flag_tc, rd: message.flag_rd }
  const rest = { ra: message.flag_ra, ad: message.flag_ad, cd: message.flag_cd }
  return Object.entries({ ...flags, ...rest }).flatMap(([name, set]) => (set ? [name] : []))
}

export function sameName(a: string, b: string): boolean {
  return a.replace(/\.$/, '').toLowerCase() === b.replace(/\.$/, '').toLowerCase()
}
