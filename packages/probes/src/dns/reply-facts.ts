import type { DnsReplyFacts } from '@sonde/core'
import { type DnsRecord, flagsOf, type Question, type Reply } from '../net/dns-message.ts'
import { cursorOf, rdataText } from '../net/dns-rdata.ts'

const maxAnswers = 100
const maxData = 1024

/**
 * What is told of an answer. Signatures that came along because we asked for them are left out, unless they are what the check
 * is about. Throws `DnsFormatError` when the data of a record cannot be read.
 */
export function replyFacts(server: string, question: Question, reply: Reply, most = maxAnswers): DnsReplyFacts {
  const { answers, authorities, additionals } = reply.message
  const wanted = (records: DnsRecord[]): DnsRecord[] =>
    question.signatures === true ? records.filter((record) => !isSideEffect(record, question)) : records
  const told = wanted(answers)
  return {
    server,
    rcode: reply.rcode,
    flags: flagsOf(reply),
    answers: told.slice(0, most).map((record) => ({
      name: record.name,
      type: record.type,
      ttl: record.ttl,
      data: shortened(rdataText(record)),
    })),
    answerCount: told.length,
    authorityCount: wanted(authorities).length,
    additionalCount: wanted(additionals).length,
    serial: serialOf([...answers, ...authorities]),
  }
}

const proofs = new Set(['RRSIG', 'NSEC', 'NSEC3'])

function isSideEffect({ type }: DnsRecord, question: Question): boolean {
  return proofs.has(type) && question.type !== type && question.type !== 'ANY'
}

function serialOf(records: readonly DnsRecord[]): number | null {
  const soa = records.find(({ type }) => type === 'SOA')
  if (soa === undefined) return null
  const cursor = cursorOf(soa)
  cursor.name()
  cursor.name()
  return cursor.u32()
}

function shortened(data: string): string {
  return data.length <= maxData ? data : `${data.slice(0, maxData - 1)}…`
}
