// The labels by which a series of a check is known, whatever labels of its own it carries.
const identity = 'job, instance, kind, probe'
const selected = 'job=~"$check", probe=~"$region", kind=~"$kind"'

/** The newest value for each check and region. */
function perRegion(metric: string): string {
  return `max by (${identity}) (${metric}{${selected}})`
}

/** The same as a label: a column of words in a table, where it needs neither unit nor mapping of its own. */
function asLabel(label: string, value: string): string {
  return `count_values by (${identity}) ("${label}", ${value})`
}

function upOrDown(label: string, metric: string): string {
  const digits = asLabel(label, perRegion(metric))
  return `label_replace(label_replace(${digits}, "${label}", "up", "${label}", "1"), "${label}", "down", "${label}", "0")`
}

function ratio(by: string, window: string): string {
  const total = (metric: string) => `sum${by} (increase(${metric}{${selected}}[${window}]))`
  return `${total('probe_all_success_sum')} / ${total('probe_all_success_count')}`
}

const failed = `sonde_probe_results_total{outcome="down", ${selected}}`
// A counter appears with its first failure, where increase() has nothing to compare with and says nothing.
const failedLately = `(${failed} - (${failed} offset $window or ${failed} * 0)) > 0`

/** The PromQL of the overview; variables are Grafana's. */
export const queries = {
  checks: `count(max by (job, instance, kind) (sonde_check_up{${selected}}))`,
  checksDown: `count(max by (job, instance, kind) (sonde_check_up{${selected}}) == 0) or vector(0)`,
  availability: ratio('', '$__range'),
  p95: `histogram_quantile(0.95, sum by (le) (rate(probe_all_duration_seconds_bucket{${selected}}[$window])))`,
  missed: `sum(increase(sonde_probe_results_total{outcome="missed", ${selected}}[$__range])) or vector(0)`,
  nextExpiry: `min(probe_ssl_earliest_cert_expiry{${selected}} - time())`,

  verdict: upOrDown('state', 'sonde_check_up'),
  lastProbe: upOrDown('last', 'probe_success'),
  lastDuration: perRegion('probe_duration_seconds'),
  lastStatus: asLabel('status', `${perRegion('probe_http_status_code')} > 0`),
  lastError: `topk by (${identity}) (1, max by (${identity}, error) (${failedLately})) and on (${identity}) probe_success == 0`,
  lastResultAge: `time() - ${perRegion('sonde_last_result_timestamp_seconds')}`,

  availabilityByCheck: ratio(' by (job)', '$window'),
  p95ByCheck: `histogram_quantile(0.95, sum by (job, le) (rate(probe_all_duration_seconds_bucket{${selected}}[$window])))`,
  phases: `avg by (phase) (probe_http_duration_seconds{${selected}})`,
  certificates: `bottomk(20, min by (job, instance, issuer, subject) (probe_ssl_last_chain_info{${selected}} * on (${identity}) group_left () max by (${identity}) (probe_ssl_earliest_cert_expiry - time())))`,
}
