import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut, oneLine } from '../plain.ts'
import { textOf } from '../text.ts'

/** PagerDuty Events API v2: one alert an incident (`dedup_key`), resolved with it. A test is resolved at once. */
export const deliverPagerDuty: Deliver<{ routingKey: string; url: string }> = async (
  notification,
  settings,
  context,
) => {
  for (const event of pagerDutyEvents(notification, settings.routingKey)) {
    await send(settings.url, { body: JSON.stringify(event) }, context)
  }
}

/** A summary has 1,024 characters, a `dedup_key` 255, a routing key 32 (developer.pagerduty.com/docs/events-api-v2/trigger-events). */
export function pagerDutyEvents(notification: Notification, routingKey: string) {
  const { type, incident } = notification
  const { title, lines, links, severity } = textOf(notification)
  const common = { routing_key: routingKey, dedup_key: incident.id }
  const resolve = { ...common, event_action: 'resolve' as const }
  if (type === 'incident.resolved') return [resolve]
  const trigger = {
    ...common,
    event_action: 'trigger' as const,
    payload: {
      summary: cut(`${title}: ${lines[0]?.text ?? ''}`, 1024),
      source: cut(oneLine(incident.target), 1024),
      severity,
      timestamp: incident.openedAt,
      component: incident.checkKey,
      group: incident.kind,
      class: incident.code ?? incident.rule,
      custom_details: Object.fromEntries(lines.map(({ label, text }) => [label, text])),
    },
    links: links.map(({ label, url }) => ({ href: url, text: label })),
    client: 'Sonde',
    ...(links[0] === undefined ? {} : { client_url: links[0].url }),
  }
  return type === 'test' ? [trigger, resolve] : [trigger]
}
