import type { Notification } from '@sonde/core'
import type { Deliver, DeliveryContext } from '../delivery.ts'
import { send } from '../http.ts'
import { cut, oneLine } from '../plain.ts'
import { withoutAddress } from '../redact.ts'
import { textOf } from '../text.ts'

// Without an end Alertmanager takes an alert for over after its `resolve_timeout`, though nobody said so. An open one is sent again
// every minute; this is how long it stays when nobody does, as when Sonde is down or the resolving message never came through.
const openForMs = 86_400_000
const testForMs = 60_000

/** Alertmanager's API v2: routing, grouping and silences can live there. One alert an incident, ended with it. */
export const deliverAlertmanager: Deliver<{ url: string }> = (notification, settings, context) =>
  sendAlerts([notification], settings, context)

/** Several alerts in one request; rejects with a DeliveryError that does not repeat what stands in the address. */
export async function sendAlerts(
  notifications: readonly Notification[],
  { url }: { url: string },
  context: DeliveryContext,
): Promise<void> {
  const body = JSON.stringify(notifications.map((one) => alertOf(one, Date.now())))
  try {
    await send(`${url.replace(/\/$/, '')}/api/v2/alerts`, { body }, context)
  } catch (error) {
    if (error instanceof Error) error.message = withoutAddress(error.message, url)
    throw error
  }
}

/** A postable alert of Alertmanager's OpenAPI; its labels are what it is known by, so none of them changes while it is open. */
export function alertOf(notification: Notification, nowMs: number) {
  const { incident, type, evidence } = notification
  const { title, severity, links, lines } = textOf(notification)
  const [link] = links
  const where = lines.find(({ label }) => label === 'Where')
  const grafana = links.find(({ label }) => label === 'Grafana')
  const endsAt = incident.resolvedAt ?? new Date(nowMs + (type === 'test' ? testForMs : openForMs)).toISOString()
  return {
    labels: {
      ...Object.fromEntries(Object.entries(incident.labels).map(([name, value]) => [name, oneLine(value)])),
      alertname: type === 'test' ? 'SondeTest' : 'SondeIncident',
      severity: severity === 'info' ? 'none' : severity,
      job: incident.checkKey,
      instance: oneLine(incident.target),
      kind: incident.kind,
      rule: incident.rule,
      incident: incident.id,
    },
    annotations: {
      title,
      summary: shown(incident.summary),
      ...(where === undefined ? {} : { where: where.text }),
      ...(incident.cause === null ? {} : { cause: shown(incident.cause) }),
      ...(incident.remedy === null ? {} : { remedy: shown(incident.remedy) }),
      ...(evidence === undefined || evidence.length === 0 ? {} : { evidence: shown(evidence.join('; ')) }),
      ...(grafana === undefined ? {} : { dashboard: grafana.url }),
    },
    startsAt: incident.openedAt,
    endsAt,
    ...(link === undefined ? {} : { generatorURL: link.url }),
  }
}

// Alertmanager's own templates write these into what it sends on.
function shown(text: string): string {
  return cut(oneLine(text), 1000)
}
