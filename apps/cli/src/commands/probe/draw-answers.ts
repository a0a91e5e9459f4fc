import type { DnsFacts, DnsReplyFacts } from '@sonde/core'
import { msText } from './draw-phases.ts'
import { fitted, type Ink, padded } from './ink.ts'

/** Who answered with what flags, what DNSSEC says of it, the records in columns, and of several servers a line each. */
export function drawAnswers(dns: DnsFacts, ink: Ink): string[] {
  const nameRoom = Math.min(
    Math.floor(ink.columns * 0.4),
    dns.answers.reduce((most, { name }) => Math.max(most, name.length), 4),
  )
  const dataRoom = ink.columns - nameRoom - 21
  const more = (dns.answerCount ?? 0) - dns.answers.length
  return [
    fitted(`${dns.server} · ${dns.rcode} · ${dns.flags.join(' ')}`, ink.columns),
    ...drawDnssec(dns, ink),
    ...dns.answers.map(
      ({ name, ttl, type, data }) =>
        `  ${padded(fitted(name, nameRoom), nameRoom)} ${String(ttl).padStart(10)} ${padded(fitted(type, 6), 6)} ${fitted(data, dataRoom)}`,
    ),
    ...(more > 0 ? [ink.faint(`  and ${more} more`)] : []),
    ...drawServers(dns, ink),
  ]
}

function drawDnssec({ status, statusReason, signatureDaysLeft }: DnsReplyFacts, ink: Ink): string[] {
  if (status === undefined || status === null) return []
  const days = signatureDaysLeft ?? null
  const left =
    days === null ? '' : days < 0 ? `signatures expired ${-days} days ago` : `signatures good for ${days} days`
  const text = ['DNSSEC', `${status}${statusReason ? `: ${statusReason}` : ''}`, left].filter((part) => part !== '')
  const colour = status === 'secure' ? ink.good : status === 'bogus' ? ink.bad : ink.strong
  return [colour(fitted(text.join(' · '), ink.columns))]
}

function drawServers({ servers, agree }: DnsFacts, ink: Ink): string[] {
  if (servers === undefined || servers.length < 2) return []
  const room = Math.min(
    Math.floor(ink.columns * 0.4),
    servers.reduce((most, { server }) => Math.max(most, server.length), 0),
  )
  return [
    '',
    agree === false ? ink.strong('the servers differ') : ink.faint('the servers agree'),
    ...servers.map(({ server, durationMs, reply, error }) => {
      const said =
        reply === null
          ? (error?.code ?? 'no answer')
          : [
              reply.rcode,
              `${reply.answerCount ?? reply.answers.length} answers`,
              reply.serial === null || reply.serial === undefined ? '' : `serial ${reply.serial}`,
              reply.status ?? '',
            ]
              .filter((part) => part !== '')
              .join(' · ')
      const colour = error === null && reply?.rcode === 'NOERROR' ? ink.good : ink.bad
      const took = msText(durationMs).padStart(9)
      const text = fitted(said, ink.columns - room - took.length - 6)
      return `  ${padded(fitted(server, room), room)}  ${took}  ${colour(text)}`
    }),
  ]
}
