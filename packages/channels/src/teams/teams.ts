import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut, escapeMarkdown } from '../plain.ts'
import { templated } from '../template.ts'
import { textOf } from '../text.ts'

const colours = { critical: 'Attention', error: 'Attention', warning: 'Warning', info: 'Default' } as const

/** A Microsoft Teams workflow webhook; an old connector's address takes no Adaptive Cards any more. */
export const deliverTeams: Deliver<{ url: string; template?: string | undefined }> = (
  notification,
  { url, template },
  context,
) => send(url, { body: JSON.stringify(teamsMessage(notification, template)) }, context)

/** An Adaptive Card 1.4 (adaptivecards.io/schemas): its text blocks and facts read Markdown, so that is escaped. 28 KB at most. */
export function teamsMessage(notification: Notification, template?: string) {
  const { title, lines, links, severity, resolved } = textOf(notification)
  const own = templated(notification, template, escapeMarkdown)
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      {
        type: 'TextBlock',
        size: 'Large',
        weight: 'Bolder',
        color: resolved ? 'Good' : colours[severity],
        wrap: true,
        text: escapeMarkdown(title),
      },
      own !== undefined
        ? { type: 'TextBlock', wrap: true, text: cut(own, 8000) }
        : { type: 'FactSet', facts: lines.map(({ label, text }) => ({ title: label, value: escapeMarkdown(text) })) },
    ],
    ...(links.length === 0
      ? {}
      : { actions: links.map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })) }),
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}
