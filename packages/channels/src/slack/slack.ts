import type { Deliver } from '../delivery.ts'
import { send } from '../http.ts'
import { plainText, textOf } from '../text.ts'

/** A Slack incoming webhook, in blocks of plain text: nothing in them is markup, a link or a mention. */
export const deliverSlack: Deliver<{ url: string }> = (notification, { url }, context) => {
  const text = textOf(notification)
  const plain = (words: string) => ({ type: 'plain_text', text: words.slice(0, 2900), emoji: false })
  const body = {
    // What a phone shows; Slack reads markup here, of which `<` begins all that matters.
    text: escape(text.title),
    blocks: [
      { type: 'header', text: plain(text.title.slice(0, 150)) },
      { type: 'section', text: plain(plainText({ ...text, title: '' }).trim()) },
    ],
  }
  return send(url, { body: JSON.stringify(body) }, context)
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
