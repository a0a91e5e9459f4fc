import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type ServiceMetricName, serviceMetrics } from './names.ts'

export { Registry } from 'prom-client'

const lagBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

// prom-client samples the event loop's delay every 10 ms, which wakes a process that has nothing to do a hundred times a second: 3 to
// 7 ms of CPU a second in each. The delays that it reports are counted from the sample before, so this is also the least of them.
const eventLoopSampleMs = 100

// Gauges with the name of a counter, which promtool does not let pass. They are the sums of those without "_total", which stay.
const sums = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** A registry with Node's default metrics and nothing else: all that a role without metrics of its own needs. */
export function createRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopSampleMs })
  for (const name of sums) registry.removeSingleMetric(name)
  return registry
}

/** What the scheduler says of itself. */
export function schedulerMetrics(registry: Registry, read: { clockOffsetSeconds: () => number }) {
  reading(registry, 'sonde_schedule_clock_offset_seconds', read.clockOffsetSeconds)
  return {
    /** How long after its planned time a batch was put on the queue, in seconds. */
    scheduleLag: histogram(registry, 'sonde_schedule_lag_seconds', [], lagBuckets),
    leading: new Gauge({ ...described('sonde_schedule_leading'), registers: [registry] }),
    slots: counter(registry, 'sonde_slots_total', ['outcome']),
    shed: counter(registry, 'sonde_queue_shed_total', ['queue']),
  }
}

/** What the ingester says of itself. */
export function ingesterMetrics(registry: Registry) {
  return {
    /** By what became of a result: `stored`, or `duplicate` when its slot had one already. */
    results: counter(registry, 'sonde_ingest_results_total', ['outcome']),
    /** How long the transaction of one chunk took, in seconds. */
    duration: histogram(registry, 'sonde_ingest_duration_seconds', [], lagBuckets),
  }
}

/** What an ingester is asked for at each scrape. */
export function ingestReadings(registry: Registry, read: { stalled: () => number; strayRows: ReadGauge }): void {
  reading(registry, 'sonde_ingest_stalled', read.stalled)
  readGauge(registry, 'sonde_ingest_stray_rows', 'table', read.strayRows)
}

/** What a worker is asked for at each scrape. */
export type WorkerReadings = {
  limit: () => number
  waiting: () => number
  pending: () => number
  clockOffsetSeconds: () => number
}

/** What the notifier says of itself. */
export function notifierMetrics(
  registry: Registry,
  read: { oldestAgeSeconds: () => Promise<number>; dead: ReadGauge },
) {
  const gauge: Gauge = new Gauge({
    ...described('sonde_outbox_oldest_age_seconds'),
    registers: [],
    async collect() {
      this.reset()
      await read.oldestAgeSeconds().then(
        (seconds) => this.set(seconds),
        () => undefined,
      )
    },
  })
  registry.registerMetric(gauge)
  readGauge(registry, 'sonde_outbox_dead', 'channel', read.dead)
  return {
    /** By what became of an attempt: `sent`, `retried` or `dead`. */
    notifications: counter(registry, 'sonde_notifications_total', ['channel', 'outcome']),
    /** `sent`, `failed`, or `withheld` as nothing is judged. */
    deadman: counter(registry, 'sonde_deadman_pings_total', ['outcome']),
    /** From the answer of the probe of the deciding slot to the accepted notification, in seconds. */
    delay: histogram(registry, 'sonde_notification_delay_seconds', [], lagBuckets),
  }
}

/** What a worker says of itself. */
export function workerMetrics(registry: Registry, read: WorkerReadings) {
  reading(registry, 'sonde_worker_admitted_limit', read.limit)
  reading(registry, 'sonde_worker_probes_waiting', read.waiting)
  reading(registry, 'sonde_worker_results_pending', read.pending)
  reading(registry, 'sonde_worker_clock_offset_seconds', read.clockOffsetSeconds)
  return {
    running: new Gauge({ ...described('sonde_worker_probes_running'), registers: [registry] }),
    probes: counter(registry, 'sonde_worker_probes_total', ['outcome']),
    /** How long after its slot a probe started, in seconds. */
    startLag: histogram(registry, 'sonde_worker_start_lag_seconds', [], lagBuckets),
    /** The longest delay of the event loop while probes ran, from heartbeat to heartbeat, in seconds. */
    eventLoopDelay: histogram(registry, 'sonde_worker_event_loop_delay_seconds', [], lagBuckets),
  }
}

/** What is asked for at each scrape, by the value of its one label. */
export type ReadGauge = () => Promise<Record<string, number>>

/** What an API process says of all of Sonde: its queues and its workers. What cannot be read now is left out, not shown as it was. */
export function fleetMetrics(
  registry: Registry,
  read: { depths: ReadGauge; oldestAges: ReadGauge; workers: ReadGauge },
): void {
  readGauge(registry, 'sonde_queue_depth', 'queue', read.depths)
  readGauge(registry, 'sonde_queue_oldest_age_seconds', 'queue', read.oldestAges)
  readGauge(registry, 'sonde_workers', 'probe', read.workers)
}

function reading(registry: Registry, name: ServiceMetricName, read: () => number): void {
  const gauge: Gauge = new Gauge({
    ...described(name),
    registers: [],
    collect() {
      this.set(read())
    },
  })
  registry.registerMetric(gauge)
}

function readGauge(registry: Registry, name: ServiceMetricName, label: string, read: ReadGauge): void {
  const gauge: Gauge = new Gauge({
    ...described(name),
    labelNames: [label],
    registers: [],
    async collect() {
      this.reset()
      const values = await read().catch(() => ({}))
      for (const [value, number] of Object.entries(values)) this.set({ [label]: value }, number)
    },
  })
  registry.registerMetric(gauge)
}

export type SchedulerMetrics = ReturnType<typeof schedulerMetrics>
export type IngesterMetrics = ReturnType<typeof ingesterMetrics>
export type NotifierMetrics = ReturnType<typeof notifierMetrics>
export type WorkerMetrics = ReturnType<typeof workerMetrics>

function described(name: ServiceMetricName) {
  return { name, help: serviceMetrics[name].help }
}

function counter<Label extends string>(registry: Registry, name: ServiceMetricName, labelNames: Label[]) {
  return new Counter({ ...described(name), labelNames, registers: [registry] })
}

function histogram<Label extends string>(
  registry: Registry,
  name: ServiceMetricName,
  labelNames: Label[],
  buckets: number[],
) {
  return new Histogram({ ...described(name), labelNames, buckets, registers: [registry] })
}
