export type MetricType = 'gauge' | 'counter' | 'histogram' | 'summary'
export type MetricDescription = { type: MetricType; help: string }

/**
 * The families that each check exposes, in the order of the exposition. Names, types and help texts of the first block are
 * blackbox_exporter's to the letter, those of the second are the synthetic monitoring agent's: rules, dashboards and people
 * that know them must find the same here.
 */
export const checkMetrics = {
  probe_dns_additional_rrs: gauge('Returns number of entries in the additional resource record list'),
  probe_dns_answer_rrs: gauge('Returns number of entries in the answer resource record list'),
  probe_dns_authority_rrs: gauge('Returns number of entries in the authority resource record list'),
  probe_dns_duration_seconds: gauge('Duration of DNS request by phase'),
  probe_dns_lookup_time_seconds: gauge('Returns the time taken for probe dns lookup in seconds'),
  probe_dns_query_succeeded: gauge('Displays whether or not the query was executed successfully'),
  probe_dns_serial: gauge('Returns the serial number of the zone'),
  probe_duration_seconds: gauge('Returns how long the probe took to complete in seconds'),
  probe_failed_due_to_regex: gauge('Indicates if probe failed due to regex'),
  probe_http_content_length: gauge('Length of http content response'),
  probe_http_duration_seconds: gauge('Duration of http request by phase, summed over all redirects'),
  probe_http_last_modified_timestamp_seconds: gauge('Returns the Last-Modified HTTP response header in unixtime'),
  probe_http_redirects: gauge('The number of redirects'),
  probe_http_ssl: gauge('Indicates if SSL was used for the final redirect'),
  probe_http_status_code: gauge('Response HTTP status code'),
  probe_http_uncompressed_body_length: gauge('Length of uncompressed response body'),
  probe_http_version: gauge('Returns the version of HTTP of the probe response'),
  probe_icmp_duration_seconds: gauge('Duration of icmp request by phase'),
  probe_icmp_reply_hop_limit: gauge('Replied packet hop limit (TTL for ipv4)'),
  probe_ip_addr_hash: gauge("Specifies the hash of IP address. It's useful to detect if the IP address changes."),
  probe_ip_protocol: gauge('Specifies whether probe ip protocol is IP4 or IP6'),
  probe_ssl_earliest_cert_expiry: gauge('Returns last SSL chain expiry in unixtime'),
  probe_ssl_last_chain_expiry_timestamp_seconds: gauge('Returns last SSL chain expiry in timestamp'),
  probe_ssl_last_chain_info: gauge('Contains SSL leaf certificate information'),
  probe_success: gauge('Displays whether or not the probe was a success'),
  probe_timeout_seconds: gauge('Returns how long the probe timeout is in seconds'),
  probe_tls_cipher_info: gauge('Returns the TLS cipher negotiated during handshake'),
  probe_tls_version_info: gauge('Returns the TLS version used or NaN when unknown'),

  probe_all_duration_seconds: histogram('Returns how long the probe took to complete in seconds (histogram)'),
  probe_all_success: summary('Displays whether or not the probe was a success (summary)'),
  sm_check_info: gauge('Provides information about a single check configuration'),

  sonde_check_up: gauge('Whether the check is up after thresholds and quorum; absent while unknown'),
  sonde_incident_open: gauge(
    'Whether an incident of the check is open, by rule: 1, and 0 for each other rule that is on',
  ),
  sonde_last_result_timestamp_seconds: gauge('Slot of the newest result, missed ones included'),
  sonde_probe_results_total: counter('Results since the check was made, by outcome and error code'),
} satisfies Record<string, MetricDescription>

export type CheckMetricName = keyof typeof checkMetrics

/** What the service says of itself; each role registers its own (`registry.ts`). */
export const serviceMetrics = {
  sonde_schedule_lag_seconds: histogram('How long after its planned time a batch was put on the queue'),
  sonde_schedule_leading: gauge('Whether this scheduler leads: 1 for one of them, 0 for those that stand by'),
  sonde_slots_total: counter('Slots that fell due, by what became of them'),
  sonde_queue_depth: gauge('Jobs that wait in a queue or are in hand'),
  sonde_queue_oldest_age_seconds: gauge('Age of the job that waits longest in a queue'),
  sonde_queue_shed_total: counter('Jobs that were dropped as nobody took them until their slots were over'),
  sonde_workers: gauge('Workers of a region that were heard of within 15 seconds'),
  sonde_ingest_results_total: counter('Results taken from the queue, by what became of them'),
  sonde_ingest_duration_seconds: histogram('How long the transaction of one chunk of results took'),
  sonde_ingest_stalled: gauge('Whether the database did not take the last results: 1 while they wait in the queue'),
  sonde_ingest_stray_rows: gauge(
    'Rows, up to 100,000, in the default partition of a table: nobody made that of their time',
  ),
  sonde_notifications_total: counter('Attempts to deliver a notification, by channel and what became of them'),
  sonde_notification_delay_seconds: histogram(
    'From the answer of the probe of the deciding slot to the moment a notification was accepted',
  ),
  sonde_outbox_oldest_age_seconds: gauge('How long the oldest notification that is not delivered has waited'),
  sonde_outbox_dead: gauge('Notifications that were given up within a day and not sent again since, by channel'),
  sonde_deadman_pings_total: counter("Pings of the dead man's switch, by whether it took them or they were withheld"),
  sonde_worker_probes_running: gauge('Probes that run now'),
  sonde_worker_probes_total: counter('Probes that ended, by outcome'),
  sonde_worker_start_lag_seconds: histogram('How long after its slot a probe started'),
  sonde_worker_event_loop_delay_seconds: histogram(
    'Longest delay of the event loop while probes ran, between two heartbeats of a worker',
  ),
  sonde_worker_probes_waiting: gauge('Probes that are due and wait to be let in'),
  sonde_worker_admitted_limit: gauge('Probes that may begin at once; fewer while the event loop is held up'),
  sonde_worker_results_pending: gauge('Results that the queue has not taken yet'),
  sonde_worker_clock_offset_seconds: gauge(
    "How far the worker's own clock is ahead of the queue server's, which probes follow",
  ),
  sonde_schedule_clock_offset_seconds: gauge(
    "How far the scheduler's own clock is ahead of the queue server's, which the schedule follows",
  ),
} satisfies Record<string, MetricDescription>

export type ServiceMetricName = keyof typeof serviceMetrics

function gauge(help: string): MetricDescription {
  return { type: 'gauge', help }
}

function counter(help: string): MetricDescription {
  return { type: 'counter', help }
}

function histogram(help: string): MetricDescription {
  return { type: 'histogram', help }
}

function summary(help: string): MetricDescription {
  return { type: 'summary', help }
}
