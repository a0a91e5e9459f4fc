import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut, escapeMarkdown } from '../plain.ts'
import { templated } from '../template.ts'
import { textOf } from '../text.ts'

/** A Mattermost incoming webhook: Markdown, escaped, and without mentions. */
export const deliverMattermost: Deliver<{ url: string; template?: string | undefined }> = (
  notification,
  { url, template },
  context,
) => send(url, { body: JSON.stringify(mattermostMessage(notification, template)) }, context)

/** A post has 16,383 characters (developers.mattermost.com, incoming webhooks); ten lines of 500, escaped, are fewer. */
export function mattermostMessage(notification: Notification, template?: string) {
  const own = templated(notification, template, escapeMarkdown)
  if (own !== undefined) return { text: cut(own, 16_383) }
  const { title, lines, links } = textOf(notification)
  const rows = lines.map(({ label, text }) => `**${label}**: ${escapeMarkdown(text)}`)
  const linked = links.map(({ label, url }) => `[${label}](<${url}>)`).join(' · ')
  return { text: [`#### ${escapeMarkdown(title)}`, ...rows, ...(linked === '' ? [] : [linked])].join('\n') }
}
