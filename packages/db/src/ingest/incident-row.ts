import { AlertPolicy, type Check, type IncidentDocument, type IncidentRegion } from '@sonde/core'
import { sql } from 'drizzle-orm'

export type IncidentRow = {
  id: string
  rule: string
  opened_at: Date
  resolved_at: Date | null
  acknowledged_at: Date | null
  acknowledged_by: string | null
  code: string | null
  summary: string
  cause: string | null
  remedy: string | null
  regions: IncidentRegion[]
}

/** The columns of an incident's row, as `IncidentRow` takes them. */
export const incidentColumns = sql.raw(
  'id, rule, opened_at, resolved_at, acknowledged_at, acknowledged_by, code, summary, cause, remedy, regions',
)

/** What an incident is about: a check, or in the same shape a region. It is kept with the incident, which may outlive its check. */
export type IncidentAbout = Pick<Check, 'key' | 'name' | 'target' | 'labels' | 'alerts'> & { kind: string }

/** The incident as it is told and shown. */
export function incidentDocument(row: IncidentRow, check: Omit<IncidentAbout, 'alerts'>): IncidentDocument {
  const instant = (at: Date | null) => (at === null ? null : new Date(at).toISOString())
  return {
    id: row.id,
    rule: row.rule,
    checkKey: check.key,
    checkName: check.name ?? null,
    target: check.target,
    kind: check.kind,
    labels: check.labels,
    openedAt: new Date(row.opened_at).toISOString(),
    resolvedAt: instant(row.resolved_at),
    acknowledgedAt: instant(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
    regions: row.regions,
    code: row.code,
    summary: row.summary,
    cause: row.cause,
    remedy: row.remedy,
    url: null,
  }
}

/** What an incident was about when it opened, for one that is of no check, or of none any more. */
export function asStored(about: IncidentAbout): IncidentAbout {
  const { channels } = about.alerts
  // More of them than a policy takes, where many checks see a certificate.
  const policy = AlertPolicy.safeParse({ ...about.alerts, channels: [] }).data ?? AlertPolicy.parse({})
  return { ...about, alerts: { ...policy, channels: Array.isArray(channels) ? channels : [] } }
}
