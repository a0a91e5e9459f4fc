import { type Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { frame, lineToCheck, toCertificates, toCheck, toRegion } from './frame.ts'
import { regionMap } from './map.ts'
import { bars, budgets, coloured, expiries, faults, inWords, latencies, levels, lines, stat, table } from './panels.ts'
import { availability, quantile, selected } from './promql.ts'
import { budgetLeft, chosenCounts, chosenStates, commonName, currentCertificates, good, incidents } from './sql.ts'
import { promql, sql } from './targets.ts'
import { objectiveVariable, windowVariable } from './variables.ts'

/** What is down, how each check fares, what is about to expire, and where from it is seen. */
export function overview(): Dashboard {
  return frame({
    uid: 'sonde-overview',
    title: 'Overview',
    description: 'Whether anything is wrong, and where: all checks in all regions.',
    from: 'now-6h',
    variables: [objectiveVariable, windowVariable],
  })
    .withPanel(
      stat('Checks down', 'By their verdict, after thresholds and quorum.', promql(overviewPromql.down)).thresholds(
        faults(),
      ),
    )
    .withPanel(
      stat('Open incidents', 'Those of the checks shown, and of Sonde itself.', sql(overviewSql.open)).thresholds(
        faults(),
      ),
    )
    .withPanel(stat('Checks', 'Those with a verdict.', promql(overviewPromql.checks)).noValue('none yet').span(3))
    .withPanel(
      stat('Availability', 'Slots that found their target up, of those that ran.', sql(overviewSql.availability))
        .unit('percentunit')
        .decimals(3)
        .thresholds(levels()),
    )
    .withPanel(
      stat('Duration, p95', 'Of whole probes, over the window.', promql(quantile(0.95)))
        .unit('s')
        .thresholds(latencies())
        .span(3),
    )
    .withPanel(
      stat('Missed probes', 'Slots in which no probe ran, over the time shown.', sql(overviewSql.missed))
        .decimals(0)
        .thresholds(faults('orange'))
        .span(3),
    )
    .withPanel(
      stat('Next expiry', 'Until the first certificate ends.', promql(overviewPromql.nextExpiry))
        .unit('dtdurations')
        .noValue('no certificates')
        .thresholds(expiries())
        .span(3),
    )
    .withPanel(openIncidents())
    .withRow(new RowBuilder('Checks'))
    .withPanel(worstChecks())
    .withPanel(
      bars('Error budget left', 'Of the time shown; below zero it is overdrawn.', sql(overviewSql.budgets))
        .unit('percentunit')
        .min(-1)
        .max(1)
        .height(10)
        .dataLinks(toCheck('objective', 'window'))
        .thresholds(budgets()),
    )
    .withPanel(
      lines('Availability', 'Probes that found their target up.', promql(availability(' by (job)'), '{{job}}'))
        .unit('percentunit')
        .max(1)
        .dataLinks(lineToCheck('objective', 'window'))
        .thresholds(levels()),
    )
    .withPanel(
      lines('Duration, p95', 'Of whole probes.', promql(quantile(0.95, 'job'), '{{job}}'))
        .unit('s')
        .min(0)
        .dataLinks(lineToCheck('objective', 'window'))
        .thresholds(latencies()),
    )
    .withPanel(states())
    .withRow(new RowBuilder('Certificates and regions'))
    .withPanel(nextToExpire())
    .withPanel(regionMap().dataLinks(toRegion('objective', 'window')).span(12).height(10))
    .build()
}

const overviewPromql = {
  down: `count(max by (job, instance, kind) (sonde_check_up{${selected}}) == 0) or vector(0)`,
  checks: `count(max by (job, instance, kind) (sonde_check_up{${selected}}))`,
  nextExpiry: `min(probe_ssl_earliest_cert_expiry{${selected}} - time())`,
}

const overviewSql = {
  open: `select count(*) as open\n${incidents("i.state = 'open'")}`,
  availability: `select ${good} as availability\n${chosenCounts()}`,
  missed: `select coalesce(sum(n.missed), 0) as missed\n${chosenCounts()}`,
  budgets: `select c.key as "Check", ${budgetLeft} as "Left"
${chosenCounts()}
group by c.key
having sum(n.up + n.down) > 0
order by 2, 1
limit 25`,
}

function openIncidents() {
  const query = `select i.opened_at as "Opened", c.key as "Check", i.rule as "Rule", i.summary as "Summary", i.code as "Code",
  (select string_agg(e->>'region', ', ') from jsonb_array_elements(i.regions) e) as "Regions",
  i.cause as "Cause", i.remedy as "Remedy", i.acknowledged_by as "Acknowledged by"
${incidents("i.state = 'open'")}
order by i.opened_at desc
limit 50`
  const panel = table('Open incidents', 'Newest first, with what it most likely is and what to do.', sql(query))
  return panel.dataLinks(toCheck('objective', 'window')).noValue('none').height(6)
}

function worstChecks() {
  const query = `select c.key as "Check", c.kind as "Kind", ${good} as "Availability", sum(n.down)::text as "Down",
  sum(n.missed)::text as "Missed"
${chosenCounts()}
group by c.key, c.kind
having sum(n.up + n.down) > 0
order by 3, sum(n.down) desc, 1
limit 20`
  const panel = table('Worst checks', 'Least available over the time shown.', sql(query)).span(16).height(10)
  return coloured(panel.unit('percentunit').dataLinks(toCheck('objective', 'window')), levels(), 'Availability')
}

function states() {
  const query = `select s.verdict as "State", c.key as "Check", c.target as "Target", c.kind as "Kind", g.name as "Region",
  s.outcome as "Last probe", s.duration_ms as "Duration", s.http_status::text as "Status", s.code as "Error", s.message as "Message",
  s.since as "Since", s.last_slot as "Slot"
${chosenStates}
order by (s.verdict = 'down') desc, (s.outcome <> 'up') desc, c.key, g.name
limit 500`
  const panel = table(
    'Checks by region',
    'The state is after the thresholds of the region; the last probe is one region, one time.',
    sql(query),
  )
  return inWords(panel.unit('ms').dataLinks(toCheck('objective', 'window')))
}

function nextToExpire() {
  const query = `select t.not_after as "Expires", extract(epoch from t.not_after - now()) as "In", ${commonName('t.subject')} as "Subject",
  ${commonName('t.issuer')} as "Issuer", string_agg(distinct c.key, ', ') as "Checks"
${currentCertificates}
group by t.sha256
order by t.not_after
limit 20`
  const panel = table('Certificates next to expire', 'Every certificate of the chains in use.', sql(query))
  return coloured(panel.unit('dtdurations'), expiries(), 'In').dataLinks(toCertificates).span(12).height(10)
}
