import type { Notification } from '@sonde/core'
import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { cut, escapeMarkdown } from '../plain.ts'
import { templated } from '../template.ts'
import { shortened, type Text, textOf } from '../text.ts'

/** A Mattermost incoming webhook: Markdown, escaped, and without mentions. */
export const deliverMattermost: Deliver<{ url: string; template?: string | undefined }> = (
  notification,
  { url, template },
  context,
) => send(url, { body: JSON.stringify(mattermostMessage(notification, template)) }, context)

// Of a post; an old server whose database was never migrated has 4,000 and makes several posts of a longer one.
const mostCharacters = 16_383

/** A post has 16,383 characters since Mattermost 5.0 (`PostMessageMaxRunesV2` of github.com/mattermost/mattermost, server/public/model/post.go). */
export function mattermostMessage(notification: Notification, template?: string) {
  const own = templated(notification, template, escapeMarkdown)
  if (own !== undefined) return { text: cut(own, mostCharacters) }
  return { text: postOf(shortened(textOf(notification), (text) => postOf(text).length <= mostCharacters)) }
}

function postOf({ title, lines, links }: Text): string {
  const rows = lines.map(({ label, text }) => `**${label}**: ${escapeMarkdown(text)}`)
  const linked = links.map(({ label, url }) => `[${label}](<${url}>)`).join(' · ')
  return [`#### ${escapeMarkdown(title)}`, ...rows, ...(linked === '' ? [] : [linked])].join('\n')
}
