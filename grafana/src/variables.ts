import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'
import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  IntervalVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'

/** The names are those that grafana/dashboard-linter wants of dashboards with more than one kind of data source. */
export const prometheus: DataSourceRef = { type: 'prometheus', uid: '$prometheus_datasource' }
export const postgres: DataSourceRef = { type: 'grafana-postgresql-datasource', uid: '$postgres_datasource' }

export const datasourceNames = ['prometheus_datasource', 'postgres_datasource']

/** Where the numbers come from. "postgres" is an alias of the plug-in's name, which could not be part of a variable's. */
export const datasources = [
  new DatasourceVariableBuilder('prometheus_datasource').label('Prometheus data source').type('prometheus'),
  new DatasourceVariableBuilder('postgres_datasource').label('Postgres data source').type('postgres'),
]

// What Prometheus knows of each series beside the check's own labels; `job` and `kind` are worth choosing by.
const notOfTheCheck = '/^(?!(?:__name__|check_name|frequency|geohash|instance|probe|region)$).*$/'

/**
 * The checks shown, narrowed from left to right: by any label of theirs, by key, by target; and the regions. Where `each` is set a
 * check must be chosen, as "all" of them would be of no use; where `hidden`, they are only carried on to the next dashboard.
 */
export function checkVariables({ each = false, hidden = false }: { each?: boolean; hidden?: boolean } = {}) {
  const hide = hidden ? VariableHide.HideVariable : VariableHide.DontHide
  const label = series('label', 'Label', 'label_names(sm_check_info)')
    .description('A label of checks to choose by.')
    .regex(notOfTheCheck)
    .current({ text: 'job', value: 'job', selected: true })
  const job = series('job', 'Job', 'label_values(sm_check_info{$label=~"$value"}, job)').description('Keys of checks.')
  return [
    label,
    several(series('value', 'Value', 'label_values(sm_check_info, $label)'), '.*').description('Of that label.'),
    each ? job.multi(true).allValue('.+') : several(job),
    several(
      series('instance', 'Instance', 'label_values(sm_check_info{job=~"$job", $label=~"$value"}, instance)'),
    ).description('Targets of checks.'),
    several(series('probe', 'Probe', 'label_values(sm_check_info{job=~"$job"}, probe)')).description('Regions.'),
  ].map((variable) => variable.hide(hide))
}

/** What increases and percentiles of checks are taken over. */
export const windowVariable = new IntervalVariableBuilder('window')
  .label('Window')
  .description('What rates and percentiles are taken over: several intervals of the slowest check shown.')
  .values('5m,10m,30m,1h,6h,1d')
  .current({ text: '10m', value: '10m', selected: true })

/** The level of service that is aimed at. */
export const objectiveVariable = new CustomVariableBuilder('objective')
  .label('Objective')
  .description('Per cent of the judged slots that are to be up.')
  .values('99,99.5,99.9,99.95,99.99')
  .current({ text: '99.9', value: '99.9', selected: true })

const ofSonde =
  '{__name__=~"sonde_queue_depth|sonde_schedule_leading|sonde_worker_admitted_limit|sonde_ingest_duration_seconds_count"}'

/** Sonde's own processes: under names of their own, since job and instance are a check's on every other dashboard. */
export const processVariables = [
  several(series('role_job', 'Scrape job', `label_values(${ofSonde}, job)`)).description('Jobs that scrape Sonde.'),
  several(
    series('role_instance', 'Process', 'label_values(process_start_time_seconds{job=~"$role_job"}, instance)'),
  ).description('Processes of Sonde.'),
]

function series(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(prometheus)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
}

function several(variable: QueryVariableBuilder, all = '.+'): QueryVariableBuilder {
  return variable.multi(true).includeAll(true).allValue(all).current({ text: 'All', value: '$__all', selected: true })
}
