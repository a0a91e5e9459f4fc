import { hasBlackboxExporter, selfSigned, startBlackboxExporter, startHttpServer } from '@sonde/testkit/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ipHash } from './ip-hash.ts'
import { checkMetrics, type MetricDescription } from './names.ts'

describe.skipIf(!hasBlackboxExporter())('beside the real blackbox_exporter', () => {
  const started = new AsyncDisposableStack()
  let probe: (module: string, target: string) => Promise<string>
  let http: Awaited<ReturnType<typeof startHttpServer>>
  let https: Awaited<ReturnType<typeof startHttpServer>>

  beforeAll(async () => {
    const answer = { 'content-type': 'text/plain', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }
    http = started.use(await startHttpServer((_, response) => response.writeHead(200, answer).end('hello')))
    https = started.use(await startHttpServer((_, response) => response.end('hello'), { tls: await selfSigned() }))
    const exporter = started.use(
      await startBlackboxExporter({
        http: { prober: 'http', timeout: '2s', http: { tls_config: { insecure_skip_verify: true } } },
        icmp: { prober: 'icmp', timeout: '1s' },
        dns: { prober: 'dns', timeout: '100ms', dns: { query_name: 'example.org', preferred_ip_protocol: 'ip4' } },
      }),
    )
    probe = exporter.probe
  })
  afterAll(() => started.disposeAsync())

  test('names, types and help texts are the same', async () => {
    const theirs = Object.assign(
      {},
      ...(await Promise.all([
        probe('http', `http://127.0.0.1:${http.port}/`),
        probe('http', `https://127.0.0.1:${https.port}/`),
        probe('dns', `127.0.0.1:${http.port}`),
        probe('icmp', '127.0.0.1'),
      ]).then((texts) => texts.map(described))),
    ) as Record<string, MetricDescription>
    expect(Object.keys(theirs).length).toBeGreaterThan(20)
    expect(checkMetrics).toMatchObject(theirs)
  })

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.3'])('%s has the same hash', async (ip) => {
    const host = ip.includes(':') ? `[${ip}]` : ip
    const text = await probe('http', `http://${host}:${http.port}/`)
    expect(Number(/^probe_ip_addr_hash (\S+)$/m.exec(text)?.[1])).toBe(ipHash(ip))
  })
})

/** The families of an exposition, as HELP and TYPE describe them. */
function described(text: string): Record<string, MetricDescription> {
  const families = [...text.matchAll(/^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm)]
  return Object.fromEntries(families.map(([, name, help, type]) => [name, { type, help }]))
}
