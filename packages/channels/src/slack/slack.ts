import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut } from '../plain.ts'
import { templated } from '../template.ts'
import { textOf } from '../text.ts'

/** A Slack incoming webhook, in blocks of plain text: nothing in them is markup, a link or a mention. */
export const deliverSlack: Deliver<{ url: string; template?: string | undefined }> = (
  notification,
  { url, template },
  context,
) => send(url, { body: JSON.stringify(slackMessage(notification, template)) }, context)

/**
 * Block Kit: 150 characters in a header, 3,000 in a section's text, 50 blocks (docs.slack.dev/reference/block-kit/blocks/header-block and
 * /section-block).
 */
export function slackMessage(notification: Notification, template?: string) {
  const { title, lines, links } = textOf(notification)
  const own = templated(notification, template)
  const plain = (words: string, max: number) => ({ type: 'plain_text', text: cut(words, max), emoji: false })
  const shown = links.map((link) => `<${escape(link.url).replaceAll('|', '%7C')}|${link.label}>`)
  // The incident's is the first, and goes where both are too long.
  const linked = [shown, shown.slice(0, 1)].map((some) => some.join(' · ')).find((text) => text.length <= 3000) ?? ''
  return {
    // What a phone shows; Slack reads markup here, of which `<` begins all that matters.
    text: escape(title),
    blocks: [
      { type: 'header', text: plain(title, 150) },
      ...(own === undefined ? lines.map(({ label, text }) => `${label}: ${text}`) : [own])
        .filter((text) => text.trim() !== '')
        .map((text) => ({ type: 'section', text: plain(text, 3000) })),
      ...(linked === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: linked, verbatim: true } }]),
    ],
  }
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
