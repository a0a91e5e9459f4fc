import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Check, type CheckInput, durationMs } from '@sonde/core'
import { checkSeriesText } from '@sonde/metrics'
import { egressPolicy, probe } from '@sonde/probes'
import {
  Authority,
  hasBlackboxExporter,
  startBlackboxExporter,
  startDnsServer,
  startHttpServer,
  startTcpServer,
  startTlsServer,
} from '@sonde/testkit/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// The same targets, once through our probes and our exposition, once through Debian's blackbox_exporter.

const closers = new AsyncDisposableStack()
let ask: (module: string, target: string) => Promise<string>
let authority: Authority
let http: Awaited<ReturnType<typeof startHttpServer>>
let https: Awaited<ReturnType<typeof startHttpServer>>
let tls: Awaited<ReturnType<typeof startTlsServer>>
let tcp: Awaited<ReturnType<typeof startTcpServer>>
let dns: Awaited<ReturnType<typeof startDnsServer>>

describe.skipIf(!hasBlackboxExporter())('beside blackbox_exporter', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonde-beside-'))
    closers.defer(() => rmSync(folder, { recursive: true }))
    authority = await Authority.create()
    const leaf = await authority.issue({})
    const respond: Parameters<typeof startHttpServer>[0] = ({ path }, response) => {
      if (path.startsWith('/redirect'))
        response.writeHead(302, { location: path === '/redirect2' ? '/redirect' : '/ok' }).end()
      else if (path === '/slow') setTimeout(() => response.end('slow'), 100)
      else
        response
          .writeHead(Number(/\d+/.exec(path)?.[0] ?? 200), { 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' })
          .end('hello')
    }
    http = closers.use(await startHttpServer(respond))
    https = closers.use(await startHttpServer(respond, { tls: leaf }))
    tls = closers.use(await startTlsServer({ ...leaf }))
    tcp = closers.use(await startTcpServer((socket) => socket.on('error', () => {})))
    dns = closers.use(
      await startDnsServer(({ name }) =>
        name === 'www.example.org'
          ? {
              answers: [
                { name, type: 'A', ttl: 60, data: '192.0.2.1' },
                { name, type: 'A', ttl: 60, data: '192.0.2.2' },
              ],
            }
          : { rcode: 3 },
      ),
    )
    const trusted = { tls_config: { ca_file: join(folder, 'ca.pem') } }
    const four = { preferred_ip_protocol: 'ip4' }
    writeFileSync(join(folder, 'ca.pem'), authority.cert)
    const exporter = await startBlackboxExporter({
      http: { prober: 'http', timeout: '5s', http: { ...four, ...trusted } },
      tls: { prober: 'tcp', timeout: '5s', tcp: { ...four, tls: true, ...trusted } },
      tcp: { prober: 'tcp', timeout: '5s', tcp: four },
      dns: { prober: 'dns', timeout: '5s', dns: { ...four, query_name: 'www.example.org', query_type: 'A' } },
      nxdomain: { prober: 'dns', timeout: '5s', dns: { ...four, query_name: 'gone.example.org', query_type: 'A' } },
    })
    ask = closers.use(exporter).probe
  })
  afterAll(() => closers.disposeAsync())

  const cases: [
    name: string,
    module: string,
    input: () => Omit<CheckInput & { target: string }, 'key'>,
    asked?: () => string,
  ][] = [
    ['an answer of 200', 'http', () => ({ kind: 'http', target: `${http.url}/ok` })],
    ['an answer of 503', 'http', () => ({ kind: 'http', target: `${http.url}/503` })],
    ['an answer of 404 after two redirects', 'http', () => ({ kind: 'http', target: `${http.url}/redirect2` })],
    ['https', 'http', () => ({ kind: 'http', target: `${https.url}/ok`, http: { tls: { caPem: authority.cert } } })],
    ['a port that nobody listens on', 'http', () => ({ kind: 'http', target: 'http://127.0.0.1:9/' })],
    ['tls', 'tls', () => ({ kind: 'tls', target: `127.0.0.1:${tls.port}`, tls: { caPem: authority.cert } })],
    ['tcp', 'tcp', () => ({ kind: 'tcp', target: `127.0.0.1:${tcp.port}` })],
    [
      'a name',
      'dns',
      () => ({ kind: 'dns', target: 'www.example.org', dns: { servers: [`udp://127.0.0.1:${dns.port}`] } }),
      () => `127.0.0.1:${dns.port}`,
    ],
    [
      'a name that does not exist',
      'nxdomain',
      () => ({ kind: 'dns', target: 'gone.example.org', dns: { servers: [`udp://127.0.0.1:${dns.port}`] } }),
      () => `127.0.0.1:${dns.port}`,
    ],
  ]

  test.each(cases)('%s is told alike', async (_, module, input, asked) => {
    const own = input()
    const ours = await seriesOf(own)
    const theirs = values(await ask(module, asked?.() ?? own.target))
    for (const name of compared) {
      expect([name, ours.get(name)]).toEqual([name, theirs.get(name)])
    }
    expect(chainOf(ours)).toEqual(chainOf(theirs))
  })

  test('the time a slow answer takes is told alike, within 5 ms and 5 %', async () => {
    const phase = 'probe_http_duration_seconds{phase="processing"}'
    // A busy machine holds up either of the two now and then: what counts is what they can.
    for (let tries = 0; ; tries++) {
      const ours = (await seriesOf({ kind: 'http', target: `${http.url}/slow` })).get(phase) ?? 0
      const theirs = values(await ask('http', `${http.url}/slow`)).get(phase) ?? 0
      if (Math.abs(ours - theirs) <= 0.005 + 0.05 * theirs && theirs >= 0.1) return
      expect(tries, `${ours} s here, ${theirs} s there`).toBeLessThan(20)
    }
  })
})

const compared = [
  'probe_success',
  'probe_ip_protocol',
  'probe_ip_addr_hash',
  'probe_http_status_code',
  'probe_http_redirects',
  'probe_http_version',
  'probe_http_ssl',
  'probe_http_content_length',
  'probe_http_uncompressed_body_length',
  'probe_http_last_modified_timestamp_seconds',
  'probe_ssl_earliest_cert_expiry',
  'probe_ssl_last_chain_expiry_timestamp_seconds',
  'probe_dns_answer_rrs',
  'probe_dns_authority_rrs',
  'probe_dns_additional_rrs',
  'probe_dns_query_succeeded',
]

async function seriesOf(input: object): Promise<Map<string, number>> {
  const check = Check.parse({ key: 'beside', timeout: '5s', ...input })
  const egress = egressPolicy({ deny: [], allow: [] })
  const result = await probe(check, { region: 'local', slot: new Date(), egress })
  const { key, kind, target, labels } = check
  const text = checkSeriesText([
    {
      check: {
        key,
        kind,
        target,
        labels,
        intervalMs: durationMs(check.interval),
        timeoutMs: durationMs(check.timeout),
      },
      region: 'local',
      result,
      verdict: 'up',
      totals: {},
      histogram: { count: 0, sumSeconds: 0, buckets: [] },
    },
  ])
  return values(
    text
      .replace(/(\{|,)(instance|job|kind|probe)="[^"]*"(?=[,}])/g, '$1')
      .replace(/\{,+/g, '{')
      .replace(/,+\}/g, '}')
      .replaceAll('{}', ''),
  )
}

/** The samples of an exposition, by name and labels. */
function values(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/^(\w+(?:\{.*\})?) (\S+)$/gm)].map(([, series = '', value]) => [series, Number(value)]),
  )
}

/** What the chain's info and the TLS version say, as labels. */
function chainOf(series: Map<string, number>): string[] {
  // The serial number came with a later version than Debian's.
  const facts = /(?<=[{,])(fingerprint_sha256|subject|issuer|subjectalternative|version)="[^"]*"/g
  return [...series.keys()]
    .filter((name) => /^probe_(ssl_last_chain_info|tls_version_info)/.test(name))
    .map((name) =>
      [...name.matchAll(facts)]
        .map(([fact]) => fact)
        .sort()
        .join(' '),
    )
    .sort()
}
