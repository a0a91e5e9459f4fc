import type { Notification } from '@sonde/core'
import type { SendMailOptions } from 'nodemailer'
import { escapeHtml } from '../plain.ts'
import { templated } from '../template.ts'
import { plainText, type Text, textOf } from '../text.ts'

/**
 * The message as a mail, in HTML and text. Its Message-ID is the notification's for every attempt, so that a mail program shows one
 * that came twice once; `References` (RFC 5322, 3.6.4) makes a thread of what belongs to one incident, and `Auto-Submitted`
 * (RFC 3834) keeps others' programs from answering.
 */
export function mailOf(
  notification: Notification,
  { from, to, template }: { from: string; to: string[]; template?: string | undefined },
): SendMailOptions {
  const text = textOf(notification)
  const own = templated(notification, template, escapeHtml)
  const { incident } = notification
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const thread = `<incident.${incident.id}@${domain}>`
  return {
    from: { name: 'Sonde', address: from },
    to,
    subject: text.title,
    text: templated(notification, template) ?? plainText(text),
    html: own === undefined ? htmlOf(text) : ownHtml(own),
    messageId: `<${notification.id}@${domain}>`,
    references: thread,
    inReplyTo: thread,
    date: new Date(notification.timestamp),
    list: { id: { url: `sonde.${domain}`, comment: 'Sonde' } },
    headers: {
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'x-sonde-incident': incident.id,
      'x-sonde-rule': incident.rule.replaceAll(/[^A-Za-z0-9-]/g, ''),
    },
    ...(text.severity === 'critical' && !text.resolved ? { priority: 'high' } : {}),
  }
}

/** The template's own words are the user's, and may be HTML; its line ends are kept. */
function ownHtml(own: string): string {
  return `<!doctype html><html lang="en"><body>${own.replaceAll('\n', '<br>')}</body></html>`
}

function htmlOf({ title, lines, links }: Text): string {
  const rows = lines.map(
    ({ label, text }) => `<tr><th align="left" valign="top">${escapeHtml(label)}</th><td>${escapeHtml(text)}</td></tr>`,
  )
  const linked = links.map(({ label, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`)
  const ends = linked.length === 0 ? '' : `<p>${linked.join(' · ')}</p>`
  return `<!doctype html><html lang="en"><body><h2>${escapeHtml(title)}</h2><table cellpadding="4">${rows.join('')}</table>${ends}</body></html>`
}
