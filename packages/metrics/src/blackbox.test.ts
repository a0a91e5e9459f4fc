import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ipHash } from './ip-hash.ts'
import { checkMetrics, type MetricDescription } from './names.ts'

const exporter = 'prometheus-blackbox-exporter'
const missing = [exporter, 'openssl'].filter((command) => !installed(command))
const reason = missing.length === 0 ? '' : ` (not installed: ${missing.join(', ')})`

describe.skipIf(missing.length > 0)(`beside the real blackbox_exporter${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sonde-blackbox-'))
  const closers: (() => void)[] = [() => rmSync(folder, { recursive: true })]
  let process: ChildProcess
  let probe: (module: string, target: string) => Promise<string>
  let httpPort: number
  let httpsPort: number

  beforeAll(async () => {
    const answer = { 'content-type': 'text/plain', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }
    httpPort = await listening(createHttpServer((_, response) => response.writeHead(200, answer).end('hello')))
    httpsPort = await listening(createHttpsServer(selfSigned(folder), (_, response) => response.end('hello')))
    writeFileSync(
      join(folder, 'blackbox.yml'),
      `modules:
  http: { prober: http, timeout: 2s, http: { tls_config: { insecure_skip_verify: true } } }
  icmp: { prober: icmp, timeout: 1s }
  dns: { prober: dns, timeout: 100ms, dns: { query_name: example.org, preferred_ip_protocol: ip4 } }
`,
    )
    const address = `127.0.0.1:${await freePort()}`
    process = spawn(exporter, [`--config.file=${join(folder, 'blackbox.yml')}`, `--web.listen-address=${address}`], {
      stdio: 'ignore',
    })
    probe = async (module, target) => {
      const query = new URLSearchParams({ module, target })
      return await (await fetch(`http://${address}/probe?${query.toString()}`)).text()
    }
    await answering(() => fetch(`http://${address}/-/healthy`))
  })

  afterAll(() => {
    process?.kill()
    for (const close of closers) close()
  })

  async function listening(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(() => server.close())
    return (server.address() as AddressInfo).port
  }

  test('names, types and help texts are the same', async () => {
    const theirs = Object.assign(
      {},
      ...(await Promise.all([
        probe('http', `http://127.0.0.1:${httpPort}/`),
        probe('http', `https://127.0.0.1:${httpsPort}/`),
        probe('dns', `127.0.0.1:${httpPort}`),
        probe('icmp', '127.0.0.1'),
      ]).then((texts) => texts.map(described))),
    ) as Record<string, MetricDescription>
    expect(Object.keys(theirs).length).toBeGreaterThan(20)
    expect(checkMetrics).toMatchObject(theirs)
  })

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.3'])('%s has the same hash', async (ip) => {
    const host = ip.includes(':') ? `[${ip}]` : ip
    const text = await probe('http', `http://${host}:${httpPort}/`)
    expect(Number(/^probe_ip_addr_hash (\S+)$/m.exec(text)?.[1])).toBe(ipHash(ip))
  })
})

/** The families of an exposition, as HELP and TYPE describe them. */
function described(text: string): Record<string, MetricDescription> {
  const families = [...text.matchAll(/^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm)]
  return Object.fromEntries(families.map(([, name, help, type]) => [name, { type, help }]))
}

function selfSigned(folder: string): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', [...request, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answering(ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await ask().catch(() => undefined)) return
    await sleep(50)
  }
  throw new Error(`${exporter} does not answer`)
}

function installed(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
