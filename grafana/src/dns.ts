import { type Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { frame, lineToCheck, toCheck } from './frame.ts'
import {
  columns,
  faults,
  inWords,
  latencies,
  levels,
  lines,
  stacked,
  stat,
  table,
  thresholds,
  timeline,
} from './panels.ts'
import { availability, quantile, selected } from './promql.ts'
import { chosenCounts, chosenResults, chosenStates, good } from './sql.ts'
import { promql, sql } from './targets.ts'
import { windowVariable } from './variables.ts'

const ofDns = 'kind="dns", '
const kindDns = "\n  and c.kind = 'dns'"

/** Checks of the kind dns, and what names cost the others. */
export function dns(): Dashboard {
  return frame({
    uid: 'sonde-dns',
    title: 'DNS',
    description: 'Whether names resolve, to what, and how fast: checks of DNS, and the lookups of all others.',
    from: 'now-6h',
    variables: [windowVariable],
  })
    .withPanel(
      stat(
        'Checks of DNS',
        'Those with a verdict.',
        promql(`count(max by (job) (sonde_check_up{${ofDns}${selected}}))`),
      )
        .span(6)
        .noValue('none'),
    )
    .withPanel(
      stat('Availability', 'Slots that were answered as they should, of those that ran.', sql(available))
        .unit('percentunit')
        .decimals(3)
        .thresholds(levels())
        .span(6),
    )
    .withPanel(
      stat('Duration, p95', 'Of DNS probes, over the window.', promql(quantile(0.95, '', ofDns)))
        .unit('s')
        .thresholds(latencies())
        .span(6),
    )
    .withPanel(
      stat(
        'Unanswered',
        'Check-regions whose last question no server answered.',
        promql(`count(probe_dns_query_succeeded{${selected}} == 0) or vector(0)`),
      )
        .thresholds(thresholds('green', [1, 'red']))
        .span(6),
    )
    .withPanel(answers())
    .withRow(new RowBuilder('Over time'))
    .withPanel(
      lines('Availability', 'By check.', promql(availability(' by (job)', '$window', ofDns), '{{job}}'))
        .unit('percentunit')
        .max(1)
        .dataLinks(lineToCheck('window'))
        .thresholds(levels()),
    )
    .withPanel(
      timeline(
        'Answered',
        'Whether a server answered, whatever it said.',
        promql(`min by (job, probe) (probe_dns_query_succeeded{${selected}})`, '{{job}} {{probe}}'),
      ),
    )
    .withPanel(
      stacked(
        'Phases',
        'Mean of the checks and regions shown: connecting (TCP and TLS), and the question itself.',
        promql(`avg by (phase) (probe_dns_duration_seconds{${selected}})`, '{{phase}}'),
      )
        .unit('s')
        .thresholds(latencies()),
    )
    .withPanel(
      lines(
        'Lookups of other checks',
        'How long http, tls, tcp and icmp probes wait for their name.',
        promql(`avg by (job) (probe_dns_lookup_time_seconds{kind!="dns", ${selected}})`, '{{job}}'),
      )
        .unit('s')
        .min(0)
        .dataLinks(lineToCheck('window'))
        .thresholds(latencies()),
    )
    .withPanel(
      columns('Errors by code', 'Of DNS checks, and of lookups of all others.', sql(errors)).thresholds(faults()),
    )
    .withPanel(
      lines(
        'Answers',
        'Records in the answer section.',
        promql(`max by (job, probe) (probe_dns_answer_rrs{${selected}})`, '{{job}} {{probe}}'),
      ).min(0),
    )
    .withPanel(
      lines(
        'Serial of the zone',
        'Of checks that ask for SOA: regions that stay behind see an old zone.',
        promql(`max by (job, probe) (probe_dns_serial{${selected}})`, '{{job}} {{probe}}'),
      ).unit('none'),
    )
    .withPanel(
      lines(
        'Authority and additional records',
        'Sections beside the answer.',
        promql(`max by (job) (probe_dns_authority_rrs{${selected}})`, '{{job}} authority'),
        promql(`max by (job) (probe_dns_additional_rrs{${selected}})`, '{{job}} additional'),
      ).min(0),
    )
    .build()
}

const available = `select ${good} as up\n${chosenCounts()}${kindDns}`

const errors = `select $__timeGroupAlias(r.slot,$__interval), r.code as metric, count(*) as value
${chosenResults}
  and r.code like 'dns\\_%'
group by 1, 2
order by 1, 2`

function answers() {
  const query = `select c.key as "Check", c.target as "Name", g.name as "Region", s.outcome as "Outcome", s.dns_rcode as "Code",
  (select string_agg(concat_ws(' ', a->>'type', a->>'data'), ', ') from json_array_elements(s.dns_answers) a) as "Answers",
  (select min((a->>'ttl')::int) || ' s' from json_array_elements(s.dns_answers) a) as "TTL", s.dns_server as "Server",
  s.duration_ms as "Duration", s.message as "Message", s.last_slot as "Slot"
${chosenStates}${kindDns}
order by (s.outcome <> 'up') desc, c.key, g.name
limit 500`
  const panel = table('Answers', 'What was said to the last question of each check and region.', sql(query))
  return inWords(panel.unit('ms').dataLinks(toCheck('window')))
}
