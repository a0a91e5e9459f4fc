import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { textOf } from '../text.ts'

/** PagerDuty Events API v2: one alert an incident (`dedup_key`), resolved with it. */
export const deliverPagerDuty: Deliver<{ routingKey: string; url: string }> = (notification, settings, context) => {
  const { type, incident } = notification
  const { title, lines, url } = textOf(notification)
  const resolves = type === 'incident.resolved'
  const body = {
    routing_key: settings.routingKey,
    event_action: resolves ? 'resolve' : 'trigger',
    dedup_key: incident.id,
    ...(resolves
      ? {}
      : {
          payload: {
            summary: `${title}: ${incident.summary}`.slice(0, 1024),
            source: incident.target.slice(0, 1024),
            severity: type === 'test' ? 'info' : 'critical',
            timestamp: incident.openedAt,
            component: incident.checkKey,
            class: incident.code ?? incident.rule,
            custom_details: Object.fromEntries(lines.map(({ label, text }) => [label, text])),
          },
          client: 'Sonde',
          ...(url === null ? {} : { client_url: url }),
        }),
  }
  return send(settings.url, { body: JSON.stringify(body) }, context)
}
