import type { DnsCheck, DnsReplyFacts } from '@sonde/core'
import { TargetFailure } from '../failure.ts'
import type { ProbeContext } from '../kind.ts'
import type { Question, Reply } from '../net/dns-message.ts'
import { DnsFormatError } from '../net/dns-name.ts'
import { follow, Stop } from '../stop.ts'
import { type Channel, openChannel, systemChannel } from './channel.ts'
import { validatedFacts } from './dnssec/facts.ts'
import { questionOf } from './question.ts'
import { replyFacts } from './reply-facts.ts'

/** What came of asking one server: a reply or a failure, and both when the reply was of no use. */
export type ServerAnswer = {
  server: string
  /** Absent when the server's own name could not be had. */
  channel: Channel | undefined
  /** Of the question itself, without connecting. */
  durationMs: number
  reply: DnsReplyFacts | undefined
  failure: TargetFailure | undefined
}

// How long the others are waited for once one server has answered, where one is enough.
const graceMs = 200

/**
 * Asks every server of the check at once; without any, the system's, as one. Where any one answer is enough, the others have
 * little time once there is one. Never rejects for what a server does.
 */
export async function askEach(check: DnsCheck, context: ProbeContext): Promise<ServerAnswer[]> {
  const question = questionOf(check)
  const { servers } = check.dns
  const most = Math.floor(100 / Math.max(1, servers?.length ?? 1))
  if (servers === undefined || servers.length === 1) {
    return [await askOne(check, question, servers?.[0], most, context)]
  }
  if (check.dns.verdict === 'every') {
    return settled(servers.map((server) => askOne(check, question, server, most, context)))
  }
  const enough = new Stop()
  using _ = follow(context.signal, enough)
  let timer: NodeJS.Timeout | undefined
  try {
    return await settled(
      servers.map(async (server) => {
        const answer = await askOne(check, question, server, most, { ...context, signal: enough })
        if (answer.failure === undefined) timer ??= setTimeout(() => enough.abort(notWaitedFor), graceMs)
        return answer
      }),
    )
  } finally {
    clearTimeout(timer)
  }
}

const notWaitedFor = new TargetFailure('dns_timeout', `no answer within ${graceMs} ms of another server's`)

/** All of them, whatever becomes of each: none is left running. */
async function settled(asked: Promise<ServerAnswer>[]): Promise<ServerAnswer[]> {
  const results = await Promise.allSettled(asked)
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}

async function askOne(
  check: DnsCheck,
  question: Question,
  server: string | undefined,
  most: number,
  context: ProbeContext,
): Promise<ServerAnswer> {
  const answer: ServerAnswer = {
    server: server ?? '',
    channel: undefined,
    durationMs: 0,
    reply: undefined,
    failure: undefined,
  }
  let channel: Channel | undefined
  try {
    channel = server === undefined ? systemChannel() : await openChannel(server, context)
    answer.channel = channel
    answer.server = channel.server
    const startMs = performance.now()
    let reply: Reply
    try {
      reply = await channel.ask(question, context)
    } finally {
      const { connectMs, tlsMs } = channel.seen.phases
      answer.durationMs = performance.now() - startMs - (connectMs ?? 0) - (tlsMs ?? 0)
    }
    answer.reply = replyFacts(channel.server, question, reply, most)
    if (check.dns.dnssec !== 'off') {
      Object.assign(answer.reply, await validatedFacts(check, question, reply, channel, context))
    }
  } catch (error) {
    answer.failure = failureOf(error, answer.server, question)
  } finally {
    channel?.[Symbol.dispose]()
  }
  return answer
}

function failureOf(error: unknown, server: string, { name, type }: Question): TargetFailure {
  if (error instanceof TargetFailure) return error
  if (!(error instanceof DnsFormatError)) throw error
  const seen = { name, type, server, reason: error.message }
  return new TargetFailure('dns_malformed', `${server} sent ${error.message}`, { cause: error, seen })
}
