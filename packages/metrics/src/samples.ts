import { isIP } from 'node:net'
import { durationBounds, type Result } from '@sonde/core'
import type { CheckSeries } from './check-series.ts'
import { labelText } from './exposition.ts'
import { geohash } from './geohash.ts'
import { ipHash } from './ip-hash.ts'
import type { CheckMetricName } from './names.ts'

/** Adds one sample of the family at hand: its value, its own labels as `labelText` writes them, and the end of its name (`_bucket`, `_sum`, …). */
export type Emit = (value: number, labels?: string, suffix?: string) => void
type Sampler = (series: CheckSeries, emit: Emit) => void

// A timer may end a probe by so much before its time.
const timerMs = 1

/**
 * What each family says of one check in one region. A probe that never ran (`missed`) has no samples of its own; a failed one
 * has blackbox_exporter's zeros, which alerts such as `probe_http_status_code < 200` count on.
 */
export const samplers: Record<CheckMetricName, Sampler> = {
  probe_dns_additional_rrs: ofDns((result, emit) => emit(result.dns?.additionalCount ?? 0)),
  probe_dns_answer_rrs: ofDns((result, emit) => emit(result.dns?.answers.length ?? 0)),
  probe_dns_authority_rrs: ofDns((result, emit) => emit(result.dns?.authorityCount ?? 0)),
  probe_dns_duration_seconds: ofDns(({ phases }, emit) => {
    // The question itself is the result's `dns` phase; looking up a server that was given by name is not timed.
    emit(0, phase.resolve)
    emit(seconds((phases.connectMs ?? 0) + (phases.tlsMs ?? 0)), phase.connect)
    emit(seconds((phases.dnsMs ?? 0) + (phases.ttfbMs ?? 0) + (phases.transferMs ?? 0)), phase.request)
  }),
  probe_dns_lookup_time_seconds: ofProbe((result, emit) =>
    emit(result.kind === 'dns' ? 0 : seconds(result.phases.dnsMs)),
  ),
  probe_dns_query_succeeded: ofDns((result, emit) => emit(result.dns === null ? 0 : 1)),
  probe_dns_serial: ofDns((result, emit) => {
    const soa = result.dns?.answers.find((answer) => answer.type === 'SOA')
    const serial = Number(soa?.data.split(/\s+/)[2])
    if (Number.isInteger(serial)) emit(serial)
  }),
  probe_duration_seconds: ofProbe((result, emit) => emit(seconds(result.durationMs))),
  probe_failed_due_to_regex: ofProbe((result, emit, { check }) => {
    if (result.kind === 'dns' || result.kind === 'icmp') return
    // What a tcp check expects did not come: something else did, or the other side closed before. Where time ran out nothing was compared.
    const code = result.error?.code
    const hadTime = result.durationMs < check.timeoutMs - timerMs
    const isUnexpected = code === 'tcp_closed' || (code === 'tcp_expect' && hadTime)
    emit(isUnexpected || result.assertions.some(isFailedPattern) ? 1 : 0)
  }),
  probe_http_content_length: ofHttp(({ http }, emit) => {
    const length = Number(http?.headers['content-length'] ?? -1)
    emit(http === null ? 0 : Number.isInteger(length) ? length : -1)
  }),
  probe_http_duration_seconds: ofHttp(({ phases, error }, emit) => {
    emit(seconds(phases.dnsMs), phase.resolve)
    if (error?.phase === 'dns') return
    emit(seconds(phases.connectMs), phase.connect)
    emit(seconds(phases.tlsMs), phase.tls)
    emit(seconds(phases.ttfbMs), phase.processing)
    emit(seconds(phases.transferMs), phase.transfer)
  }),
  probe_http_last_modified_timestamp_seconds: ofHttp(({ http }, emit) => {
    const modified = Date.parse(http?.headers['last-modified'] ?? '')
    if (!Number.isNaN(modified)) emit(modified / 1000)
  }),
  probe_http_redirects: ofHttp(({ http }, emit) => emit(http?.redirects.length ?? 0)),
  probe_http_ssl: ofHttp(({ http }, emit) => emit(http?.finalUrl.startsWith('https:') ? 1 : 0)),
  probe_http_status_code: ofHttp(({ http }, emit) => emit(http?.status ?? 0)),
  probe_http_uncompressed_body_length: ofHttp(({ http }, emit) => emit(http?.bodyBytes ?? 0)),
  probe_http_version: ofHttp(({ http }, emit) => emit(Number(http?.version ?? 0))),
  probe_icmp_duration_seconds: ofIcmp(({ phases, icmp }, emit) => {
    emit(seconds(phases.dnsMs), phase.resolve)
    emit(seconds(phases.connectMs), phase.setup)
    emit(seconds(icmp?.rttAvgMs ?? null), phase.rtt)
  }),
  probe_icmp_reply_hop_limit: ofIcmp(({ icmp }, emit) => {
    if (icmp?.hopLimit !== undefined && icmp.hopLimit !== null) emit(icmp.hopLimit)
  }),
  probe_ip_addr_hash: ofProbe((result, emit) => emit(ipHash(result.ip))),
  probe_ip_protocol: ofProbe((result, emit) => emit(result.ipFamily ?? 0)),
  probe_ssl_earliest_cert_expiry: ofTls((tls, emit) => emit(earliest(tls.chain.map(expiry)))),
  probe_ssl_last_chain_expiry_timestamp_seconds: ofTls((tls, emit, result) => {
    // A chain that was trusted cannot have led over a certificate that had expired: the server only sent it along.
    const probedAt = Date.parse(result.startedAt ?? result.slot) / 1000
    const expiries = tls.chain.map(expiry)
    emit(earliest(tls.authorized ? expiries.filter((at) => at > probedAt) : expiries))
  }),
  probe_ssl_last_chain_info: ofTls((tls, emit) => {
    const leaf = tls.chain[0]
    if (leaf === undefined) return
    const labels = labelText([
      ['fingerprint_sha256', leaf.sha256.replaceAll(':', '').toLowerCase()],
      ['issuer', leaf.issuer],
      [
        'serialnumber',
        leaf.serial
          .replaceAll(':', '')
          .toLowerCase()
          .replace(/^0+(?=.)/, ''),
      ],
      ['subject', leaf.subject],
      ['subjectalternative', dnsNames(leaf.san).join(',')],
    ])
    emit(1, labels)
  }),
  probe_success: ofProbe((result, emit) => emit(result.outcome === 'up' ? 1 : 0)),
  probe_timeout_seconds: ({ check }, emit) => emit(seconds(check.timeoutMs)),
  probe_tls_cipher_info: ofTls((tls, emit) => emit(1, labelText([['cipher', tls.cipher]]))),
  probe_tls_version_info: ofTls((tls, emit) => emit(1, labelText([['version', versionName(tls.version)]]))),

  probe_all_duration_seconds: ({ histogram }, emit) => {
    let below = 0
    boundLabels.forEach((labels, index) => {
      below += histogram.buckets[index] ?? 0
      emit(below, labels, '_bucket')
    })
    emit(histogram.count, 'le="+Inf"', '_bucket')
    emit(histogram.sumSeconds, '', '_sum')
    emit(histogram.count, '', '_count')
  },
  probe_all_success: ({ totals }, emit) => {
    const ran = Object.entries(totals).filter(([key]) => outcomeOf(key) !== 'missed')
    emit(totals['up'] ?? 0, '', '_sum')
    emit(
      ran.reduce((sum, [, count]) => sum + count, 0),
      '',
      '_count',
    )
  },
  sm_check_info: ({ check, region, place }, emit) =>
    emit(
      1,
      labelText([
        ['check_name', check.kind],
        ['frequency', String(check.intervalMs)],
        ['geohash', place === undefined || place === null ? '' : geohash(place)],
        ['region', region],
      ]),
    ),

  sonde_check_up: ({ verdict }, emit) => {
    if (verdict !== 'unknown') emit(verdict === 'up' ? 1 : 0)
  },
  sonde_incident_open: ({ incidents = {} }, emit) => {
    for (const [rule, isOpen] of Object.entries(incidents)) emit(isOpen ? 1 : 0, ruleLabels(rule))
  },
  sonde_last_result_timestamp_seconds: ({ result }, emit) => {
    if (result !== null) emit(Date.parse(result.slot) / 1000)
  },
  sonde_probe_results_total: ({ totals }, emit) => {
    for (const key of Object.keys(totals).sort()) emit(totals[key] ?? 0, totalLabels(key))
  },
}

// Labels with few values are written once, and not for each of 10,000 checks.
const phase = {
  resolve: labelText([['phase', 'resolve']]),
  connect: labelText([['phase', 'connect']]),
  tls: labelText([['phase', 'tls']]),
  processing: labelText([['phase', 'processing']]),
  transfer: labelText([['phase', 'transfer']]),
  request: labelText([['phase', 'request']]),
  setup: labelText([['phase', 'setup']]),
  rtt: labelText([['phase', 'rtt']]),
}
const boundLabels = durationBounds.map((bound) => labelText([['le', String(bound)]]))
const ruleLabels = remembering((rule) => labelText([['rule', rule]]))
const totalLabels = remembering((key) => {
  const outcome = outcomeOf(key)
  return labelText([
    ['error', key.slice(outcome.length + 1)],
    ['outcome', outcome],
  ])
})

/** The same answers, each worked out once: for words of a closed list. */
function remembering(work: (word: string) => string): (word: string) => string {
  const known = new Map<string, string>()
  return (word) => {
    const before = known.get(word)
    if (before !== undefined) return before
    const answer = work(word)
    known.set(word, answer)
    return answer
  }
}

type TlsDocument = NonNullable<Result['tls']>

function ofProbe(sample: (result: Result, emit: Emit, series: CheckSeries) => void): Sampler {
  return (series, emit) => {
    const { result } = series
    if (result !== null && result.outcome !== 'missed') sample(result, emit, series)
  }
}

function ofHttp(sample: (result: Result, emit: Emit) => void): Sampler {
  return ofProbe((result, emit) => {
    if (result.kind === 'http') sample(result, emit)
  })
}

function ofDns(sample: (result: Result, emit: Emit) => void): Sampler {
  return ofProbe((result, emit) => {
    if (result.kind === 'dns') sample(result, emit)
  })
}

function ofIcmp(sample: (result: Result, emit: Emit) => void): Sampler {
  return ofProbe((result, emit) => {
    if (result.kind === 'icmp') sample(result, emit)
  })
}

function ofTls(sample: (tls: TlsDocument, emit: Emit, result: Result) => void): Sampler {
  return ofProbe((result, emit) => {
    if (result.tls !== null && result.tls.chain.length > 0) sample(result.tls, emit, result)
  })
}

function seconds(ms: number | null): number {
  // Through nanoseconds, so that 83.1 ms is written 0.0831 and not with the noise of a binary division.
  return Math.round((ms ?? 0) * 1e6) / 1e9
}

function expiry(certificate: { notAfter: string }): number {
  return Date.parse(certificate.notAfter) / 1000
}

function earliest(times: readonly number[]): number {
  return times.length === 0 ? Number.NaN : Math.min(...times)
}

/** "TLSv1.3" as blackbox_exporter writes it: "TLS 1.3", and "TLS 1.0" for the one that Node calls "TLSv1". */
function versionName(version: string): string {
  const [, number] = /^TLSv?\s*(\d(?:\.\d)?)$/.exec(version) ?? []
  return number === undefined ? version : `TLS ${number.includes('.') ? number : `${number}.0`}`
}

/** The DNS names among the alternative names: those are the ones that blackbox_exporter lists. Other kinds have a colon. */
function dnsNames(san: readonly string[]): string[] {
  return san.filter((name) => isIP(name) === 0 && !name.includes(':'))
}

function isFailedPattern({ source, op, ok }: { source: string; op: string; ok: boolean }): boolean {
  return !ok && /^(?:body|header)/.test(source) && (op === 'matches' || op === 'notMatches')
}

function outcomeOf(key: string): string {
  return key.split(':', 1)[0] ?? key
}
