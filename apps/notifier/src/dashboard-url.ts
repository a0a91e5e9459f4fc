import type { IncidentDocument } from '@sonde/core'

// The check's key alone finds it; a link that is too long for a receiver finds nothing.
const longestTarget = 400

// What led up to it is worth seeing too.
const beforeMs = 3_600_000

/**
 * The dashboard of a check in Grafana (`grafana/dashboards/check.json`), from an hour before the incident until it was over, or now;
 * null for what is of no check.
 */
export function dashboardUrl(
  grafanaUrl: string,
  { kind, checkKey, target, openedAt, resolvedAt }: Omit<IncidentDocument, 'url'>,
): string | null {
  if (kind === 'sonde' || kind === 'region') return null
  const query = new URLSearchParams({
    'var-job': checkKey,
    ...(target.length > longestTarget ? {} : { 'var-instance': target }),
    from: String(Date.parse(openedAt) - beforeMs),
    to: resolvedAt === null ? 'now' : String(Date.parse(resolvedAt) + beforeMs / 6),
  })
  return `${grafanaUrl.replace(/\/$/, '')}/d/sonde-check?${query.toString()}`
}
