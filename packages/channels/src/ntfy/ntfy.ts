import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { plainText, textOf } from '../text.ts'

type Settings = { url: string; token?: string | undefined }

/** ntfy, published as JSON to the server's root: a title in a header could be more than a title. */
export const deliverNtfy: Deliver<Settings> = (notification, { url, token }, context) => {
  const text = textOf(notification)
  const topic = new URL(url)
  const resolved = notification.type === 'incident.resolved'
  const body = {
    topic: decodeURIComponent(topic.pathname.split('/').findLast((part) => part !== '') ?? ''),
    title: text.title,
    message: plainText({ ...text, title: '', url: null })
      .trim()
      .slice(0, 4000),
    priority: resolved || notification.type === 'test' ? 3 : 5,
    tags: [resolved ? 'white_check_mark' : 'rotating_light'],
    ...(text.url === null ? {} : { click: text.url }),
  }
  topic.pathname = topic.pathname.replace(/[^/]+\/?$/, '')
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return send(topic.href, { headers, body: JSON.stringify(body) }, context)
}
