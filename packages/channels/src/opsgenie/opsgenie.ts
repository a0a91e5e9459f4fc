import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut, oneLine } from '../plain.ts'
import { plainText, textOf } from '../text.ts'

const priorities = { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' } as const

/** Opsgenie's Alert API v2: one alert an incident (`alias`), closed with it. A test is closed at once. */
export const deliverOpsgenie: Deliver<{ apiKey: string; url: string }> = async (notification, settings, context) => {
  const { type, incident } = notification
  const base = `${settings.url.replace(/\/$/, '')}/v2/alerts`
  const headers = { authorization: `GenieKey ${settings.apiKey}` }
  const post = (url: string, body: object) => send(url, { headers, body: JSON.stringify(body) }, context)
  if (type !== 'incident.resolved') await post(base, opsgenieAlert(notification))
  if (type !== 'incident.resolved' && type !== 'test') return
  await post(`${base}/${encodeURIComponent(incident.id)}/close?identifierType=alias`, opsgenieClose(notification))
}

/**
 * Limits in characters: message 130, alias 512, description 15,000, entity 512, source 100, note 25,000, details 8,000 in all, 20 tags of
 * 50 (docs.opsgenie.com/docs/alert-api, create alert and close alert).
 */
export function opsgenieAlert(notification: Notification) {
  const { incident } = notification
  const text = textOf(notification)
  return {
    message: cut(`${text.title}: ${text.lines[0]?.text ?? ''}`, 130),
    alias: incident.id,
    description: cut(plainText(text), 15_000),
    source: 'Sonde',
    entity: cut(incident.checkKey, 512),
    tags: Object.entries(incident.labels)
      .slice(0, 20)
      .map(([name, value]) => cut(oneLine(`${name}:${value}`), 50)),
    details: { rule: incident.rule, target: cut(oneLine(incident.target), 1000), kind: incident.kind },
    priority: priorities[text.severity],
  }
}

export function opsgenieClose(notification: Notification) {
  return { source: 'Sonde', note: cut(plainText(textOf(notification)), 25_000) }
}
