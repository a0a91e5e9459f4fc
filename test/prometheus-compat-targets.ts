import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Authority,
  type DnsServer,
  startDnsServer,
  startHttpServer,
  startTcpServer,
  startTlsServer,
} from '@sonde/testkit/targets'

const dayMs = 86_400_000

/** A target with a fault, or without: as a check of Sonde, and as a module of blackbox_exporter and what that is asked with. */
export type Case = {
  name: string
  check: { kind: string; target: string; [block: string]: unknown }
  module: { prober: string; [block: string]: unknown }
  asked?: string
}

export type CompatTargets = { cases: Case[] } & AsyncDisposable

/** Targets on loopback for each fault that published rules speak of, and for each kind one without. */
export async function startCompatTargets(): Promise<CompatTargets> {
  const stack = new AsyncDisposableStack()
  const authority = await Authority.create()
  const folder = await mkdtemp(join(tmpdir(), 'sonde-compat-'))
  stack.defer(() => rm(folder, { recursive: true }))
  const ca: Trusted = { caPem: authority.cert, caFile: join(folder, 'ca.pem') }
  await writeFile(ca.caFile, ca.caPem)
  const web = stack.use(
    await startHttpServer(({ path }, response) => {
      if (path === '/slow') setTimeout(() => response.end('slow'), 1300)
      else response.writeHead(path === '/503' ? 503 : 200, { 'content-type': 'text/plain' }).end('hello')
    }),
  )
  const https = async (days: number) => {
    const notAfter = new Date(Date.now() + days * dayMs)
    const tls = await authority.issue({ notBefore: new Date(Date.now() - 400 * dayMs), notAfter })
    return stack.use(await startHttpServer(undefined, { tls }))
  }
  const tls = stack.use(await startTlsServer({ ...(await authority.issue({})) }))
  const tcp = stack.use(await startTcpServer((socket) => socket.on('error', () => {})))
  const dns = stack.use(
    await startDnsServer(({ name, type }) =>
      name === 'www.example.org' && type === 'A'
        ? { answers: [{ name, type, ttl: 60, data: '192.0.2.1' }] }
        : { rcode: 3 },
    ),
  )
  const cases = [
    ofUrl(ca, 'up', `${web.url}/`),
    ofUrl(ca, 'refused', 'http://127.0.0.1:9/'),
    ofUrl(ca, '503', `${web.url}/503`),
    ofUrl(ca, 'slow', `${web.url}/slow`),
    ofUrl(ca, 'https', `${(await https(90)).url}/`),
    ofUrl(ca, 'certificate of 19 days', `${(await https(19)).url}/`),
    ofUrl(ca, 'certificate of 2 days', `${(await https(2)).url}/`),
    ofUrl(ca, 'expired certificate', `${(await https(-1)).url}/`),
    ...ofOtherKinds(ca, tls.port, tcp.port),
    ofName('name', 'www.example.org', dns),
    ofName('name that does not exist', 'gone.example.org', dns),
  ]
  return { cases, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const four = { preferred_ip_protocol: 'ip4' }

type Trusted = { caPem: string; caFile: string }

function ofUrl({ caPem, caFile }: Trusted, name: string, target: string): Case {
  const check = { kind: 'http', target, http: target.startsWith('https') ? { tls: { caPem } } : {} }
  return { name, check, module: { prober: 'http', http: { ...four, tls_config: { ca_file: caFile } } } }
}

function ofOtherKinds({ caPem, caFile }: Trusted, tlsPort: number, tcpPort: number): Case[] {
  return [
    {
      name: 'tls',
      check: { kind: 'tls', target: `127.0.0.1:${tlsPort}`, tls: { caPem } },
      module: { prober: 'tcp', tcp: { ...four, tls: true, tls_config: { ca_file: caFile } } },
    },
    {
      name: 'tcp',
      check: { kind: 'tcp', target: `127.0.0.1:${tcpPort}` },
      module: { prober: 'tcp', tcp: four },
    },
    {
      name: 'ping',
      check: { kind: 'icmp', target: '127.0.0.1', icmp: { count: 1 } },
      module: { prober: 'icmp', icmp: four },
    },
  ]
}

function ofName(name: string, asked: string, { port }: DnsServer): Case {
  const check = { kind: 'dns', target: asked, dns: { servers: [`udp://127.0.0.1:${port}`] } }
  const module = { prober: 'dns', dns: { ...four, query_name: asked, query_type: 'A' } }
  return { name, check, module, asked: `127.0.0.1:${port}` }
}
