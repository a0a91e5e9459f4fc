import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard'
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { incidents } from './sql.ts'
import { SqlTarget, sql } from './targets.ts'
import { checkVariables, datasourceNames, datasources, postgres } from './variables.ts'

const tag = 'sonde'

export type Frame = {
  uid: string
  title: string
  description: string
  /** How far back it looks when it is opened. */
  from: string
  /** Of the variables that choose checks, see `checkVariables`. */
  checks?: { each?: boolean; hidden?: boolean }
  variables?: Builder<VariableModel>[]
}

/** What every dashboard has: the data sources, the choice of checks, the way to the others, and incidents as annotations. */
export function frame({ uid, title, description, from, checks, variables = [] }: Frame): DashboardBuilder {
  const dashboard = new DashboardBuilder(`Sonde / ${title}`)
    .uid(uid)
    .description(description)
    .tags([tag])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('30s')
    .time({ from, to: 'now' })
    .timezone('browser')
    .link(
      new DashboardLinkBuilder('Sonde')
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(false)
        .includeVars(true)
        .keepTime(true),
    )
    .annotation(incidentAnnotations())
  for (const variable of [...datasources, ...checkVariables(checks), ...variables]) dashboard.withVariable(variable)
  return dashboard
}

function incidentAnnotations() {
  const query = `select i.opened_at as time, coalesce(i.resolved_at, now()) as timeend,
  coalesce(c.key || ': ', '') || i.summary as text, concat_ws(',', i.rule, i.code) as tags
${incidents("i.opened_at <= $__timeTo()::timestamptz and coalesce(i.resolved_at, 'infinity') >= $__timeFrom()::timestamptz")}
order by i.opened_at desc
limit 500`
  return new AnnotationQueryBuilder()
    .name('Incidents')
    .datasource(postgres)
    .enable(true)
    .hide(false)
    .iconColor('red')
    .target(new SqlTarget(sql(query), 'Incidents', 'table'))
}

// Grafana's own, filled in when a link is followed: of a row, and of a line.
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: as it says.
const ofRow = { check: '${__data.fields.Check}', region: '${__data.fields.Region}' }
const shownTime = '${__url_time_range}'
const ofLine = { check: '${__field.labels.job}' }
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as it says.
const chosen = ['label', 'value', 'instance', 'probe']

/** Where a row with the key of a check leads: to its own page, with the time and the variables shown here, `more` of them where there are. */
export function toCheck(...more: string[]) {
  return [link('The check', 'sonde-check', [...chosen, ...more], `var-job=${ofRow.check}`)]
}

/** The same of a line whose series is that of a check. */
export function lineToCheck(...more: string[]) {
  return [link('The check', 'sonde-check', [...chosen, ...more], `var-job=${ofLine.check}`)]
}

/** Where a row of a region leads: to its checks, as seen from there. */
export function toRegion(...more: string[]) {
  return [
    link('Its checks', 'sonde-overview', ['label', 'value', 'job', 'instance', ...more], `var-probe=${ofRow.region}`),
  ]
}

/** To all certificates of the checks shown. */
export const toCertificates = [link('All certificates', 'sonde-certificates', ['job', ...chosen])]

function link(title: string, uid: string, kept: readonly string[], own?: string) {
  const variables = [...datasourceNames, ...kept].map((name) => `\${${name}:queryparam}`)
  const parts = [shownTime, ...variables, ...(own === undefined ? [] : [own])]
  return new DashboardLinkBuilder(title).url(`/d/${uid}?${parts.join('&')}`)
}
