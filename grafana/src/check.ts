import { type Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { frame } from './frame.ts'
import {
  budgets,
  coloured,
  columns,
  expiries,
  faults,
  heatmap,
  inWords,
  latencies,
  levels,
  lines,
  stacked,
  stat,
  table,
  thresholds,
  timeline,
  upOrDown,
} from './panels.ts'
import { availability, quantile, selected } from './promql.ts'
import {
  budgetLeft,
  chosenCheck,
  chosenCounts,
  chosenRegion,
  chosenResults,
  currentCertificates,
  good,
  incidents,
  percent,
} from './sql.ts'
import { promql, sql } from './targets.ts'
import { objectiveVariable, windowVariable } from './variables.ts'

/** One check in depth: what its users see, where the time goes, what went wrong and when. */
export function check(): Dashboard {
  return frame({
    uid: 'sonde-check',
    title: 'Check',
    description: 'One check in depth: how available and how fast it is from each region, and what went wrong when.',
    from: 'now-6h',
    checks: { each: true },
    variables: [objectiveVariable, windowVariable],
  })
    .withPanel(
      stat('State', 'After thresholds and quorum.', promql(`min(sonde_check_up{${selected}})`))
        .unit('none')
        .mappings([upOrDown])
        .thresholds(thresholds('red', [1, 'green']))
        .noValue('unknown'),
    )
    .withPanel(
      stat('Availability', 'Slots that found it up, of those that ran.', sql(`select ${good} as up\n${chosenCounts()}`))
        .unit('percentunit')
        .decimals(3)
        .thresholds(levels()),
    )
    .withPanel(
      stat('Error budget left', 'Of the time shown.', sql(`select ${budgetLeft} as budget\n${chosenCounts()}`))
        .unit('percentunit')
        .decimals(1)
        .thresholds(budgets()),
    )
    .withPanel(
      stat('Duration, p95', 'Of whole probes, over the window.', promql(quantile(0.95)))
        .unit('s')
        .thresholds(latencies()),
    )
    .withPanel(
      stat('Certificate ends in', 'The first of its chain.', promql(checkPromql.expiry))
        .unit('dtdurations')
        .noValue('none')
        .thresholds(expiries()),
    )
    .withPanel(
      stat(
        'Incidents',
        'Begun in the time shown.',
        sql(`select count(*) as incidents\n${incidents(inTime)}`),
      ).thresholds(faults('orange')),
    )
    .withRow(new RowBuilder('Availability'))
    .withPanel(
      lines('Availability by region', 'Probes that found it up.', promql(availability(' by (probe)'), '{{probe}}'))
        .unit('percentunit')
        .max(1)
        .thresholds(levels()),
    )
    .withPanel(
      timeline(
        'Probes by region',
        'What each probe found, before thresholds.',
        promql(`max by (job, probe) (probe_success{${selected}})`, '{{probe}}'),
      ),
    )
    .withPanel(
      columns(
        'Errors by code',
        'Results that are down or missed; every one, as the history has it.',
        sql(errorsByCode),
      ).thresholds(faults()),
    )
    .withPanel(incidentList())
    .withRow(new RowBuilder('Latency'))
    .withPanel(
      lines(
        'Latency percentiles',
        'Of whole probes, over the window, from a histogram with eleven buckets; exact ones are in the table below.',
        promql(quantile(0.5), 'p50'),
        promql(quantile(0.95), 'p95'),
        promql(quantile(0.99), 'p99'),
      )
        .unit('s')
        .min(0)
        .thresholds(latencies()),
    )
    .withPanel(
      heatmap(
        'Latency heat map',
        'Probes by how long they took.',
        promql(`sum by (le) (increase(probe_all_duration_seconds_bucket{${selected}}[$__rate_interval]))`),
      ),
    )
    .withPanel(
      stacked(
        'Phases',
        'Where the time goes: mean of the regions shown. Of http, dns and icmp; of all kinds in the table below.',
        promql(`avg by (phase) ({__name__=~"probe_(http|dns|icmp)_duration_seconds", ${selected}})`, '{{phase}}'),
      )
        .unit('s')
        .thresholds(latencies()),
    )
    .withPanel(
      lines('Duration by region', 'Of the last probe.', promql(checkPromql.duration, '{{probe}}'))
        .unit('s')
        .min(0)
        .thresholds(latencies()),
    )
    .withPanel(byRegion())
    .withRow(new RowBuilder('Certificate and results'))
    .withPanel(chain())
    .withPanel(changes())
    .withPanel(lastResults())
    .build()
}

const inTime = '$__timeFilter(i.opened_at)'

const checkPromql = {
  expiry: `min(probe_ssl_earliest_cert_expiry{${selected}} - time())`,
  duration: `max by (job, probe) (probe_duration_seconds{${selected}})`,
}

const errorsByCode = `select $__timeGroupAlias(r.slot,$__interval), r.code as metric, count(*) as value
${chosenResults}
  and r.code is not null
group by 1, 2
order by 1, 2`

function incidentList() {
  const query = `select i.state as "State", i.opened_at as "Opened", extract(epoch from coalesce(i.resolved_at, now()) - i.opened_at) as "Lasted",
  i.rule as "Rule", i.code as "Code", i.summary as "Summary", i.cause as "Cause", i.remedy as "Remedy"
${incidents("i.opened_at <= $__timeTo()::timestamptz and coalesce(i.resolved_at, 'infinity') >= $__timeFrom()::timestamptz")}
order by i.opened_at desc
limit 100`
  const panel = table('Incidents', 'Those of the time shown, newest first.', sql(query)).span(12).noValue('none')
  return inWords(panel.unit('dtdurations'))
}

function byRegion() {
  const query = `select c.key as "Check", g.name as "Region", count(*)::text as "Results",
  ${percent("avg((r.outcome = 'up')::int) filter (where r.outcome <> 'missed')")} as "Availability",
  count(*) filter (where r.outcome = 'missed')::text as "Missed",
  percentile_cont(0.5) within group (order by r.duration_ms) filter (where r.outcome = 'up') as "p50",
  percentile_cont(0.95) within group (order by r.duration_ms) filter (where r.outcome = 'up') as "p95",
  percentile_cont(0.99) within group (order by r.duration_ms) filter (where r.outcome = 'up') as "p99",
  avg(r.dns_ms) as "Resolve", avg(r.connect_ms) as "Connect", avg(r.tls_ms) as "TLS", avg(r.ttfb_ms) as "First byte",
  avg(r.transfer_ms) as "Transfer"
${chosenResults}
group by c.key, g.name
order by c.key, g.name`
  return table(
    'By region',
    'Exact percentiles of the results that are up, and mean phases; as far back as raw results are kept.',
    sql(query),
  )
    .unit('ms')
    .height(6)
}

function chain() {
  const query = `select s.position::text as "Position", t.subject as "Subject", t.issuer as "Issuer", t.not_after as "Expires",
  extract(epoch from t.not_after - now()) as "In", concat_ws(' ', t.key_type, t.key_bits) as "Key", t.signature as "Signature",
  min(s.first_seen) as "First seen", string_agg(g.name, ', ' order by g.name) as "Regions", t.sha256 as "SHA-256"
${currentCertificates}
group by t.sha256, s.position
order by s.position, t.not_after
limit 100`
  const panel = table('Certificate chain', 'What the server sends now, leaf first.', sql(query)).noValue('no TLS')
  return coloured(panel.unit('dtdurations'), expiries(), 'In').height(6)
}

function changes() {
  const query = `select e.at as "At", g.name as "Region", e.type as "Change", e.data as "Details"
from events e
join check_facts c on c.id = e.check_id
join regions g on g.id = e.region_id
where $__timeFilter(e.at)
  and ${chosenCheck}
  and ${chosenRegion}
order by e.at desc
limit 100`
  return table('Changes', 'What changed at the target, such as another chain.', sql(query)).span(8).noValue('none')
}

function lastResults() {
  const query = `select r.slot as "Slot", g.name as "Region", r.outcome as "Outcome", r.code as "Error", r.duration_ms as "Duration",
  r.attempts::text as "Attempts", r.start_delay_ms as "Start delay", host(r.ip) as "Address"
${chosenResults}
order by r.slot desc, g.name
limit 200`
  const panel = table('Last results', 'Newest first. Whole documents: GET /api/v1/checks/{key}/results.', sql(query))
  return inWords(panel.unit('ms')).span(16)
}
