import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { escapeMarkdown, textOf } from '../text.ts'

/** A Microsoft Teams workflow webhook, as an Adaptive Card 1.4; its text blocks read Markdown, so that is escaped. */
export const deliverTeams: Deliver<{ url: string }> = (notification, { url }, context) => {
  const { title, lines, url: link } = textOf(notification)
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { type: 'TextBlock', size: 'Large', weight: 'Bolder', wrap: true, text: escapeMarkdown(title) },
      {
        type: 'FactSet',
        facts: lines.map(({ label, text }) => ({ title: label, value: escapeMarkdown(text) })),
      },
    ],
    ...(link === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open', url: link }] }),
  }
  const body = {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
  return send(url, { body: JSON.stringify(body) }, context)
}
