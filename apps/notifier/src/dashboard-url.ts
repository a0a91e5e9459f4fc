import type { IncidentDocument } from '@sonde/core'

// What led up to it is worth seeing too.
const beforeMs = 3_600_000

/** The dashboard of a check in Grafana (`grafana/dashboards/check.json`), from an hour before the incident until it was over, or now. */
export function dashboardUrl(
  grafanaUrl: string,
  { checkKey, target, openedAt, resolvedAt }: Pick<IncidentDocument, 'checkKey' | 'target' | 'openedAt' | 'resolvedAt'>,
): string {
  const query = new URLSearchParams({
    'var-job': checkKey,
    'var-instance': target,
    from: String(Date.parse(openedAt) - beforeMs),
    to: resolvedAt === null ? 'now' : String(Date.parse(resolvedAt) + beforeMs / 6),
  })
  return `${grafanaUrl.replace(/\/$/, '')}/d/sonde-check?${query.toString()}`
}
