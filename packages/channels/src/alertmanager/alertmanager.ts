import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { textOf } from '../text.ts'

// Without an end Alertmanager takes an alert for over after its `resolve_timeout`, though nobody said so.
const openForMs = 366 * 86_400_000

/** Alertmanager's API v2: routing, grouping and silences can live there. One alert an incident, ended with it. */
export const deliverAlertmanager: Deliver<{ url: string }> = (notification, { url }, context) => {
  const { incident, type } = notification
  const { title, url: link } = textOf(notification)
  const alert = {
    labels: {
      ...incident.labels,
      alertname: type === 'test' ? 'SondeTest' : 'SondeIncident',
      severity: type === 'test' ? 'none' : 'critical',
      job: incident.checkKey,
      instance: incident.target,
      kind: incident.kind,
      rule: incident.rule,
      incident: incident.id,
    },
    annotations: {
      title,
      summary: incident.summary,
      ...(incident.cause === null ? {} : { cause: incident.cause }),
      ...(incident.remedy === null ? {} : { remedy: incident.remedy }),
    },
    startsAt: incident.openedAt,
    endsAt: incident.resolvedAt ?? new Date(Date.parse(incident.openedAt) + openForMs).toISOString(),
    ...(link === null ? {} : { generatorURL: link }),
  }
  return send(`${url.replace(/\/$/, '')}/api/v2/alerts`, { body: JSON.stringify([alert]) }, context)
}
