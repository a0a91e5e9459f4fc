import { Authority, startDnsServer, startHttpServer, startTcpServer, startTlsServer } from '@sonde/testkit/targets'
import type { BesideCheck } from './beside-blackbox-series.ts'

/** What a check is made of, and what blackbox_exporter is asked about the same: a module, and a target where it calls that otherwise. */
export type BesideCase = {
  name: string
  module: string
  input: (targets: BesideTargets) => BesideCheck
  asked?: (targets: BesideTargets) => string
}

export type BesideTargets = Awaited<ReturnType<typeof startBesideTargets>>

const zone = {
  mname: 'ns.example.org',
  rname: 'admin.example.org',
  serial: 2_026_010_101,
  refresh: 1,
  retry: 2,
  expire: 3,
  minimum: 4,
}

const respond: Parameters<typeof startHttpServer>[0] = ({ path }, response) => {
  if (path === '/loop') response.writeHead(302, { location: '/loop' }).end()
  else if (path.startsWith('/redirect'))
    response.writeHead(302, { location: path === '/redirect2' ? '/redirect' : '/ok' }).end()
  else if (path === '/slow') setTimeout(() => response.end('slow'), 100)
  else if (path === '/drip')
    setTimeout(() => {
      response.writeHead(200).write('it begins')
      setTimeout(() => response.end(' and ends'), 150)
    }, 100)
  else if (path === '/endless') response.writeHead(200, { 'content-length': 100 }).write('it begins')
  else if (path !== '/never')
    response
      .writeHead(Number(/\d+/.exec(path)?.[0] ?? 200), { 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' })
      .end('hello')
}

/** Targets on loopback that are sound, and one for each way to fail. */
export async function startBesideTargets() {
  const closers = new AsyncDisposableStack()
  const authority = await Authority.create()
  // It ends before its authority does: blackbox_exporter reckons with the root as well, which no server sends.
  const leaf = await authority.issue({ notAfter: new Date(Date.now() + 30 * 86_400_000) })
  const expired = await authority.issue({ notAfter: new Date(Date.now() - 86_400_000), notBefore: new Date(0) })
  const ofAnother = await authority.issue({ names: ['another.example'] })
  const quiet = (socket: { on(name: 'error', listener: () => void): unknown }) => void socket.on('error', () => {})
  return {
    caPem: authority.cert,
    http: closers.use(await startHttpServer(respond)),
    http6: closers.use(await startHttpServer(respond, { host: '::1' })),
    https: closers.use(await startHttpServer(respond, { tls: leaf })),
    http2: closers.use(await startHttpServer(respond, { tls: leaf, version: 'both' })),
    expiredHttps: closers.use(await startHttpServer(respond, { tls: expired })),
    anothersHttps: closers.use(await startHttpServer(respond, { tls: ofAnother })),
    expiredTls: closers.use(await startTlsServer({ ...expired })),
    anothersTls: closers.use(await startTlsServer({ ...ofAnother })),
    tls: closers.use(await startTlsServer({ ...leaf })),
    // Greets and closes; says nothing; closes at once.
    banner: closers.use(await startTcpServer((socket) => socket.on('error', () => {}).end('220 ready\r\n'))),
    tcp: closers.use(await startTcpServer(quiet)),
    closing: closers.use(await startTcpServer((socket) => socket.on('error', () => {}).end())),
    dns: closers.use(
      await startDnsServer(({ name, type }) => {
        if (name === 'silent.example.org') return undefined
        if (name === 'broken.example.org') return { rcode: 2 }
        if (name === 'refused.example.org') return { rcode: 5 }
        if (name !== 'www.example.org') return { rcode: 3 }
        if (type === 'SOA') return { answers: [{ name, type, ttl: 60, data: zone }] }
        const data = ['192.0.2.1', '192.0.2.2']
        return type === 'A' ? { answers: data.map((one) => ({ name, type, ttl: 60, data: one })) } : {}
      }),
    ),
    [Symbol.asyncDispose]: () => closers.disposeAsync(),
  }
}

/** blackbox_exporter's modules that the cases name. */
export function besideModules(caFile: string): Record<string, object> {
  const four = { preferred_ip_protocol: 'ip4' }
  const trusted = { tls_config: { ca_file: caFile } }
  const dns = (name: string, type = 'A') => ({ ...four, query_name: `${name}.example.org`, query_type: type })
  return {
    http: { prober: 'http', timeout: '5s', http: { ...four, ...trusted } },
    http_short: { prober: 'http', timeout: '1s', http: { ...four, ...trusted } },
    http_six: { prober: 'http', timeout: '5s', http: { preferred_ip_protocol: 'ip6' } },
    http_untrusting: { prober: 'http', timeout: '5s', http: four },
    http_hello: { prober: 'http', timeout: '5s', http: { ...four, fail_if_body_not_matches_regexp: ['hello'] } },
    http_bye: { prober: 'http', timeout: '5s', http: { ...four, fail_if_body_not_matches_regexp: ['bye'] } },
    tls: { prober: 'tcp', timeout: '5s', tcp: { ...four, tls: true, ...trusted } },
    tls_short: { prober: 'tcp', timeout: '1s', tcp: { ...four, tls: true, ...trusted } },
    tls_untrusting: { prober: 'tcp', timeout: '5s', tcp: { ...four, tls: true } },
    tcp: { prober: 'tcp', timeout: '5s', tcp: four },
    greeting: { prober: 'tcp', timeout: '5s', tcp: { ...four, query_response: [{ expect: '^220 ' }] } },
    another: { prober: 'tcp', timeout: '5s', tcp: { ...four, query_response: [{ expect: '^PONG' }] } },
    another_short: { prober: 'tcp', timeout: '1s', tcp: { ...four, query_response: [{ expect: '^PONG' }] } },
    icmp: { prober: 'icmp', timeout: '5s', icmp: four },
    icmp_short: { prober: 'icmp', timeout: '1s', icmp: four },
    icmp_six: { prober: 'icmp', timeout: '1s', icmp: { preferred_ip_protocol: 'ip6' } },
    soa: { prober: 'dns', timeout: '5s', dns: dns('www', 'SOA') },
    dns: { prober: 'dns', timeout: '5s', dns: dns('www') },
    nxdomain: { prober: 'dns', timeout: '5s', dns: dns('gone') },
    servfail: { prober: 'dns', timeout: '5s', dns: dns('broken') },
    dns_refused: { prober: 'dns', timeout: '5s', dns: dns('refused') },
    dns_silent: { prober: 'dns', timeout: '1s', dns: dns('silent') },
    // Without records the probe is up to it unless it is told otherwise.
    nodata: {
      prober: 'dns',
      timeout: '5s',
      dns: { ...dns('www', 'AAAA'), validate_answer_rrs: { fail_if_none_matches_regexp: ['.+'] } },
    },
  }
}

const local = (port: number) => `127.0.0.1:${port}`

function ofHttp(
  name: string,
  module: string,
  target: (targets: BesideTargets) => string,
  more: object = {},
): BesideCase {
  return { name, module, input: (targets) => ({ kind: 'http', target: target(targets), ...more }) }
}

function ofHttps(name: string, target: (targets: BesideTargets) => string): BesideCase {
  const input: BesideCase['input'] = (targets) => ({
    kind: 'http',
    target: target(targets),
    http: { tls: { caPem: targets.caPem } },
  })
  return { name, module: 'http', input }
}

function ofTls(name: string, module: string, port: (targets: BesideTargets) => number, more: object = {}): BesideCase {
  const input: BesideCase['input'] = (targets) => ({
    kind: 'tls',
    target: local(port(targets)),
    tls: { caPem: targets.caPem },
    ...more,
  })
  return { name, module, input }
}

function ofTcp(name: string, module: string, port: (targets: BesideTargets) => number, more: object = {}): BesideCase {
  return { name, module, input: (targets) => ({ kind: 'tcp', target: local(port(targets)), ...more }) }
}

function ofDns(
  name: string,
  module: string,
  asked: string,
  more: { recordType?: string; timeout?: string } = {},
): BesideCase {
  const { timeout = '5s', recordType = 'A' } = more
  return {
    name,
    module,
    input: ({ dns }) => ({
      kind: 'dns',
      target: `${asked}.example.org`,
      timeout,
      dns: { recordType, servers: [`udp://${local(dns.port)}`] },
    }),
    asked: ({ dns }) => local(dns.port),
  }
}

const bodyMatches = (value: string) => ({ assertions: [{ source: 'body', op: 'matches', value }] })

/** Each kind, sound and with each way to fail. */
export const besideCases: BesideCase[] = [
  ofHttp('an answer of 200', 'http', ({ http }) => `${http.url}/ok`),
  ofHttp('an answer of 503', 'http', ({ http }) => `${http.url}/503`),
  ofHttp('a redirect', 'http', ({ http }) => `${http.url}/redirect`),
  ofHttp('an answer of 404 after two redirects', 'http', ({ http }) => `${http.url}/redirect2`),
  ofHttp('an answer by IPv6', 'http_six', ({ http6 }) => `${http6.url}/ok`),
  ofHttp(
    'an answer with the text that it should have',
    'http_hello',
    ({ http }) => `${http.url}/ok`,
    bodyMatches('hello'),
  ),
  ofHttp(
    'an answer without the text that it should have',
    'http_bye',
    ({ http }) => `${http.url}/ok`,
    bodyMatches('bye'),
  ),
  ofHttp('a server that never answers', 'http_short', ({ http }) => `${http.url}/never`, { timeout: '1s' }),
  ofHttp('an answer that never ends', 'http_short', ({ http }) => `${http.url}/endless`, { timeout: '1s' }),
  ofHttp('redirects without end', 'http', ({ http }) => `${http.url}/loop`),
  ofHttp('a port that nobody listens on', 'http', () => 'http://127.0.0.1:9/'),
  ofHttp('what is not http', 'http', ({ banner }) => `http://${local(banner.port)}/`),
  ofHttp('a server that closes at once', 'http', ({ closing }) => `http://${local(closing.port)}/`),
  {
    name: 'a host whose name does not exist',
    module: 'http',
    input: ({ dns }) => ({ kind: 'http', target: 'http://gone.invalid/', http: { resolvers: [local(dns.port)] } }),
  },
  ofHttps('https', ({ https }) => `${https.url}/ok`),
  ofHttps('https of HTTP/2', ({ http2 }) => `${http2.url}/ok`),
  ofHttps('https with an expired certificate', ({ expiredHttps }) => `${expiredHttps.url}/ok`),
  ofHttps("https with another's certificate", ({ anothersHttps }) => `${anothersHttps.url}/ok`),
  ofHttps('https where there is no TLS', ({ banner }) => `https://${local(banner.port)}/`),
  ofHttp('https of an authority that nobody knows', 'http_untrusting', ({ https }) => `${https.url}/ok`),
  ofTls('tls', 'tls', ({ tls }) => tls.port),
  ofTls('tls with an expired certificate', 'tls', ({ expiredTls }) => expiredTls.port),
  ofTls("tls with another's certificate", 'tls', ({ anothersTls }) => anothersTls.port),
  ofTls('tls of an authority that nobody knows', 'tls_untrusting', ({ tls }) => tls.port, { tls: {} }),
  ofTls('tls where there is no TLS', 'tls', ({ banner }) => banner.port),
  ofTls('tls where nobody listens', 'tls', () => 9),
  ofTls('tls of a server that says nothing', 'tls_short', ({ tcp }) => tcp.port, { timeout: '1s' }),
  ofTcp('tcp', 'tcp', ({ tcp }) => tcp.port),
  {
    name: 'tcp with TLS',
    module: 'tls',
    input: ({ tls, caPem }) => ({ kind: 'tcp', target: local(tls.port), tcp: { tls: { caPem } } }),
  },
  ofTcp('tcp where nobody listens', 'tcp', () => 9),
  ofTcp('tcp with what is expected', 'greeting', ({ banner }) => banner.port, { tcp: { expect: '^220 ' } }),
  ofTcp('tcp without what is expected', 'another', ({ banner }) => banner.port, { tcp: { expect: '^PONG' } }),
  ofTcp('tcp of a server that says nothing', 'another_short', ({ tcp }) => tcp.port, {
    tcp: { expect: '^PONG' },
    timeout: '1s',
  }),
  {
    name: 'a host that answers pings',
    module: 'icmp',
    input: () => ({ kind: 'icmp', target: '127.0.0.1', icmp: { count: 1 } }),
  },
  {
    name: 'a host that there is no way to',
    module: 'icmp_six',
    input: () => ({ kind: 'icmp', target: '2001:db8::1', timeout: '1s', icmp: { count: 1 } }),
  },
  ofDns('the start of a zone', 'soa', 'www', { recordType: 'SOA' }),
  ofDns('a name', 'dns', 'www'),
  ofDns('a name that does not exist', 'nxdomain', 'gone'),
  ofDns('a name without such records', 'nodata', 'www', { recordType: 'AAAA' }),
  ofDns('a name server that fails', 'servfail', 'broken'),
  ofDns('a name server that refuses', 'dns_refused', 'refused'),
  ofDns('a name server that says nothing', 'dns_silent', 'silent', { timeout: '1s' }),
  {
    name: 'a name server that does not listen',
    module: 'dns',
    input: () => ({ kind: 'dns', target: 'www.example.org', dns: { servers: ['udp://127.0.0.1:9'] } }),
    asked: () => '127.0.0.1:9',
  },
]
