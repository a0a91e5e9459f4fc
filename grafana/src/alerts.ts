import { strayRows } from './sql.ts'

/** The name of a data source in grafana/provisioning/datasources; alert rules know no variables. */
type Source = 'prometheus' | 'sonde-database'

export type AlertRule = {
  uid: string
  title: string
  source: Source
  /** PromQL, or SQL whose one number is judged for each set of words beside it. */
  query: string
  fires: { when: 'lt' | 'gt'; bound: number }
  for: string
  severity: 'critical' | 'warning'
  /** What it means that there is no number: nothing (`OK`), or that something is broken. */
  noData: 'OK' | 'NoData' | 'Alerting'
  summary: string
  description: string
}

/** How many times faster than 99.9 % allows each check spends its error budget, told apart by the window. */
function inWindow(window: string): string {
  const grown = (metric: string) => `sum by (job) (increase(${metric}[${window}]))`
  const rate = `(1 - ${grown('probe_all_success_sum')} / (${grown('probe_all_success_count')} > 0)) / (1 - 0.999)`
  return `label_replace(${rate}, "window", "${window}", "", "")`
}

/**
 * For whoever is paged by Grafana and has no Alertmanager. They say what prometheus/rules says, so only one of the two should be
 * led to people.
 */
export const alertRules: Record<'Checks' | 'Sonde itself', AlertRule[]> = {
  Checks: [
    {
      uid: 'sonde-check-down',
      title: 'Check is down',
      source: 'prometheus',
      query: 'min by (job, instance, kind) (sonde_check_up)',
      fires: { when: 'lt', bound: 1 },
      // Thresholds and quorum are the check's own and have been applied already.
      for: '0s',
      severity: 'critical',
      noData: 'OK',
      summary: '{{ $labels.job }} is down',
      description:
        '{{ $labels.instance }} ({{ $labels.kind }}) is down in as many regions as its alert policy asks for.',
    },
    {
      uid: 'sonde-certificate-expiring',
      title: 'Certificate is about to expire',
      source: 'prometheus',
      query: 'min by (job, instance) (probe_ssl_earliest_cert_expiry - time())',
      fires: { when: 'lt', bound: 14 * 86_400 },
      for: '15m',
      severity: 'warning',
      noData: 'OK',
      summary: 'A certificate of {{ $labels.job }} expires in {{ humanizeDuration $values.A.Value }}',
      description: 'Renew what {{ $labels.instance }} sends, and reload the server.',
    },
    {
      uid: 'sonde-budget-burn',
      title: 'Error budget is spent fast',
      source: 'prometheus',
      // The lesser of both: the long window says that it matters, the short one that it still goes on.
      query: `min by (job) (${inWindow('1h')} or ${inWindow('5m')})`,
      fires: { when: 'gt', bound: 14.4 },
      for: '2m',
      severity: 'critical',
      noData: 'OK',
      summary: '{{ $labels.job }} spends its error budget {{ humanize $values.A.Value }} times too fast',
      description: 'At this rate a budget of 0.1 % for 30 days is gone in two days.',
    },
    {
      uid: 'sonde-incident-unacknowledged',
      title: 'Incident that nobody has acknowledged',
      source: 'sonde-database',
      query: `select coalesce(c.key, 'sonde') as job, i.rule, count(*) as open
from incidents i left join check_facts c on c.id = i.check_id
where i.state = 'open' and i.acknowledged_at is null and i.opened_at < now() - interval '1 hour'
group by 1, 2`,
      fires: { when: 'gt', bound: 0 },
      for: '0s',
      severity: 'warning',
      noData: 'OK',
      summary: 'An incident of {{ $labels.job }} ({{ $labels.rule }}) has been open for an hour, and nobody has it',
      description:
        'Acknowledge it by POST /api/v1/incidents/{id}/acknowledge, or have its notifications reach somebody.',
    },
  ],
  'Sonde itself': [
    {
      uid: 'sonde-process-down',
      title: 'Sonde does not answer',
      source: 'prometheus',
      query: 'min by (job, instance) (up{job=~"sonde|sonde-roles"})',
      fires: { when: 'lt', bound: 1 },
      for: '2m',
      severity: 'critical',
      noData: 'Alerting',
      summary: '{{ $labels.instance }} of Sonde does not answer',
      description: 'Prometheus cannot scrape it: that process is down or unreachable.',
    },
    {
      uid: 'sonde-region-without-worker',
      title: 'Region has no worker',
      source: 'prometheus',
      query: 'min by (probe) (sonde_workers)',
      fires: { when: 'lt', bound: 1 },
      for: '1m',
      severity: 'critical',
      noData: 'OK',
      summary: 'Region {{ $labels.probe }} has no worker',
      description: 'All its slots are missed. Start one: sonde worker --region {{ $labels.probe }}.',
    },
    {
      uid: 'sonde-queue-stuck',
      title: 'Queue is behind',
      source: 'prometheus',
      query: 'max by (queue) (sonde_queue_oldest_age_seconds)',
      fires: { when: 'gt', bound: 60 },
      for: '2m',
      severity: 'warning',
      noData: 'NoData',
      summary: 'Queue {{ $labels.queue }} is {{ humanizeDuration $values.A.Value }} behind',
      description: 'For probes.* look at the workers of the region, for results at the ingesters and the database.',
    },
    {
      uid: 'sonde-stray-rows',
      title: 'Results have no partition',
      source: 'sonde-database',
      query: strayRows,
      fires: { when: 'gt', bound: 0 },
      // Upkeep moves them every hour.
      for: '3h',
      severity: 'warning',
      noData: 'Alerting',
      summary: 'Results or sums of them lie in a default partition',
      description: 'Nobody makes the partitions of the days to come: look at the log of the ingester.',
    },
  ],
}
