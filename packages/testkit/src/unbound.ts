import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyPair } from './certificates.ts'
import { askDns } from './dns-question.ts'
import { freePort } from './port.ts'
import { startProgram } from './program.ts'

export type Unbound = AsyncDisposable & {
  host: string
  port: number
  tlsPort: number
  httpsPort: number
  /** What unbound holds of an answer. */
  verdict: (name: string, type: string) => Promise<'secure' | 'insecure' | 'bogus' | 'silent'>
}

/** A validating resolver on loopback that asks the server at `authorityPort` for all these zones. */
export async function startUnbound(options: {
  zones: readonly string[]
  authorityPort: number
  anchors: readonly string[]
  /** With a certificate it answers over TLS and HTTPS too, at `/dns-query`. */
  tls?: KeyPair
}): Promise<Unbound> {
  const folder = mkdtempSync(join(tmpdir(), 'sonde-unbound-'))
  const port = await freePort()
  const tlsPort = await freePort()
  const httpsPort = await freePort()
  const config = join(folder, 'unbound.conf')
  writeFileSync(
    config,
    [
      'server:',
      `  interface: 127.0.0.1@${port}\n  directory: "${folder}"\n  pidfile: "${folder}/pid"`,
      '  chroot: ""\n  username: ""\n  use-syslog: no\n  do-daemonize: no\n  num-threads: 1',
      '  do-not-query-localhost: no\n  do-ip6: no\n  qname-minimisation: no\n  module-config: "validator iterator"',
      ...options.anchors.map((anchor) => `  trust-anchor: "${anchor}"`),
      ...(options.tls === undefined ? [] : secureLines(folder, options.tls, tlsPort, httpsPort)),
      'remote-control:\n  control-enable: no',
      ...options.zones.map((zone) => `stub-zone:\n  name: "${zone}."\n  stub-addr: 127.0.0.1@${options.authorityPort}`),
      '',
    ].join('\n'),
  )
  const ready = async (): Promise<boolean> => (await askDns(port, 'localhost', 'A', 200)) !== undefined
  const program = await startProgram('unbound', ['-d', '-c', config], ready)
  const dispose = async (): Promise<void> => {
    await program[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
  return {
    host: '127.0.0.1',
    port,
    tlsPort,
    httpsPort,
    async verdict(name, type) {
      const answer = await askDns(port, name, type)
      if (answer === undefined) return 'silent'
      if ('rcode' in answer && answer.rcode === 'SERVFAIL') return 'bogus'
      return answer.flag_ad ? 'secure' : 'insecure'
    },
    [Symbol.asyncDispose]: dispose,
  }
}

function secureLines(folder: string, { cert, key }: KeyPair, tlsPort: number, httpsPort: number): string[] {
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
  return [
    `  interface: 127.0.0.1@${tlsPort}\n  tls-port: ${tlsPort}\n  interface: 127.0.0.1@${httpsPort}\n  https-port: ${httpsPort}`,
    `  tls-service-pem: "${folder}/cert.pem"\n  tls-service-key: "${folder}/key.pem"`,
  ]
}
