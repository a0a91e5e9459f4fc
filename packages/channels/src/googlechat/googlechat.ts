import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut } from '../plain.ts'
import { templated } from '../template.ts'
import { plainText, textOf } from '../text.ts'

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

/** Chat reads `<users/all>` as a mention and `<url|words>` as a link: no `<` gets through. A text has 4,096 characters. */
export function googleChatMessage(notification: Notification, template?: string) {
  const own = templated(notification, template)
  const text = (own ?? plainText(textOf(notification))).replaceAll('<', '‹').replaceAll('>', '›')
  return { text: cut(text, 4000), thread: { threadKey: notification.incident.id } }
}
