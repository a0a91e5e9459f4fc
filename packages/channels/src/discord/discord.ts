import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut, escapeMarkdown, fit } from '../plain.ts'
import { templated } from '../template.ts'
import { type Text, textOf } from '../text.ts'

const colours = { resolved: 0x2e_a0_43, critical: 0xd7_3a_49, error: 0xd7_3a_49, warning: 0xe3_a0_08, info: 0x6e_77_81 }

/** A Discord webhook, as an embed; nobody is mentioned, whatever the text says. */
export const deliverDiscord: Deliver<{ url: string; template?: string | undefined }> = (
  notification,
  { url, template },
  context,
) => send(url, { body: JSON.stringify(discordMessage(notification, template)) }, context)

/** An embed has 256 characters in its title, 25 fields of 1,024, and 6,000 in all (docs.discord.com, message resource). */
export function discordMessage(notification: Notification, template?: string) {
  const text = textOf(notification)
  const [incident] = text.links
  const own = templated(notification, template, escapeMarkdown)
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: fit(text.title, 256, escapeMarkdown),
        color: text.resolved ? colours.resolved : colours[text.severity],
        timestamp: notification.timestamp,
        ...(own === undefined ? { fields: fieldsOf(text) } : { description: cut(own, 4096), fields: [] }),
        ...(incident === undefined ? {} : { url: incident.url }),
      },
    ],
  }
}

function fieldsOf({ lines, links }: Text) {
  const others = links.slice(1).map(({ label, url }) => ({ name: label, value: url.slice(0, 500) }))
  return [...lines.map(({ label, text }) => ({ name: label, value: fit(text, 500, escapeMarkdown) })), ...others]
}
