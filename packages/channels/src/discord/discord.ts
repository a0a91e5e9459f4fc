import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { escapeMarkdown, textOf } from '../text.ts'

const colours = { resolved: 0x2e_a0_43, open: 0xd7_3a_49 }

/** A Discord webhook, as an embed; nobody is mentioned, whatever the text says. */
export const deliverDiscord: Deliver<{ url: string }> = (notification, { url }, context) => {
  const { title, lines, url: link } = textOf(notification)
  const body = {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: title.slice(0, 256),
        color: notification.type === 'incident.resolved' ? colours.resolved : colours.open,
        timestamp: notification.timestamp,
        fields: lines.map(({ label, text }) => ({ name: label, value: escapeMarkdown(text).slice(0, 1024) })),
        ...(link === null ? {} : { url: link }),
      },
    ],
  }
  return send(url, { body: JSON.stringify(body) }, context)
}
