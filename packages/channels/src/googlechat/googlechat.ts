import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cutBytes } from '../plain.ts'
import { templated } from '../template.ts'
import { plainText, shortened, type Text, textOf } from '../text.ts'

/** A Google Chat webhook; what belongs to one incident is one thread, where the space has threads. */
export const deliverGoogleChat: Deliver<{ url: string; template?: string | undefined }> = (
  notification,
  settings,
  context,
) => {
  const url = new URL(settings.url)
  url.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD')
  return send(url.href, { body: JSON.stringify(googleChatMessage(notification, settings.template)) }, context)
}

// The whole message, thread and quotes included, has 32,000 bytes; of the text what JSON needs to escape is doubled at most.
const mostBytes = 15_000

/**
 * Chat reads `<users/all>` as a mention and `<url|words>` as a link: no `<` gets through. A message has 32,000 bytes, a `threadKey` 4,000
 * characters (developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create).
 */
export function googleChatMessage(notification: Notification, template?: string) {
  const own = templated(notification, template)
  const shown = (text: string) => text.replaceAll('<', '‹').replaceAll('>', '›')
  const fits = (text: Text) => Buffer.byteLength(shown(plainText(text))) <= mostBytes
  const text = shown(own ?? plainText(shortened(textOf(notification), fits)))
  return { text: cutBytes(text, mostBytes), thread: { threadKey: notification.incident.id } }
}
