import type { NotificationType } from '@sonde/core'

/** How much it matters: what wakes people, what is looked at today, and what is only told. */
export type Severity = 'critical' | 'error' | 'warning' | 'info'

type Wording = { name: string; severity: Severity; event?: true }

// What each rule is called in a title. An event has happened, and does not go on: it is not "still" so.
const wordings: Record<string, Wording> = {
  down: { name: 'DOWN', severity: 'critical' },
  latency: { name: 'SLOW', severity: 'warning' },
  certExpiry: { name: 'CERTIFICATE EXPIRES', severity: 'warning', event: true },
  certChange: { name: 'CERTIFICATE CHANGED', severity: 'warning', event: true },
  dnsChange: { name: 'DNS CHANGED', severity: 'warning', event: true },
  dnssecExpiry: { name: 'DNSSEC SIGNATURE EXPIRES', severity: 'warning', event: true },
  noData: { name: 'NO DATA', severity: 'error' },
  regionSuspect: { name: 'REGION SUSPECT', severity: 'error' },
  regionSilent: { name: 'REGION SILENT', severity: 'error' },
  channelDead: { name: 'CHANNEL FAILS', severity: 'error' },
}

/** How a message of this rule and type begins (`DOWN`, `RESOLVED (SLOW)`), and how much it matters. */
export function wordingOf(
  type: NotificationType,
  incident: { rule: string; code: string | null },
): { verb: string; severity: Severity } {
  if (type === 'test') return { verb: 'TEST', severity: 'info' }
  const expired = incident.rule === 'certExpiry' && incident.code === 'tls_expired'
  const { name, severity, event } = expired
    ? ({ name: 'CERTIFICATE EXPIRED', severity: 'critical', event: true } satisfies Wording)
    : (wordings[incident.rule] ?? { name: spelled(incident.rule), severity: 'warning', event: true })
  const verb = {
    'incident.opened': name,
    'incident.updated': event ? `UPDATE: ${name}` : `STILL ${name}`,
    'incident.reminder': event ? `REMINDER: ${name}` : `STILL ${name}`,
    'incident.resolved': incident.rule === 'down' ? 'RESOLVED' : `RESOLVED (${name})`,
  }[type]
  return { verb, severity }
}

/** A rule that has no words of its own: `someRule` is `SOME RULE`. */
function spelled(rule: string): string {
  return rule.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toUpperCase()
}
