import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { plainText, textOf } from '../text.ts'

/** Opsgenie's Alert API v2: one alert an incident (`alias`), closed with it. */
export const deliverOpsgenie: Deliver<{ apiKey: string; url: string }> = (notification, settings, context) => {
  const { type, incident } = notification
  const text = textOf(notification)
  const base = `${settings.url.replace(/\/$/, '')}/v2/alerts`
  const headers = { authorization: `GenieKey ${settings.apiKey}` }
  if (type === 'incident.resolved') {
    const body = JSON.stringify({ source: 'Sonde', note: incident.summary.slice(0, 1000) })
    return send(`${base}/${encodeURIComponent(incident.id)}/close?identifierType=alias`, { headers, body }, context)
  }
  const body = {
    message: `${text.title}: ${incident.summary}`.slice(0, 130),
    alias: incident.id,
    description: plainText(text).slice(0, 15_000),
    source: 'Sonde',
    entity: incident.checkKey,
    tags: Object.entries(incident.labels).map(([name, value]) => `${name}:${value}`.slice(0, 50)),
    priority: type === 'test' ? 'P5' : 'P1',
  }
  return send(base, { headers, body: JSON.stringify(body) }, context)
}
