import { type Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { frame, toRegion } from './frame.ts'
import { regionMap } from './map.ts'
import { coloured, faults, latencies, levels, lines, stacked, stat, table, thresholds } from './panels.ts'
import { availability, grown, quantile } from './promql.ts'
import { chosenCheck, chosenRegion, percent, shown } from './sql.ts'
import { promql, sql } from './targets.ts'
import { windowVariable } from './variables.ts'

/** Where probes run, whether somebody runs them there, and whether one region sees what others do not. */
export function regions(): Dashboard {
  return frame({
    uid: 'sonde-regions',
    title: 'Regions and workers',
    description: 'Where probes run, whether workers keep up there, and whether one region sees what others do not.',
    from: 'now-6h',
    variables: [windowVariable],
  })
    .withPanel(stat('Regions', 'Those that are not retired.', sql(`select count(*) as regions ${ofRegions}`)).span(6))
    .withPanel(
      stat('Live workers', 'Heard of within 15 seconds.', promql(`sum(${workers})`))
        .thresholds(thresholds('red', [1, 'green']))
        .span(6),
    )
    .withPanel(
      stat('Regions without a worker', 'All their slots are missed.', promql(`count(${workers} == 0) or vector(0)`))
        .thresholds(faults())
        .span(6),
    )
    .withPanel(
      stat('Worst clock', 'Farthest that a worker is from the queue server, whose time probes follow.', sql(worstClock))
        .unit('ms')
        .thresholds(thresholds('green', [250, 'orange'], [1000, 'red']))
        .noValue('no workers')
        .span(6),
    )
    .withPanel(regionMap().dataLinks(toRegion('window')).span(12).height(12))
    .withPanel(byRegion())
    .withPanel(byWorker())
    .withRow(new RowBuilder('Over time'))
    .withPanel(
      lines('Live workers', 'By region.', promql(workers, '{{probe}}'))
        .min(0)
        .thresholds(thresholds('red', [1, 'green'])),
    )
    .withPanel(
      stacked(
        'Missed probes',
        'Slots in which no probe ran, within the window.',
        promql(grown('sonde_probe_results_total', ' by (probe)', '$window', 'outcome="missed", '), '{{probe}}'),
      ).thresholds(faults('orange')),
    )
    .withPanel(
      lines(
        'Availability',
        'One region alone below the others: look at its network before the targets.',
        promql(availability(' by (probe)'), '{{probe}}'),
      )
        .unit('percentunit')
        .max(1)
        .thresholds(levels()),
    )
    .withPanel(
      lines('Duration, p95', 'Of whole probes.', promql(quantile(0.95, 'probe'), '{{probe}}'))
        .unit('s')
        .min(0)
        .thresholds(latencies()),
    )
    .withPanel(
      lines(
        'Waiting batches',
        "Jobs in each region's queue: more than a few that stay mean too few workers.",
        promql(`max by (queue) (sonde_queue_depth{${ofQueue}})`, '{{queue}}'),
      )
        .min(0)
        .thresholds(thresholds('green', [10, 'orange'], [100, 'red'])),
    )
    .withPanel(
      lines(
        'Oldest waiting batch',
        'A batch is handed over 5 s before its slots.',
        promql(`max by (queue) (sonde_queue_oldest_age_seconds{${ofQueue}})`, '{{queue}}'),
      )
        .unit('s')
        .min(0)
        .thresholds(thresholds('green', [10, 'orange'], [60, 'red'])),
    )
    .build()
}

const workers = 'max by (probe) (sonde_workers{probe=~"$probe"})'
const ofQueue = 'queue=~"probes\\\\.$probe"'
const ofRegions = `from regions g where g.retired_at is null and ${chosenRegion}`
const alive = "w.seen_at > now() - interval '15 seconds'"

const worstClock = `select max(abs(w.clock_offset_ms)) as offset
from workers w join regions g on g.id = w.region_id
where ${alive} and ${chosenRegion}`

function byRegion() {
  const query = `select g.name as "Region", g.provider as "Provider", w.live as "Workers", w.running as "Running", w.waiting as "Waiting",
  w.admitted as "Limit", ${percent('n.up / nullif(n.up + n.down, 0)')} as "Availability", n.down as "Down", n.missed as "Missed"
from regions g
left join lateral (
  select count(*) as live, sum(w.running) as running, sum(w.waiting) as waiting, sum(w.admitted) as admitted
  from workers w where w.region_id = g.id and ${alive}
) w on true
left join (
  select n.region_id, sum(n.up) as up, sum(n.down) as down, sum(n.missed) as missed
  from counts_between(${shown}) n join check_facts c on c.id = n.check_id
  where ${chosenCheck}
  group by n.region_id
) n on n.region_id = g.id
where g.retired_at is null and ${chosenRegion}
order by g.name`
  const panel = table('Regions', 'Workers are as of now, results of the time shown.', sql(query)).span(12).height(12)
  return coloured(panel, thresholds('red', [1, 'green']), 'Workers').dataLinks(toRegion('window'))
}

function byWorker() {
  const query = `select g.name as "Region", w.id as "Worker", w.version as "Version", w.started_at as "Started", w.seen_at as "Heard of",
  w.running::text as "Running", w.waiting::text as "Waiting", w.admitted::text as "Limit", w.clock_offset_ms as "Clock",
  array_to_string(w.capabilities, ', ') as "Can"
from workers w join regions g on g.id = w.region_id
where ${chosenRegion}
order by (${alive}) desc, g.name, w.id
limit 500`
  const panel = table('Workers', 'Those of the last day; who lives says so every five seconds.', sql(query))
  return panel.unit('ms')
}
