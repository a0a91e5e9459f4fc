import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { escapeMarkdown, textOf } from '../text.ts'

/** A Mattermost incoming webhook: Markdown, escaped, and without mentions. */
export const deliverMattermost: Deliver<{ url: string }> = (notification, { url }, context) => {
  const { title, lines, url: link } = textOf(notification)
  const rows = lines.map(({ label, text }) => `**${label}**: ${escapeMarkdown(text)}`)
  const text = [`#### ${escapeMarkdown(title)}`, ...rows, ...(link === null ? [] : [link])].join('\n')
  return send(url, { body: JSON.stringify({ text }) }, context)
}
