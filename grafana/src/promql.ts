/** The check series that the variables choose. */
export const selected = 'job=~"$job", instance=~"$instance", probe=~"$probe", $label=~"$value"'
/** The processes that the variables of "Sonde itself" choose. */
export const processes = 'job=~"$role_job", instance=~"$role_instance"'

/**
 * How much counters of checks grew, summed up: over `$window` unless told otherwise. Not `rate` over `$__rate_interval`: that is made
 * from the scrape interval, and most checks are slower than that.
 */
export function grown(metric: string, by = '', window = '$window', more = ''): string {
  return `sum${by} (increase(${metric}{${more}${selected}}[${window}]))`
}

/** The part of the probes that found their target up; nothing where none ran. */
export function availability(by = '', window = '$window', more = ''): string {
  const [up, all] = ['probe_all_success_sum', 'probe_all_success_count'].map((name) => grown(name, by, window, more))
  return `${up} / (${all} > 0)`
}

/** A quantile of whole probes, from the histogram of their durations. */
export function quantile(q: number, by = '', more = ''): string {
  const labels = by === '' ? 'le' : `le, ${by}`
  return `histogram_quantile(${q}, ${grown('probe_all_duration_seconds_bucket', ` by (${labels})`, '$window', more)})`
}

/** How many times faster than the objective allows its error budget is spent. */
export function burnRate(window: string, by = ''): string {
  return `(1 - ${availability(by, window)}) / (1 - $objective / 100)`
}

/** A quantile of a histogram that processes of Sonde keep. */
export function processQuantile(q: number, metric: string, by = ''): string {
  const labels = by === '' ? 'le' : `le, ${by}`
  return `histogram_quantile(${q}, sum by (${labels}) (rate(${metric}_bucket{${processes}}[$__rate_interval])))`
}

/** The rate of a counter that processes of Sonde keep. */
export function processRate(metric: string, by: string): string {
  return `sum by (${by}) (rate(${metric}{${processes}}[$__rate_interval]))`
}
