import { evidenceLines, type IncidentDocument, type Notification, openingEvidence } from '@sonde/core'
import type { LeasedMessage } from '@sonde/db'
import { dashboardUrl } from './dashboard-url.ts'

export type Links = { publicUrl: string; grafanaUrl: string | undefined }

/** A message as channels take it: its incidents with their addresses, the dashboard, and what was seen when it opened, a line each. */
export function notificationOf(
  {
    id,
    type,
    incident,
    others = [],
    createdAt,
    evidence,
  }: Pick<LeasedMessage, 'id' | 'type' | 'incident' | 'createdAt' | 'evidence'> & { others?: IncidentDocument[] },
  { publicUrl, grafanaUrl }: Links,
): Notification {
  const withUrl = (one: IncidentDocument) => ({ ...one, url: `${publicUrl}/api/v1/incidents/${one.id}` })
  return {
    id,
    type,
    timestamp: createdAt.toISOString(),
    incident: withUrl(incident),
    ...(others.length === 0 ? {} : { others: others.map(withUrl) }),
    grafanaUrl: grafanaUrl === undefined ? null : dashboardUrl(grafanaUrl, incident),
    evidence: evidenceLines(openingEvidence(evidence)),
  }
}
