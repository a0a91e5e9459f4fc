import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut, oneLine } from '../plain.ts'
import { plainText, textOf } from '../text.ts'

const priorities = { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' } as const

/**
 * Opsgenie's Alert API v2: one alert an incident (`alias`), closed with it. An update changes what the alert says and adds a note, which
 * whoever looks after it sees; it pages nobody anew. A test is closed at once.
 */
export const deliverOpsgenie: Deliver<{ apiKey: string; url: string }> = async (notification, settings, context) => {
  const base = `${settings.url.replace(/\/$/, '')}/v2/alerts`
  const headers = { authorization: `GenieKey ${settings.apiKey}` }
  for (const { method, path, body } of opsgenieRequests(notification)) {
    await send(`${base}${path}`, { method, headers, body: JSON.stringify(body) }, context)
  }
}

type Request = { method: 'POST' | 'PUT'; path: string; body: object }

/** In the order in which they are made; what is made again after a failure in between says the same again. */
export function opsgenieRequests(notification: Notification): Request[] {
  const { type, incident } = notification
  const alert = opsgenieAlert(notification)
  const { source, message, description, priority } = alert
  const ofAlert = (method: Request['method'], name: string, body: object) => ({
    method,
    path: `/${encodeURIComponent(incident.id)}/${name}?identifierType=alias`,
    body: { source, ...body },
  })
  const create = { method: 'POST' as const, path: '', body: alert }
  const close = ofAlert('POST', 'close', opsgenieClose(notification))
  switch (type) {
    case 'incident.opened':
    case 'incident.reminder':
      // Of one that is open by then Opsgenie counts that it came again.
      return [create]
    case 'incident.updated':
      return [
        ofAlert('PUT', 'message', { message }),
        ofAlert('PUT', 'description', { description }),
        // A certificate that has ended is worse than one that will.
        ...(incident.rule === 'certExpiry' ? [ofAlert('PUT', 'priority', { priority })] : []),
        ofAlert('POST', 'notes', { note: cut(description, 25_000) }),
      ]
    case 'incident.resolved':
      return [close]
    case 'test':
      return [create, close]
  }
}

/**
 * Limits in characters: message 130, alias 512, description 15,000, entity 512, source 100, note 25,000, details 8,000 in all, 20 tags of
 * 50 (docs.opsgenie.com/docs/alert-api and /docs/alert-api-continued: create alert, close alert, update alert message, description and
 * priority, add note).
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
  return { note: cut(plainText(textOf(notification)), 25_000) }
}
