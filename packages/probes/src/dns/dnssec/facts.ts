import type { DnsCheck, DnsReplyFacts } from '@sonde/core'
import type { ProbeContext } from '../../kind.ts'
import type { Question, Reply } from '../../net/dns-message.ts'
import type { Channel } from '../channel.ts'
import { lookUpsOver } from './look-up.ts'
import { validate } from './validate.ts'

const daySeconds = 86_400

/** What DNSSEC says of a server's answer, with the rest of the chain asked of the same server. Throws as the channel does. */
export async function validatedFacts(
  { dns }: DnsCheck,
  question: Question,
  { message }: Reply,
  channel: Channel,
  context: ProbeContext,
): Promise<Pick<DnsReplyFacts, 'status' | 'statusReason' | 'signatureDaysLeft' | 'signatureLifeDays'>> {
  const nowSeconds = Math.floor((context.now ?? Date.now)() / 1000)
  const lookUp = lookUpsOver(channel, dns.recursionDesired, context)
  const { status, reason, expiresSeconds, lifeSeconds } = await validate(question, message, {
    anchors: dns.trustAnchors,
    lookUp,
    nowSeconds,
  })
  const secondsLeft = expiresSeconds === null ? null : expiresSeconds - nowSeconds
  return {
    status,
    statusReason: reason,
    signatureDaysLeft: daysOf(secondsLeft),
    signatureLifeDays: daysOf(lifeSeconds),
  }
}

/** To a hundredth. */
function daysOf(seconds: number | null): number | null {
  return seconds === null ? null : Math.round((seconds / daySeconds) * 100) / 100
}
