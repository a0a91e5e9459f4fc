import { createHmac } from 'node:crypto'
import type { channelKinds, Notification } from '@sonde/core'
import type { z } from 'zod'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { templated } from '../template.ts'

type Settings = z.output<typeof channelKinds.webhook>

/** POSTs the contract's body with the headers of Standard Webhooks 1.0 (standardwebhooks.com). */
export const deliverWebhook: Deliver<Settings> = (notification, settings, context) => {
  const body = templated(notification, settings.template, inJson) ?? webhookBody(notification)
  const seconds = String(Math.floor(Date.now() / 1000))
  // While a secret is replaced both sign, so that the receiver may change whenever it likes.
  const signatures = [settings.secret, settings.previousSecret]
    .filter((secret) => secret !== undefined)
    .map((secret) => signature(secret, notification.id, seconds, body))
  const signed = signatures.length === 0 ? {} : { 'webhook-signature': signatures.join(' ') }
  // One's own headers first: they never take the place of those that the signature covers.
  const headers = { ...settings.headers, 'webhook-id': notification.id, 'webhook-timestamp': seconds, ...signed }
  return send(settings.url, { headers, body }, context)
}

/** The contract's body; beside its one incident stand all of them when several are told together. */
export function webhookBody({ type, timestamp, incident, others }: Notification): string {
  const incidents = others === undefined ? {} : { incidents: [incident, ...others] }
  return JSON.stringify({ type, timestamp, data: { incident, ...incidents } })
}

/** Inside the quotes of a JSON string. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function signature(secret: string, id: string, seconds: string, body: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
}
