import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { plainText, textOf } from '../text.ts'

/** A Google Chat webhook. Its text reads `<users/all>` as a mention and `<url|words>` as a link: no `<` gets through. */
export const deliverGoogleChat: Deliver<{ url: string }> = (notification, { url }, context) => {
  const text = plainText(textOf(notification)).replaceAll('<', '‹').replaceAll('>', '›')
  return send(url, { body: JSON.stringify({ text: text.slice(0, 4000) }) }, context)
}
