import { type Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { frame } from './frame.ts'
import { faults, lines, stacked, stat, table, thresholds } from './panels.ts'
import { processes, processQuantile, processRate } from './promql.ts'
import { strayRows } from './sql.ts'
import { promql, sql } from './targets.ts'
import { processVariables } from './variables.ts'

const lags = () => thresholds('green', [1, 'orange'], [5, 'red'])

/** Whether Sonde does its work: on time, without loss, with room to spare. */
export function itself(): Dashboard {
  return frame({
    uid: 'sonde-itself',
    title: 'Sonde itself',
    description:
      'Whether Sonde does its work on time and without loss: schedule, queues, workers, ingest, database, notifications.',
    from: 'now-3h',
    checks: { hidden: true },
    variables: processVariables,
  })
    .withPanel(
      stat(
        'Processes down',
        'Targets of Prometheus that do not answer.',
        promql(`count(up{${processes}} == 0) or vector(0)`),
      ).thresholds(faults()),
    )
    .withPanel(
      stat(
        'Leading schedulers',
        'One leads; others stand by.',
        promql(`sum(sonde_schedule_leading{${processes}})`),
      ).thresholds(thresholds('red', [1, 'green'], [2, 'red'])),
    )
    .withPanel(
      stat(
        'Schedule, p99 lag',
        'From when a batch should be handed over.',
        promql(processQuantile(0.99, 'sonde_schedule_lag_seconds')),
      )
        .unit('s')
        .thresholds(lags()),
    )
    .withPanel(
      stat(
        'Start, p99 lag',
        'From its slot to the start of a probe.',
        promql(processQuantile(0.99, 'sonde_worker_start_lag_seconds')),
      )
        .unit('s')
        .thresholds(lags()),
    )
    .withPanel(
      stat(
        'Results stored',
        'A second.',
        promql(`sum(rate(sonde_ingest_results_total{outcome="stored", ${processes}}[$__rate_interval]))`),
      ).unit('ops'),
    )
    .withPanel(
      stat('Stray rows', 'In default partitions: nobody made the partition of their time.', sql(strayRows)).thresholds(
        faults(),
      ),
    )
    .withRow(new RowBuilder('Schedule and queues'))
    .withPanel(
      lines(
        'Slots',
        'By what became of them; due and queued go together.',
        promql(processRate('sonde_slots_total', 'outcome'), '{{outcome}}'),
      )
        .unit('ops')
        .min(0),
    )
    .withPanel(
      lines(
        'Schedule lag',
        'How late batches are handed over; two seconds still cost no slot.',
        promql(processQuantile(0.5, 'sonde_schedule_lag_seconds'), 'p50'),
        promql(processQuantile(0.99, 'sonde_schedule_lag_seconds'), 'p99'),
      )
        .unit('s')
        .min(0)
        .thresholds(lags()),
    )
    .withPanel(
      lines(
        'Queue depth',
        'Jobs that wait or are in hand.',
        promql(`max by (queue) (sonde_queue_depth{${processes}})`, '{{queue}}'),
      )
        .min(0)
        .thresholds(thresholds('green', [100, 'orange'], [1000, 'red'])),
    )
    .withPanel(
      lines(
        'Oldest job',
        'Of each queue: for probes.* look at the workers, for results at the ingesters and the database.',
        promql(`max by (queue) (sonde_queue_oldest_age_seconds{${processes}})`, '{{queue}}'),
      )
        .unit('s')
        .min(0)
        .thresholds(thresholds('green', [10, 'orange'], [60, 'red'])),
    )
    .withRow(new RowBuilder('Workers'))
    .withPanel(
      lines(
        'Probes',
        'That ended, by outcome.',
        promql(processRate('sonde_worker_probes_total', 'outcome'), '{{outcome}}'),
      )
        .unit('ops')
        .min(0),
    )
    .withPanel(
      lines(
        'Start lag',
        'From its slot to the start of a probe.',
        promql(processQuantile(0.5, 'sonde_worker_start_lag_seconds', 'instance'), '{{instance}} p50'),
        promql(processQuantile(0.99, 'sonde_worker_start_lag_seconds', 'instance'), '{{instance}} p99'),
      )
        .unit('s')
        .min(0)
        .thresholds(lags()),
    )
    .withPanel(
      lines(
        'Probes in hand',
        'Running and waiting to be let in, and how many are let in at once. Waiting above 0 for long: more workers.',
        promql(`sum by (instance) (sonde_worker_probes_running{${processes}})`, '{{instance}} running'),
        promql(`sum by (instance) (sonde_worker_probes_waiting{${processes}})`, '{{instance}} waiting'),
        promql(`sum by (instance) (sonde_worker_admitted_limit{${processes}})`, '{{instance}} limit'),
      ).min(0),
    )
    .withPanel(
      lines(
        'Results not taken',
        'What workers hold as the queue does not answer.',
        promql(`sum by (instance) (sonde_worker_results_pending{${processes}})`, '{{instance}}'),
      )
        .min(0)
        .thresholds(thresholds('green', [1000, 'orange'], [10_000, 'red'])),
    )
    .withPanel(
      lines(
        'Event loop while probing',
        'Ninth decile of the longest delay between two heartbeats: above 100 ms timings are not to be trusted.',
        promql(processQuantile(0.9, 'sonde_worker_event_loop_delay_seconds', 'instance'), '{{instance}}'),
      )
        .unit('s')
        .min(0)
        .thresholds(thresholds('green', [0.05, 'orange'], [0.1, 'red'])),
    )
    .withPanel(
      lines(
        'Clocks',
        "How far each is ahead of the queue server's.",
        promql(`max by (instance) (sonde_worker_clock_offset_seconds{${processes}})`, '{{instance}} worker'),
        promql(`max by (instance) (sonde_schedule_clock_offset_seconds{${processes}})`, '{{instance}} scheduler'),
      )
        .unit('s')
        .thresholds(thresholds('green', [1, 'red'])),
    )
    .withRow(new RowBuilder('Ingest and database'))
    .withPanel(
      stacked(
        'Results',
        'By what became of them.',
        promql(processRate('sonde_ingest_results_total', 'outcome'), '{{outcome}}'),
      ).unit('ops'),
    )
    .withPanel(
      lines(
        'Transactions',
        'How long a chunk of results takes.',
        promql(processQuantile(0.5, 'sonde_ingest_duration_seconds'), 'p50'),
        promql(processQuantile(0.99, 'sonde_ingest_duration_seconds'), 'p99'),
      )
        .unit('s')
        .min(0)
        .thresholds(lags()),
    )
    .withPanel(tables())
    .withRow(new RowBuilder('Notifications'))
    .withPanel(
      lines(
        'Attempts',
        'To deliver a notification, by what became of them.',
        promql(processRate('sonde_notifications_total', 'outcome'), '{{outcome}}'),
      )
        .unit('ops')
        .min(0),
    )
    .withPanel(
      lines(
        'Oldest notification',
        'How long it has waited to be delivered; a channel that fails is tried for a day.',
        promql(`max(sonde_outbox_oldest_age_seconds{${processes}})`, 'oldest'),
      )
        .unit('s')
        .min(0)
        .thresholds(thresholds('green', [60, 'orange'], [3600, 'red'])),
    )
    .withPanel(
      lines(
        'Given up',
        'Notifications of the last day that no attempt delivered and nobody sent again, by channel.',
        promql(`sum by (channel) (sonde_outbox_dead{${processes}}) or vector(0)`, '{{channel}}'),
      )
        .min(0)
        .thresholds(faults()),
    )
    .withRow(new RowBuilder('Processes'))
    .withPanel(
      lines('CPU', 'Cores in use.', promql(processRate('process_cpu_seconds_total', 'instance'), '{{instance}}'))
        .unit('percentunit')
        .min(0)
        .thresholds(thresholds('green', [0.8, 'orange'], [1, 'red'])),
    )
    .withPanel(
      lines(
        'Memory',
        'Resident.',
        promql(`max by (instance) (process_resident_memory_bytes{${processes}})`, '{{instance}}'),
      )
        .unit('bytes')
        .min(0),
    )
    .withPanel(
      lines(
        'Event loop',
        'Delay, p99.',
        promql(`max by (instance) (nodejs_eventloop_lag_p99_seconds{${processes}})`, '{{instance}}'),
      )
        .unit('s')
        .min(0)
        .thresholds(thresholds('green', [0.05, 'orange'], [0.25, 'red'])),
    )
    .withPanel(
      lines(
        'Garbage collection',
        'Part of the time that it takes.',
        promql(processRate('nodejs_gc_duration_seconds_sum', 'instance'), '{{instance}}'),
      )
        .unit('percentunit')
        .min(0)
        .thresholds(thresholds('green', [0.1, 'orange'])),
    )
    .build()
}

function tables() {
  const query = `select coalesce(p.relname, t.relname) as "Table", count(p.oid)::text as "Partitions",
  sum(greatest(t.reltuples, 0))::bigint::text as "Rows", sum(pg_relation_size(t.oid)) as "Data", sum(pg_indexes_size(t.oid)) as "Indexes",
  sum(pg_total_relation_size(t.oid)) as "All"
from pg_class t
join pg_namespace s on s.oid = t.relnamespace and s.nspname = 'public'
left join pg_inherits h on h.inhrelid = t.oid
left join pg_class p on p.oid = h.inhparent
where t.relkind = 'r'
group by 1
order by 6 desc
limit 25`
  const panel = table(
    'Database',
    "What tables take on disk, partitions with their table; rows are the planner's guess.",
    sql(query),
  )
  return panel.unit('bytes')
}
