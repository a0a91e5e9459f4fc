import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cutBytes, escapeMarkdown } from '../plain.ts'
import { templated } from '../template.ts'
import { shortened, type Text, textOf } from '../text.ts'

const colours = { critical: 'Attention', error: 'Attention', warning: 'Warning', info: 'Default' } as const

/** A Microsoft Teams workflow webhook; an old connector's address takes no Adaptive Cards any more. */
export const deliverTeams: Deliver<{ url: string; template?: string | undefined }> = (
  notification,
  { url, template },
  context,
) => send(url, { body: JSON.stringify(teamsMessage(notification, template)) }, context)

// A message has about 28 KB, all of it counted (learn.microsoft.com/connectors/teams, known issues and limitations); some have seen
// "request entity too large" from 21 KB on.
const mostBytes = 20_000

/** An Adaptive Card 1.4 (adaptivecards.io/schemas): its text blocks and facts read Markdown, so that is escaped. */
export function teamsMessage(notification: Notification, template?: string) {
  const own = templated(notification, template, escapeMarkdown)
  const card = (text: Text) => cardOf(text, own)
  return card(shortened(textOf(notification), (text) => Buffer.byteLength(JSON.stringify(card(text))) <= mostBytes))
}

function cardOf({ title, lines, links, severity, resolved }: Text, own: string | undefined) {
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
        ? { type: 'TextBlock', wrap: true, text: cutBytes(own, mostBytes / 2) }
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
