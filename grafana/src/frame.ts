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
import { checkVariables, datasources, postgres } from './variables.ts'

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

/** Where a row with the key of a check leads: to its own page, with the time, the data sources and the regions shown here. */
export const toCheck = [
  new DashboardLinkBuilder('The check').url(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own, filled in when it is followed.
    '/d/sonde-check?${__url_time_range}&${prometheus_datasource:queryparam}&${postgres_datasource:queryparam}&${probe:queryparam}&var-job=${__data.fields.Check}',
  ),
]
