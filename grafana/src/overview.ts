import { TableCellDisplayMode } from '@grafana/grafana-foundation-sdk/common'
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  IntervalVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { columns, datasource, lines, stacked, stat, table, thresholds, upAndDownColours } from './panels.ts'
import { queries } from './queries.ts'

const day = 86_400

/** "Sonde / Overview": what is down, how each check fares in each region, and what is about to expire. */
export function overview(): Dashboard {
  return new DashboardBuilder('Sonde / Overview')
    .uid('sonde-overview')
    .description('All checks of a Sonde, in all regions.')
    .tags(['sonde'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(labelVariable('kind', 'Kind', 'kind'))
    .withVariable(labelVariable('check', 'Check', 'job'))
    .withVariable(labelVariable('region', 'Region', 'probe'))
    .withVariable(
      new IntervalVariableBuilder('window')
        .label('Window')
        .description('What rates and percentiles are taken over: several intervals of the slowest check shown.')
        .values('5m,10m,30m,1h,6h,1d')
        .current({ text: '10m', value: '10m', selected: true }),
    )
    .withPanel(
      stat('Checks down', 'By their verdict, after thresholds and quorum.', queries.checksDown).thresholds(
        thresholds('green', [1, 'red']),
      ),
    )
    .withPanel(
      stat('Checks', 'Those with a verdict.', queries.checks).thresholds(thresholds('text')).noValue('none yet'),
    )
    .withPanel(
      stat('Availability', 'Probes that found their target up, over the time shown.', queries.availability)
        .unit('percentunit')
        .decimals(2)
        .thresholds(thresholds('red', [0.99, 'orange'], [0.999, 'green'])),
    )
    .withPanel(
      stat('Duration, p95', 'Of whole probes, over the window.', queries.p95).unit('s').thresholds(thresholds('text')),
    )
    .withPanel(
      stat('Missed probes', 'Slots in which no probe ran, over the time shown.', queries.missed)
        .decimals(0)
        .thresholds(thresholds('green', [1, 'orange'])),
    )
    .withPanel(
      stat('Next expiry', 'Until the first certificate expires.', queries.nextExpiry)
        .unit('dtdurations')
        .noValue('no certificates')
        .thresholds(thresholds('red', [3 * day, 'orange'], [14 * day, 'green'])),
    )
    .withRow(new RowBuilder('Checks'))
    .withPanel(checksByRegion())
    .withPanel(
      lines('Availability', 'Probes that found their target up.', queries.availabilityByCheck, '{{job}}')
        .unit('percentunit')
        .max(1),
    )
    .withPanel(lines('Duration, p95', 'Of whole probes.', queries.p95ByCheck, '{{job}}').unit('s').min(0))
    .withPanel(
      stacked('Phases of http probes', 'Mean of the checks and regions shown.', queries.phases, '{{phase}}')
        .unit('s')
        .min(0),
    )
    .withPanel(certificates())
    .build()
}

function checksByRegion() {
  return (
    table('Checks by region', 'The check is the verdict; the last probe is one region, one time.', {
      check: queries.verdict,
      probe: queries.lastProbe,
      duration: queries.lastDuration,
      status: queries.lastStatus,
      error: queries.lastError,
      age: queries.lastResultAge,
    })
      .height(10)
      .span(24)
      // Durations and ages are the only numbers; all else comes as labels.
      .unit('s')
      .mappings([upAndDownColours])
      .thresholds(thresholds('text'))
      .cellOptions({ type: TableCellDisplayMode.ColorText })
      .withTransformation({ id: 'merge', options: {} })
      .withTransformation(
        columns({
          state: 'State',
          job: 'Check',
          instance: 'Target',
          kind: 'Kind',
          probe: 'Region',
          last: 'Last probe',
          'Value #duration': 'Duration',
          status: 'Status',
          error: 'Error',
          'Value #age': 'Age',
        }),
      )
  )
}

function certificates() {
  return table('Certificates next to expire', 'The first to end in each chain, expired ones too.', {
    expiry: queries.certificates,
  })
    .height(8)
    .span(12)
    .withTransformation(
      columns({ Value: 'Expires in', job: 'Check', instance: 'Target', subject: 'Subject', issuer: 'Issuer' }),
    )
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: 'Expires in' }] } })
    .unit('dtdurations')
    .thresholds(thresholds('red', [3 * day, 'orange'], [14 * day, 'green']))
    .cellOptions({ type: TableCellDisplayMode.ColorText })
}

function labelVariable(name: string, label: string, metricLabel: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query(`label_values(sm_check_info, ${metricLabel})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all', selected: true })
}
