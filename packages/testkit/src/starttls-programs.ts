import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyPair } from './certificates.ts'
import { temporaryFolder } from './openssl.ts'
import { freePort, listens } from './port.ts'
import { startProgram } from './program.ts'

// By their files: asked for its version, slapd starts.
const programs = {
  vsftpd: '/usr/sbin/vsftpd',
  slapd: '/usr/sbin/slapd',
  prosody: '/usr/bin/prosody',
  mariadbd: '/usr/sbin/mariadbd',
}

export const hasVsftpd = existsSync(programs.vsftpd)
export const hasSlapd = existsSync(programs.slapd)
export const hasProsody = existsSync(programs.prosody)
export const hasMariadb = existsSync(programs.mariadbd)

type Program = AsyncDisposable & { port: number }
type Chain = KeyPair & { chain?: string[] }

/** Debian's vsftpd on loopback, with `AUTH TLS` by OpenSSL; nobody logs in. */
export function startVsftpd(pair: Chain): Promise<Program> {
  return start(programs.vsftpd, pair, async ({ folder, cert, key, port }) => {
    const empty = join(folder.path, 'empty')
    await mkdir(empty)
    const settings = {
      listen: 'YES',
      listen_address: '127.0.0.1',
      listen_port: port,
      background: 'NO',
      run_as_launching_user: 'YES',
      secure_chroot_dir: empty,
      seccomp_sandbox: 'NO',
      isolate: 'NO',
      isolate_network: 'NO',
      ssl_enable: 'YES',
      rsa_cert_file: cert,
      rsa_private_key_file: key,
    }
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
    return [await folder.write('vsftpd.conf', lines.join(''))]
  })
}

/** Debian's slapd on loopback, without any database, with StartTLS by GnuTLS. */
export function startSlapd(pair: Chain): Promise<Program> {
  return start(programs.slapd, pair, async ({ folder, cert, key, port }) => {
    const config = `TLSCertificateFile ${cert}\nTLSCertificateKeyFile ${key}\n`
    // A level of debugging keeps it in the foreground, even none.
    return ['-f', await folder.write('slapd.conf', config), '-h', `ldap://127.0.0.1:${port}`, '-d', '0']
  })
}

/** Debian's prosody on loopback for the domain `localhost`, with STARTTLS by OpenSSL. */
export function startProsody(pair: Chain): Promise<Program> {
  return start(programs.prosody, pair, async ({ folder, cert, key, port }) => {
    const config = `
run_as_root = true
daemonize = false
data_path = "${folder.path}"
pidfile = "${folder.path}/pid"
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
s2s_ports = {}
modules_enabled = { "tls" }
modules_disabled = { "s2s", "s2s_auth_certs" }
log = { warn = "*console" }
ssl = { certificate = "${cert}", key = "${key}" }
VirtualHost "localhost"
`
    return ['-F', '--config', await folder.write('prosody.cfg.lua', config)]
  })
}

/** Debian's MariaDB on loopback, without any database or user, with TLS by OpenSSL unless it is switched off. */
export function startMariadb(pair: Chain, { tls = true }: { tls?: boolean } = {}): Promise<Program> {
  return start(programs.mariadbd, pair, async ({ folder, cert, key, port }) => {
    const data = join(folder.path, 'data')
    await mkdir(data)
    const settings = {
      datadir: data,
      socket: join(folder.path, 'socket'),
      'pid-file': join(folder.path, 'pid'),
      'bind-address': '127.0.0.1',
      port,
      'default-storage-engine': 'Aria',
      ...(tls ? { 'ssl-cert': cert, 'ssl-key': key } : {}),
      // Root must ask for it.
      ...(process.getuid?.() === 0 ? { user: 'root' } : {}),
    }
    // Without InnoDB it is there in a second, and without tables of users it needs no installation.
    const flags = ['--no-defaults', '--skip-innodb', '--skip-grant-tables']
    return [...flags, ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)]
  })
}

type Given = { folder: Awaited<ReturnType<typeof temporaryFolder>>; cert: string; key: string; port: number }

async function start(
  program: string,
  { cert, key, chain = [] }: Chain,
  configure: (given: Given) => Promise<string[]>,
): Promise<Program> {
  const folder = await temporaryFolder()
  const port = await freePort()
  const files = {
    cert: await folder.write('cert.pem', [cert, ...chain].join('\n')),
    key: await folder.write('key.pem', key),
  }
  const running = await startProgram(program, await configure({ folder, ...files, port }), () => listens(port))
  const dispose = async (): Promise<void> => {
    await running[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  }
  return { port, [Symbol.asyncDispose]: dispose }
}
