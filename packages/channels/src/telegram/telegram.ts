import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut } from '../plain.ts'
import { templated } from '../template.ts'
import { plainText, shortened, textOf } from '../text.ts'

type Settings = { botToken: string; chatId: string; url: string; template?: string | undefined }

/** Telegram's Bot API, `sendMessage`. */
export const deliverTelegram: Deliver<Settings> = (notification, { botToken, chatId, url, template }, context) => {
  const body = JSON.stringify(telegramMessage(notification, chatId, template))
  return send(`${url.replace(/\/$/, '')}/bot${botToken}/sendMessage`, { body }, context)
}

const mostCharacters = 4096

/** Without a parse mode the text is text: 1 to 4,096 characters (core.telegram.org/bots/api#sendmessage). */
export function telegramMessage(notification: Notification, chatId: string, template?: string) {
  const text = shortened(textOf(notification), (one) => plainText(one).length <= mostCharacters)
  return {
    chat_id: chatId,
    text: cut(templated(notification, template) ?? plainText(text), mostCharacters),
    link_preview_options: { is_disabled: true },
  }
}
