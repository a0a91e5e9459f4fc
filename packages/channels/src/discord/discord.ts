import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut, escapeMarkdown, fit } from '../plain.ts'
import { templated } from '../template.ts'
import { shortened, type Text, textOf } from '../text.ts'

const colours = { resolved: 0x2e_a0_43, critical: 0xd7_3a_49, error: 0xd7_3a_49, warning: 0xe3_a0_08, info: 0x6e_77_81 }

/** A Discord webhook, as an embed; nobody is mentioned, whatever the text says. */
export const deliverDiscord: Deliver<{ url: string; template?: string | undefined }> = (
  notification,
  { url, template },
  context,
) => send(url, { body: JSON.stringify(discordMessage(notification, template)) }, context)

/**
 * An embed has 256 characters in its title, 4,096 in its description, 25 fields of 256 and 1,024, and 6,000 in all (embed limits of
 * docs.discord.com/developers/resources/message).
 */
export function discordMessage(notification: Notification, template?: string) {
  const text = shortened(textOf(notification), (one) => lengthOf(one) <= 6000)
  const [incident] = text.links
  const own = templated(notification, template, escapeMarkdown)
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: fit(text.title, 256, escapeMarkdown),
        color: text.resolved ? colours.resolved : colours[text.severity],
        timestamp: notification.timestamp,
        ...(own === undefined ? described(text) : { description: cut(own, 4096), fields: [] }),
        ...(incident === undefined ? {} : { url: incident.url }),
      },
    ],
  }
}

/** A line a field; the links but the title's own stand below the title. */
function described({ lines, links }: Text) {
  const others = links.slice(1).map(({ label, url }) => `[${label}](<${url}>)`)
  return {
    ...(others.length === 0 ? {} : { description: others.join(' · ') }),
    fields: lines.map(({ label, text }) => ({ name: label, value: fit(text, 1024, escapeMarkdown) })),
  }
}

function lengthOf(text: Text): number {
  const { description = '', fields } = described(text)
  return fields.reduce((sum, { name, value }) => sum + name.length + value.length, 256 + description.length)
}
