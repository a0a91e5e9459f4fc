import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { checkMetrics } from './names.ts'
import { dnsResult, icmpResult, missedResult, refusedResult, seriesOf, upResult } from './samples.fixture.ts'
import { checkSeriesText, writeCheckSeries } from './series.ts'

const soa = { name: 'example.org', type: 'SOA', ttl: 1, data: 'ns.example.org. admin.example.org. 2026010101 1 2 3 4' }
const soaResult = { ...dnsResult, dns: { ...dnsResult.dns, answers: [soa] } } as typeof dnsResult

/** The samples of the text without HELP and TYPE, and without the labels that all of them share. */
function samples(text: string): string[] {
  const shared = /instance="[^"]*",job="[^"]*",kind="[^"]*",probe="[^"]*",team="web",?/
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(shared, '').replace('{}', ''))
}

test('an http check that is up exposes the whole of its result', () => {
  expect(samples(checkSeriesText([seriesOf(upResult)])).join('\n')).toBe(
    `probe_dns_lookup_time_seconds 0.0032
probe_duration_seconds 0.0831
probe_failed_due_to_regex 0
probe_http_content_length 512
probe_http_duration_seconds{phase="resolve"} 0.0032
probe_http_duration_seconds{phase="connect"} 0.012
probe_http_duration_seconds{phase="tls"} 0.0253
probe_http_duration_seconds{phase="processing"} 0.0401
probe_http_duration_seconds{phase="transfer"} 0.0025
probe_http_last_modified_timestamp_seconds 1767225600
probe_http_redirects 1
probe_http_ssl 1
probe_http_status_code 200
probe_http_uncompressed_body_length 1024
probe_http_version 2
probe_ip_addr_hash 1936431214
probe_ip_protocol 4
probe_ssl_earliest_cert_expiry 1772323200
probe_ssl_last_chain_expiry_timestamp_seconds 1772323200
probe_ssl_last_chain_info{fingerprint_sha256="abcd",issuer="CN=Example CA,O=Example",serialnumber="aff",subject="CN=shop.example",subjectalternative="shop.example,www.shop.example"} 1
probe_success 1
probe_timeout_seconds 5
probe_tls_cipher_info{cipher="TLS_AES_256_GCM_SHA384"} 1
probe_tls_version_info{version="TLS 1.3"} 1
probe_all_duration_seconds_bucket{le="0.005"} 0
probe_all_duration_seconds_bucket{le="0.01"} 0
probe_all_duration_seconds_bucket{le="0.025"} 0
probe_all_duration_seconds_bucket{le="0.05"} 3
probe_all_duration_seconds_bucket{le="0.1"} 9
probe_all_duration_seconds_bucket{le="0.25"} 11
probe_all_duration_seconds_bucket{le="0.5"} 11
probe_all_duration_seconds_bucket{le="1"} 11
probe_all_duration_seconds_bucket{le="2.5"} 11
probe_all_duration_seconds_bucket{le="5"} 11
probe_all_duration_seconds_bucket{le="10"} 11
probe_all_duration_seconds_bucket{le="+Inf"} 12
probe_all_duration_seconds_sum 1.5
probe_all_duration_seconds_count 12
probe_all_success_sum 10
probe_all_success_count 12
sm_check_info{check_name="http",frequency="30000",geohash="",region="eu-west"} 1
sonde_check_up 1
sonde_last_result_timestamp_seconds 1767225630
sonde_probe_results_total{error="tcp_refused",outcome="down"} 2
sonde_probe_results_total{error="expired",outcome="missed"} 1
sonde_probe_results_total{error="",outcome="up"} 10`,
  )
})

test('every series carries the target, the check, its kind, the region and the labels of the check', () => {
  expect(checkSeriesText([seriesOf(upResult)])).toContain(
    'probe_success{instance="https://shop.example/health",job="shop-front",kind="http",probe="eu-west",team="web"} 1\n',
  )
})

test('each rule that is on says whether an incident is open', () => {
  const lines = samples(checkSeriesText([seriesOf(upResult, { incidents: { down: false, certExpiry: true } })]))
  expect(lines.filter((line) => line.startsWith('sonde_incident_open'))).toEqual([
    'sonde_incident_open{rule="down"} 0',
    'sonde_incident_open{rule="certExpiry"} 1',
  ])
})

test('with a fixed job each check is up as the target of a scrape, and without one it is not said', () => {
  const all = [seriesOf(refusedResult), seriesOf(upResult, { region: 'us-east' })]
  const lines = samples(checkSeriesText(all, { job: 'blackbox' })).filter((line) => line.startsWith('up'))
  expect(lines).toHaveLength(2)
  expect(checkSeriesText(all)).not.toMatch(/^(# \w+ )?up\b/m)
  expect(checkSeriesText([], { job: 'blackbox' })).toBe('')
})

test('a fixed job takes the place of the check key', () => {
  expect(checkSeriesText([seriesOf(upResult)], { job: 'blackbox' })).toContain(',job="blackbox",kind="http"')
})

test('a refused connection keeps zeros where a status would be, and shows no certificate', () => {
  const lines = samples(checkSeriesText([seriesOf(refusedResult, { verdict: 'down' })]))
  expect(lines).toContain('probe_success 0')
  expect(lines).toContain('probe_http_status_code 0')
  expect(lines).toContain('probe_http_version 0')
  expect(lines).toContain('probe_http_duration_seconds{phase="processing"} 0')
  expect(lines).toContain('sonde_check_up 0')
  expect(lines.filter((line) => /^probe_(ssl|tls)/.test(line))).toEqual([])
})

test('a name that did not resolve has the resolve phase alone', () => {
  const unresolved = {
    ...refusedResult,
    ip: null,
    ipFamily: null,
    error: { ...refusedResult.error, code: 'dns_nxdomain', phase: 'dns' },
  } as typeof refusedResult
  const lines = samples(checkSeriesText([seriesOf(unresolved)]))
  expect(lines.filter((line) => line.startsWith('probe_http_duration_seconds'))).toEqual([
    'probe_http_duration_seconds{phase="resolve"} 0.003',
  ])
  expect(lines).toContain('probe_ip_protocol 0')
  expect(lines).toContain('probe_ip_addr_hash 0')
})

test('a missed slot says nothing of the target, and still counts', () => {
  const names = samples(checkSeriesText([seriesOf(missedResult, { verdict: 'unknown' })])).map(
    (line) => /^\w+/.exec(line)?.[0],
  )
  expect([...new Set(names)]).toEqual([
    'probe_timeout_seconds',
    'probe_all_duration_seconds_bucket',
    'probe_all_duration_seconds_sum',
    'probe_all_duration_seconds_count',
    'probe_all_success_sum',
    'probe_all_success_count',
    'sm_check_info',
    'sonde_last_result_timestamp_seconds',
    'sonde_probe_results_total',
  ])
})

test('a dns check exposes its counts and the time of its question', () => {
  const lines = samples(checkSeriesText([seriesOf(dnsResult)])).filter((line) => line.startsWith('probe_dns'))
  expect(lines).toEqual([
    'probe_dns_additional_rrs 1',
    'probe_dns_answer_rrs 1',
    'probe_dns_authority_rrs 2',
    'probe_dns_duration_seconds{phase="resolve"} 0',
    'probe_dns_duration_seconds{phase="connect"} 0',
    'probe_dns_duration_seconds{phase="request"} 0.012',
    'probe_dns_lookup_time_seconds 0',
    'probe_dns_query_succeeded 1',
  ])
})

test('an icmp check exposes its phases and the hop limit of the reply', () => {
  const lines = samples(checkSeriesText([seriesOf(icmpResult)]))
  expect(lines.filter((line) => line.startsWith('probe_icmp'))).toEqual([
    'probe_icmp_duration_seconds{phase="resolve"} 0.0015',
    'probe_icmp_duration_seconds{phase="setup"} 0.004',
    'probe_icmp_duration_seconds{phase="rtt"} 0.0117',
    'probe_icmp_reply_hop_limit 56',
  ])
  const silent = samples(checkSeriesText([seriesOf({ ...icmpResult, outcome: 'down', icmp: null })]))
  expect(silent).toContain('probe_icmp_duration_seconds{phase="rtt"} 0')
  expect(silent.filter((line) => line.startsWith('probe_icmp_reply'))).toEqual([])
})

test('the serial of a zone is exposed when an SOA record was answered', () => {
  expect(samples(checkSeriesText([seriesOf(soaResult)]))).toContain('probe_dns_serial 2026010101')
})

test('an expired certificate keeps its series', () => {
  const expired = withChain(false, ['2025-12-31T00:00:00.000Z', '2030-01-01T00:00:00.000Z'])
  const lines = samples(checkSeriesText([seriesOf(expired)]))
  expect(lines).toContain('probe_ssl_earliest_cert_expiry 1767139200')
  expect(lines).toContain('probe_ssl_last_chain_expiry_timestamp_seconds 1767139200')
})

test('an expired certificate that a trusted chain did not need is left out of the expiry of the chain', () => {
  const crossSigned = withChain(true, ['2026-03-01T00:00:00.000Z', '2025-12-31T00:00:00.000Z'])
  const lines = samples(checkSeriesText([seriesOf(crossSigned)]))
  expect(lines).toContain('probe_ssl_earliest_cert_expiry 1767139200')
  expect(lines).toContain('probe_ssl_last_chain_expiry_timestamp_seconds 1772323200')
})

test('a pattern that did not hold sets probe_failed_due_to_regex', () => {
  const assertion = { source: 'body', op: 'matches', expected: 'ok', actual: null, ok: false }
  const lines = samples(checkSeriesText([seriesOf({ ...upResult, outcome: 'down', assertions: [assertion] })]))
  expect(lines).toContain('probe_failed_due_to_regex 1')
})

test('a tcp service that did not send what is expected failed by a pattern; a ping has none', () => {
  const error = { code: 'tcp_expect', phase: 'tcp', message: 'm', cause: 'c', remedy: 'r' } as const
  const text = checkSeriesText([seriesOf({ ...refusedResult, kind: 'tcp', error })])
  expect(samples(text)).toContain('probe_failed_due_to_regex 1')
  expect(checkSeriesText([seriesOf(icmpResult)])).not.toContain('probe_failed_due_to_regex')
})

test('quotes, backslashes and line ends that a certificate brings are escaped', () => {
  const result = withSubject('CN=a"b\\c\nd')
  expect(checkSeriesText([seriesOf(result)])).toContain('subject="CN=a\\"b\\\\c\\nd"')
})

test('a label value as long as a target likes is cut', () => {
  const line = checkSeriesText([seriesOf(withSubject('x'.repeat(100_000)))])
    .split('\n')
    .find((one) => one.startsWith('probe_ssl_last_chain_info{'))
  expect(line?.length).toBeLessThan(1600)
  expect(line).toContain('x…"')
})

test('the same series come in the same order, whatever order the checks come in', () => {
  const a = seriesOf(upResult)
  const b = seriesOf(upResult, { region: 'us-east' })
  const c = seriesOf(dnsResult)
  expect(checkSeriesText([c, b, a])).toBe(checkSeriesText([a, b, c]))
})

test('each family has its HELP and TYPE once, and a family without samples has neither', () => {
  const text = checkSeriesText([seriesOf(upResult), seriesOf(upResult, { region: 'us-east' })])
  expect(text.match(/# TYPE probe_success gauge/g)).toHaveLength(1)
  expect(text).not.toContain('probe_dns_serial')
})

test('no checks give no text', () => {
  expect(checkSeriesText([])).toBe('')
})

test('many checks come in chunks of bounded size', () => {
  const many = Array.from({ length: 2000 }, (_, index) => {
    const series = seriesOf(upResult)
    return { ...series, check: { ...series.check, key: `check-${index}` } }
  })
  const chunks = [...writeCheckSeries(many)]
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(80_000)
  expect(chunks.join('')).toContain('job="check-1999"')
})

const promtool = installed('promtool')

test.skipIf(!promtool)(
  `promtool finds the exposition sound${promtool ? '' : ' (promtool is not installed: apt-get install prometheus)'}`,
  () => {
    const every = [withSubject('CN=a"b\\c\nd'), refusedResult, missedResult, dnsResult, soaResult, icmpResult]
    const text = checkSeriesText(
      every.map((result, index) => seriesOf(result, { region: `region-${index}`, incidents: { down: index > 0 } })),
    )
    expect(Object.keys(checkMetrics).filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([])
    expect(runPromtool(text)).toBe('')
  },
)

test('every family of the table is described by a sentence', () => {
  for (const { help } of Object.values(checkMetrics)) expect(help).toMatch(/^[A-Z][^\n]+$/)
})

function withChain(authorized: boolean, notAfter: string[]): typeof upResult {
  const leaf = upResult.tls?.chain[0]
  const chain = notAfter.map((date) => ({ ...leaf, notAfter: date }))
  return { ...upResult, tls: { ...upResult.tls, authorized, chain } } as typeof upResult
}

function withSubject(subject: string): typeof upResult {
  return { ...upResult, tls: { ...upResult.tls, chain: [{ ...upResult.tls?.chain[0], subject }] } } as typeof upResult
}

function installed(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function runPromtool(input: string): string {
  try {
    return execFileSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    return stdout + stderr
  }
}
