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
const zone = {
  mname: 'ns.example.org',
  rname: 'admin.example.org',
  serial: 2_026_010_101,
  refresh: 1,
  retry: 2,
  expire: 3,
  minimum: 4,
}
let http: Awaited<ReturnType<typeof startHttpServer>>
let https: Awaited<ReturnType<typeof startHttpServer>>
let tls: Awaited<ReturnType<typeof startTlsServer>>
let expiredHttps: Awaited<ReturnType<typeof startHttpServer>>
let expiredTls: Awaited<ReturnType<typeof startTlsServer>>
let banner: Awaited<ReturnType<typeof startTcpServer>>
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
    const expired = await authority.issue({ notAfter: new Date(Date.now() - 86_400_000), notBefore: new Date(0) })
    expiredHttps = closers.use(await startHttpServer(respond, { tls: expired }))
    expiredTls = closers.use(await startTlsServer({ ...expired }))
    banner = closers.use(await startTcpServer((socket) => socket.on('error', () => {}).end('220 ready\r\n')))
    tls = closers.use(await startTlsServer({ ...leaf }))
    tcp = closers.use(await startTcpServer((socket) => socket.on('error', () => {})))
    dns = closers.use(
      await startDnsServer(({ name, type }) => {
        if (name !== 'www.example.org') return { rcode: 3 }
        if (type === 'SOA') return { answers: [{ name, type, ttl: 60, data: zone }] }
        const data = ['192.0.2.1', '192.0.2.2']
        return type === 'A' ? { answers: data.map((one) => ({ name, type, ttl: 60, data: one })) } : {}
      }),
    )
    const trusted = { tls_config: { ca_file: join(folder, 'ca.pem') } }
    const four = { preferred_ip_protocol: 'ip4' }
    writeFileSync(join(folder, 'ca.pem'), authority.cert)
    const exporter = await startBlackboxExporter({
      http: { prober: 'http', timeout: '5s', http: { ...four, ...trusted } },
      tls: { prober: 'tcp', timeout: '5s', tcp: { ...four, tls: true, ...trusted } },
      tcp: { prober: 'tcp', timeout: '5s', tcp: four },
      greeting: { prober: 'tcp', timeout: '5s', tcp: { ...four, query_response: [{ expect: '^220 ' }] } },
      another: { prober: 'tcp', timeout: '5s', tcp: { ...four, query_response: [{ expect: '^PONG' }] } },
      soa: { prober: 'dns', timeout: '5s', dns: { ...four, query_name: 'www.example.org', query_type: 'SOA' } },
      icmp: { prober: 'icmp', timeout: '5s', icmp: four },
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
    ['a redirect', 'http', () => ({ kind: 'http', target: `${http.url}/redirect` })],
    ['an answer of 404 after two redirects', 'http', () => ({ kind: 'http', target: `${http.url}/redirect2` })],
    ['https', 'http', () => ({ kind: 'http', target: `${https.url}/ok`, http: { tls: { caPem: authority.cert } } })],
    ['a port that nobody listens on', 'http', () => ({ kind: 'http', target: 'http://127.0.0.1:9/' })],
    [
      'https with an expired certificate',
      'http',
      () => ({ kind: 'http', target: `${expiredHttps.url}/ok`, http: { tls: { caPem: authority.cert } } }),
    ],
    [
      'a host whose name does not exist',
      'http',
      () => ({ kind: 'http', target: 'http://gone.invalid/', http: { resolvers: [`127.0.0.1:${dns.port}`] } }),
    ],
    ['tls', 'tls', () => ({ kind: 'tls', target: `127.0.0.1:${tls.port}`, tls: { caPem: authority.cert } })],
    ['tcp', 'tcp', () => ({ kind: 'tcp', target: `127.0.0.1:${tcp.port}` })],
    [
      'tls with an expired certificate',
      'tls',
      () => ({ kind: 'tls', target: `127.0.0.1:${expiredTls.port}`, tls: { caPem: authority.cert } }),
    ],
    ['tls where nobody listens', 'tls', () => ({ kind: 'tls', target: '127.0.0.1:9' })],
    [
      'tcp with TLS',
      'tls',
      () => ({ kind: 'tcp', target: `127.0.0.1:${tls.port}`, tcp: { tls: { caPem: authority.cert } } }),
    ],
    ['tcp where nobody listens', 'tcp', () => ({ kind: 'tcp', target: '127.0.0.1:9' })],
    [
      'tcp with what is expected',
      'greeting',
      () => ({ kind: 'tcp', target: `127.0.0.1:${banner.port}`, tcp: { expect: '^220 ' } }),
    ],
    [
      'tcp without what is expected',
      'another',
      () => ({ kind: 'tcp', target: `127.0.0.1:${banner.port}`, tcp: { expect: '^PONG' } }),
    ],
    ['a host that answers pings', 'icmp', () => ({ kind: 'icmp', target: '127.0.0.1', icmp: { count: 1 } })],
    [
      'the start of a zone',
      'soa',
      () => ({
        kind: 'dns',
        target: 'www.example.org',
        dns: { recordType: 'SOA', servers: [`udp://127.0.0.1:${dns.port}`] },
      }),
      () => `127.0.0.1:${dns.port}`,
    ],
    [
      'a name server that does not listen',
      'dns',
      () => ({ kind: 'dns', target: 'www.example.org', dns: { servers: ['udp://127.0.0.1:9'] } }),
      () => '127.0.0.1:9',
    ],
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

  test.each(cases)('%s is told alike', async (name, module, input, asked) => {
    const own = input()
    const ours = await seriesOf(own)
    const theirs = values(await ask(module, asked?.() ?? own.target))
    const known = [...ours.keys()].filter((series) => !newer.test(series))
    expect(known.filter((series) => !kept.test(series) || theirs.has(series)).sort()).toEqual([...theirs.keys()].sort())
    for (const series of theirs.keys())
      if (!timed.test(series)) expect([series, ours.get(series)]).toEqual([series, theirs.get(series)])
    // Expiry must not vanish on the day of expiry: theirs has nothing of a chain that it did not trust.
    if (name.includes('expired')) expect([...ours.keys()].filter((series) => kept.test(series))).toHaveLength(4)
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

// Came with later versions than Debian's, as the serial number in the chain's info did.
const newer = /^probe_(timeout_seconds|tls_cipher_info)/
const kept = /^probe_(ssl_|tls_version_info)/
const timed = /^probe_(duration|dns_lookup_time|\w+_duration)_seconds/

/** The series that both have, by name and labels; ours that stand for several of a check's results are not among them. */
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
      .replace(/^(sonde_|sm_|probe_all_).*$/gm, '')
      .replace(/(\{|,)(instance|job|kind|probe|serialnumber)="[^"]*"(?=[,}])/g, '$1')
      .replace(/\{,+/g, '{')
      .replace(/,+(?=[,}])/g, '')
      .replaceAll('{}', ''),
  )
}

/** The samples of an exposition, by name and labels. */
function values(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/^(\w+(?:\{.*\})?) (\S+)$/gm)].map(([, series = '', value]) => [series, Number(value)]),
  )
}
