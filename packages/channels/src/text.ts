import type { Notification } from '@sonde/core'

// What a target sends (a header, a certificate's name, a TXT record) may stand in any of these: bounded, and on one line.
const maxLine = 500

export type Text = {
  /** One line: what happened to what. */
  title: string
  /** What, where, since when, why, and what to do, a line each. */
  lines: { label: string; text: string }[]
  url: string | null
}

const verbs = {
  'incident.opened': 'DOWN',
  'incident.updated': 'STILL DOWN',
  'incident.reminder': 'STILL DOWN',
  'incident.resolved': 'RESOLVED',
  test: 'TEST',
} as const

/** The words of a message, for people; each channel escapes them in its own way. */
export function textOf({ type, incident }: Notification): Text {
  const down = incident.regions.filter(({ state }) => state === 'down').map(({ region }) => region)
  const lines = [
    { label: 'What', text: incident.summary },
    { label: 'Target', text: `${incident.kind} ${incident.target}` },
    { label: 'Where', text: down.join(', ') },
    { label: 'Since', text: incident.openedAt },
    { label: 'Until', text: incident.resolvedAt ?? '' },
    { label: 'Why', text: incident.cause ?? '' },
    { label: 'What to do', text: type === 'incident.resolved' ? '' : (incident.remedy ?? '') },
    { label: 'Acknowledged by', text: incident.acknowledgedBy ?? '' },
  ]
  return {
    title: oneLine(`${verbs[type]}: ${incident.checkKey}`),
    lines: lines.map(({ label, text }) => ({ label, text: oneLine(text) })).filter(({ text }) => text !== ''),
    url: incident.url,
  }
}

/** The same as plain text. */
export function plainText({ title, lines, url }: Text): string {
  return [title, ...lines.map(({ label, text }) => `${label}: ${text}`), ...(url === null ? [] : [url])].join('\n')
}

/** A backslash before everything that means something in Markdown, and no mention of people. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&').replaceAll('@', '@\u200b')
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return line.length <= maxLine ? line : `${line.slice(0, maxLine - 1)}…`
}
