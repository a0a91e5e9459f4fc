import type { ProbeContext } from '../../kind.ts'
import type { DnsMessage, Question } from '../../net/dns-message.ts'
import { foldedName } from '../../net/dns-name.ts'
import type { Channel } from '../channel.ts'
import { indeterminate } from './status.ts'

/** Asks for a record of the chain of trust. */
export type LookUp = (name: string, type: 'DS' | 'DNSKEY') => Promise<DnsMessage>

// Enough for a name of many labels below an unsigned zone; a chain of aliases multiplies it.
const maxLookUps = 60
// Keys change over days; a minute spares a region's probes nearly all of these questions.
const keptMs = 60_000
const maxKept = 1024

type Kept = { untilMs: number; message: DnsMessage }
const kept = new Map<string, Kept>()

/**
 * Look-ups of one probe, at the server that gave the answer and under the probe's deadline, so many at most. Answers are kept
 * for a minute for other probes of this process. Throws as the channel does.
 */
export function lookUpsOver(channel: Channel, recursionDesired: boolean, context: ProbeContext): LookUp {
  let count = 0
  return async (name, type) => {
    const key = `${channel.server} ${channel.seen.facts.ip} ${recursionDesired} ${type} ${foldedName(name)}`
    const known = kept.get(key)
    if (known !== undefined && known.untilMs > performance.now()) return known.message
    count += 1
    if (count > maxLookUps) throw indeterminate(`more than ${maxLookUps} look-ups would be needed`)
    const question: Question = { name, type, recursionDesired, signatures: true }
    const { message } = await channel.ask(question, context)
    if (message.rcode === 'NOERROR' || message.rcode === 'NXDOMAIN') keep(key, message)
    return message
  }
}

function keep(key: string, message: DnsMessage): void {
  const ttls = [...message.answers, ...message.authorities].map(({ ttl }) => ttl * 1000)
  kept.delete(key)
  if (kept.size >= maxKept) kept.delete(kept.keys().next().value ?? '')
  kept.set(key, { untilMs: performance.now() + Math.min(keptMs, ...ttls), message })
}
