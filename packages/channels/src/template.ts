import { type Notification, renderTemplate, type TemplateView } from '@sonde/core'
import { oneLine } from './plain.ts'
import { textOf } from './text.ts'
import { wordingOf } from './wording.ts'

/** What a channel's own template makes of a message, each value on one line and escaped; undefined without one. */
export function templated(
  notification: Notification,
  template: string | undefined,
  escape: (text: string) => string = String,
): string | undefined {
  if (template === undefined) return undefined
  return renderTemplate(template, viewOf(notification), (text) => escape(oneLine(text)))
}

/** What templates may show: docs/channels/README.md lists it. */
function viewOf(notification: Notification): TemplateView {
  const { type, incident, evidence, grafanaUrl, id, timestamp } = notification
  const { title, severity, resolved } = textOf(notification)
  const down = incident.regions.filter(({ state }) => state === 'down').map(({ region }) => region)
  return {
    id,
    type,
    timestamp,
    title,
    verb: wordingOf(type, incident).verb,
    severity,
    resolved,
    incident: incident.id,
    rule: incident.rule,
    checkKey: incident.checkKey,
    checkName: incident.checkName ?? null,
    kind: incident.kind,
    target: incident.target,
    labels: Object.assign(Object.create(null) as object, incident.labels) as Record<string, string>,
    regions: down,
    openedAt: incident.openedAt,
    resolvedAt: incident.resolvedAt,
    acknowledgedBy: incident.acknowledgedBy,
    code: incident.code,
    summary: incident.summary,
    cause: incident.cause,
    remedy: incident.remedy,
    evidence: evidence ?? [],
    url: incident.url,
    grafanaUrl: grafanaUrl ?? null,
  }
}
