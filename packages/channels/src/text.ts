import { listed, type Notification } from '@sonde/core'
import { cut, oneLine } from './plain.ts'
import { type Severity, wordingOf } from './wording.ts'

// What a target sends (a header, a certificate's name, a TXT record) may stand in any of these: bounded, and on one line.
const maxLine = 500

export type Text = {
  /** One line: what happened to what. */
  title: string
  /** What, where, since when, why, and what to do, a line each. */
  lines: { label: string; text: string }[]
  /** Where to look further: Sonde's own addresses alone. */
  links: { label: string; url: string }[]
  severity: Severity
  resolved: boolean
}

/** The words of a message, for people; each channel escapes them in its own way. */
export function textOf({ type, incident, others = [], evidence, grafanaUrl }: Notification): Text {
  const down = incident.regions.filter(({ state }) => state === 'down').map(({ region }) => region)
  const resolved = type === 'incident.resolved'
  const { verb, severity } = wordingOf(type, incident)
  // Of Sonde's own there is no check to name, but what it is about. The key comes first: a long name is cut, and the key is looked for.
  const { checkKey, checkName } = incident
  const named = checkName === null || checkName === undefined ? checkKey : `${checkKey} (${checkName})`
  const subject = incident.kind === 'sonde' ? incident.target : named
  const labels = Object.entries(incident.labels).map(([name, value]) => `${name}: ${value}`)
  const lines = [
    { label: 'What', text: incident.summary },
    {
      label: 'And with it',
      text: listed(
        others.map((other) => other.checkKey),
        20,
      ),
    },
    { label: 'Target', text: `${incident.kind} ${incident.target}` },
    { label: 'Where', text: down.join(', ') },
    { label: 'Since', text: incident.openedAt },
    { label: 'Until', text: incident.resolvedAt ?? '' },
    { label: 'Why', text: incident.cause ?? '' },
    { label: 'Seen at opening', text: resolved ? '' : (evidence ?? []).join('; ') },
    { label: 'What to do', text: resolved ? '' : (incident.remedy ?? '') },
    { label: 'Labels', text: labels.join(', ') },
    { label: 'Acknowledged by', text: incident.acknowledgedBy ?? '' },
  ]
  const links = [
    { label: 'Incident', url: incident.url },
    { label: 'Grafana', url: grafanaUrl ?? null },
  ]
  return {
    title: cut(oneLine(`${verb}: ${subject}${others.length === 0 ? '' : ` and ${others.length} more`}`), 120),
    lines: lines
      .map(({ label, text }) => ({ label, text: cut(oneLine(text), maxLine) }))
      .filter(({ text }) => text !== ''),
    links: links.flatMap(({ label, url }) => (url === null ? [] : [{ label, url }])),
    severity,
    resolved,
  }
}

// Shorter lines than this say nothing; what does not fit then is cut at its end.
const leastLine = 20

/**
 * The text with its longest lines cut so far that it fits, as `fits` tells; the title, the links and the short lines (where, since when)
 * stay as they are, so that whoever gets a long message still gets to the incident.
 */
export function shortened(text: Text, fits: (text: Text) => boolean): Text {
  let shown = text
  for (let most = maxLine; !fits(shown) && most > leastLine; most = Math.floor(most * 0.8)) {
    shown = { ...text, lines: text.lines.map(({ label, text: line }) => ({ label, text: cut(line, most) })) }
  }
  return shown
}

/** The lines as plain text, one below the other. */
export function linesOf({ lines }: Pick<Text, 'lines'>): string {
  return lines.map(({ label, text }) => `${label}: ${text}`).join('\n')
}

/** The whole as plain text, with its links. */
export function plainText(text: Text): string {
  return [text.title, linesOf(text), ...text.links.map(({ label, url }) => `${label}: ${url}`)].join('\n')
}
