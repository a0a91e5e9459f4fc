import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { plainText, textOf } from '../text.ts'

type Settings = { botToken: string; chatId: string; url: string }

/** Telegram's Bot API, `sendMessage` without a parse mode: the text is text. */
export const deliverTelegram: Deliver<Settings> = (notification, { botToken, chatId, url }, context) => {
  const body = {
    chat_id: chatId,
    text: plainText(textOf(notification)).slice(0, 4096),
    link_preview_options: { is_disabled: true },
  }
  return send(`${url.replace(/\/$/, '')}/bot${botToken}/sendMessage`, { body: JSON.stringify(body) }, context)
}
