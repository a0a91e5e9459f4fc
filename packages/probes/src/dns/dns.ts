import { isIP } from 'node:net'
import type { DnsCheck, DnsFacts } from '@sonde/core'
import type { TargetFailure } from '../failure.ts'
import type { Observation, ProbeContext, ProbeKind } from '../kind.ts'
import { flagsOf } from '../net/dns-message.ts'
import { ask, type ServedReply } from '../net/dns-query.ts'
import { type DnsServer, serverText } from '../net/dns-server.ts'
import { replyFailure, serversOf, toAscii } from '../net/resolve.ts'
import { systemServers } from '../net/system-resolver.ts'
import { answerText } from './answer-text.ts'

/** One question, up when the answer is NOERROR with at least one record of the type asked for. */
export const dns: ProbeKind<DnsCheck> = {
  async run(check: DnsCheck, seen: Observation, context: ProbeContext): Promise<void> {
    const { servers, recordType, recursionDesired } = check.dns
    const asked = servers === undefined ? systemServers() : await serversOf(servers, context)
    noteServer(seen, asked[0])
    const startMs = performance.now()
    let reply: ServedReply
    try {
      reply = await ask({ name: questionName(check), type: recordType, recursionDesired }, asked, context)
    } finally {
      seen.phases.dnsMs = performance.now() - startMs
    }
    noteServer(seen, reply.server)
    seen.facts.dns = factsOf(reply)
    seen.complete = true
  },
  judge(check, { dns }): TargetFailure | undefined {
    if (dns === undefined) return undefined
    const { recordType } = check.dns
    const found = dns.answers.filter(({ type }) => type === recordType).length
    return replyFailure({ rcode: dns.rcode, from: dns.server, found }, questionName(check), recordType)
  },
  judgedBy: 'dns.rcode',
}

function questionName(check: DnsCheck): string {
  const ascii = toAscii(check.target)
  return ascii === '.' ? ascii : ascii.replace(/\.$/, '')
}

function noteServer({ facts }: Observation, server: DnsServer | undefined): void {
  facts.ip = server?.address ?? null
  facts.ipFamily = server === undefined ? null : isIP(server.address) === 6 ? 6 : 4
}

function factsOf(reply: ServedReply): DnsFacts {
  const { message, rcode, server } = reply
  return {
    server: `udp://${serverText(server)}`,
    rcode,
    flags: flagsOf(reply),
    answers: (message.answers ?? []).map((answer) => ({
      name: answer.name,
      type: answer.type,
      ttl: 'ttl' in answer ? (answer.ttl ?? 0) : 0,
      data: answerText(answer),
    })),
    authorityCount: message.authorities?.length ?? 0,
    additionalCount: message.additionals?.length ?? 0,
  }
}
