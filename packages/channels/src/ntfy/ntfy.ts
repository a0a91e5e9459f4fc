import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cutBytes } from '../plain.ts'
import { templated } from '../template.ts'
import { linesOf, shortened, textOf } from '../text.ts'

type Settings = { url: string; token?: string | undefined; template?: string | undefined }

const priorities = { critical: 5, error: 4, warning: 4, info: 3 } as const

/** ntfy, published as JSON to the server's root: a title in a header could be more than a title. */
export const deliverNtfy: Deliver<Settings> = (notification, { url, token, template }, context) => {
  const topic = new URL(url)
  const body = JSON.stringify(ntfyMessage(notification, topicOf(topic), template))
  topic.pathname = topic.pathname.replace(/[^/]+\/?$/, '')
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return send(topic.href, { headers, body }, context)
}

const mostBytes = 4096

/** A message has 4,096 bytes; a longer one becomes an attachment, which no phone shows (docs.ntfy.sh/publish/#limitations). Three actions. */
export function ntfyMessage(notification: Notification, topic: string, template?: string) {
  const text = shortened(textOf(notification), (one) => Buffer.byteLength(linesOf(one)) <= mostBytes)
  const [incident] = text.links
  return {
    topic,
    title: text.title,
    message: cutBytes(templated(notification, template) ?? linesOf(text), mostBytes),
    priority: text.resolved ? 3 : priorities[text.severity],
    tags: [text.resolved ? 'white_check_mark' : text.severity === 'info' ? 'test_tube' : 'rotating_light'],
    ...(incident === undefined ? {} : { click: incident.url }),
    actions: text.links.slice(0, 3).map(({ label, url }) => ({ action: 'view', label, url })),
  }
}

function topicOf({ pathname }: URL): string {
  return pathname.split('/').findLast((part) => part !== '') ?? ''
}
