import type { DnsCheck, DnsFacts, DnsReplyFacts, DnsServerFacts, Facts } from '@sonde/core'
import { TargetFailure } from '../failure.ts'
import { freshObservation, type Observation, type ProbeContext, type ProbeKind } from '../kind.ts'
import { replyFailure } from '../net/resolve.ts'
import { typesMatch } from './answer-type.ts'
import { askEach, type ServerAnswer } from './ask-each.ts'
import { questionOf } from './question.ts'

/**
 * One question to each server of the check, up when the answer is NOERROR with at least one record of the type asked for, and
 * secure where DNSSEC is required: from every server, or from any one.
 */
export const dns: ProbeKind<DnsCheck> = {
  async run(check: DnsCheck, seen: Observation, context: ProbeContext): Promise<void> {
    const answers = await askEach(check, context)
    const main = mainOf(check, answers)
    note(seen, main)
    if (main.reply !== undefined) seen.facts.dns = factsOf(main.reply, answers)
    const failed = answers.find(({ failure }) => failure !== undefined)
    if (failed?.failure !== undefined && (check.dns.verdict === 'every' || main.reply === undefined)) {
      throw failed.failure
    }
    seen.complete = true
    const distrusted = distrust(check, answers)
    if (distrusted !== undefined) throw distrusted
  },
  judge(check, { dns }): TargetFailure | undefined {
    if (dns === undefined) return undefined
    const replies = dns.servers?.flatMap(({ reply }) => (reply === null ? [] : [reply])) ?? [dns]
    const failures = replies.map((reply) => verdictOn(check, reply))
    const told = failures.find((failure) => failure !== undefined)
    return check.dns.verdict === 'any' && failures.includes(undefined) ? undefined : told
  },
  judgedBy: 'dns.rcode',
  views(check, facts) {
    const replies = facts.dns?.servers?.flatMap(({ reply }) => (reply === null ? [] : [reply])) ?? []
    // The answer that the result is told by comes first, so that of equals it is the one that is told.
    const others = replies.filter(({ server }) => server !== facts.dns?.server)
    return { facts: [facts, ...others.map((dns): Facts => ({ ...facts, dns }))], verdict: check.dns.verdict }
  },
}

/** What is wrong with one server's answer. */
function verdictOn(check: DnsCheck, reply: DnsReplyFacts): TargetFailure | undefined {
  const { name, type } = questionOf(check)
  const found = reply.answers.filter((answer) => typesMatch(type, answer.type)).length
  return untrusted(check, reply) ?? replyFailure({ rcode: reply.rcode, from: reply.server, found }, name, type)
}

/** What DNSSEC has against the answers, whatever assertions say of their rcode: an answer that is bogus says nothing. */
function distrust(check: DnsCheck, answers: readonly ServerAnswer[]): TargetFailure | undefined {
  const failures = answers.flatMap(({ reply }) => (reply === undefined ? [] : [untrusted(check, reply)]))
  const told = failures.find((failure) => failure !== undefined)
  return check.dns.verdict === 'any' && failures.includes(undefined) ? undefined : told
}

function untrusted(check: DnsCheck, { server, rcode, status, statusReason }: DnsReplyFacts): TargetFailure | undefined {
  if (check.dns.dnssec !== 'require' || status === 'secure') return undefined
  // An error is none of DNSSEC's business.
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return undefined
  const { name, type } = questionOf(check)
  const reason = statusReason ?? `it is ${status ?? 'not validated'}`
  const seen = { name, type, server, status: status ?? 'indeterminate', reason }
  return new TargetFailure('dns_bogus', `${name} ${type} from ${server} is ${status}: ${reason}`, { seen })
}

/** The answer that the result is told by: the first that is as it should be, else the first there is. */
function mainOf(check: DnsCheck, answers: readonly ServerAnswer[]): ServerAnswer {
  const good = ({ reply }: ServerAnswer): boolean => reply !== undefined && verdictOn(check, reply) === undefined
  const bad = ({ reply }: ServerAnswer): boolean => reply !== undefined && !good({ reply } as ServerAnswer)
  const preferred = check.dns.verdict === 'any' ? answers.find(good) : answers.find(bad)
  const main = preferred ?? answers.find(({ reply }) => reply !== undefined) ?? answers[0]
  if (main === undefined) throw new Error('no DNS server to ask')
  return main
}

function note(seen: Observation, { channel, durationMs }: ServerAnswer): void {
  const { phases, facts } = channel?.seen ?? freshObservation()
  seen.phases.connectMs = phases.connectMs
  seen.phases.tlsMs = phases.tlsMs
  seen.phases.dnsMs = durationMs
  seen.facts.ip = facts.ip
  seen.facts.ipFamily = facts.ipFamily
  if (facts.tls !== undefined) seen.facts.tls = facts.tls
}

function factsOf(main: DnsReplyFacts, answers: readonly ServerAnswer[]): DnsFacts {
  if (answers.length === 1) return main
  const servers = answers.map(
    ({ server, channel, durationMs, reply, failure }): DnsServerFacts => ({
      server,
      ip: channel?.seen.facts.ip ?? null,
      durationMs: Math.round(durationMs * 1000) / 1000,
      reply: reply ?? null,
      error: failure === undefined ? null : { code: failure.code, message: failure.message },
    }),
  )
  const said = answers.flatMap(({ reply }) => (reply === undefined ? [] : [textOf(reply)]))
  return { ...main, servers, agree: said.every((text) => text === said[0]) }
}

function textOf({ rcode, answers }: DnsReplyFacts): string {
  return [rcode, ...answers.map(({ name, type, data }) => `${name.toLowerCase()} ${type} ${data}`).toSorted()].join(
    '\n',
  )
}
