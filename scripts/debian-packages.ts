import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

/** Programs of Debian that some tests run, and which tests those are; `file` where the package is more than a program. */
const needed: Needed[] = [
  { program: 'redis-server', package: 'redis-server', tests: 'the queue and the end-to-end runs on Redis' },
  { program: 'promtool', package: 'prometheus', tests: 'our rules, configuration and queries on a real Prometheus' },
  {
    program: 'prometheus-alertmanager',
    package: 'prometheus-alertmanager',
    tests: 'alerts in a real Alertmanager',
  },
  { program: 'tracepath', package: 'iputils-tracepath', tests: 'the way to a target, traced' },
  {
    program: 'prometheus-blackbox-exporter',
    package: 'prometheus-blackbox-exporter',
    tests: 'our metrics beside those of the real blackbox_exporter',
  },
  { program: 'psql', package: 'postgresql-client', tests: "how Grafana's database user is made" },
  { program: 'docker-compose', package: 'docker-compose', tests: 'what docker compose makes of our file' },
  { program: 'ping', package: 'iputils-ping', tests: 'probes of the kind icmp' },
  { program: 'knotd', package: 'knot', tests: 'DNSSEC on zones of a real name server' },
  { program: 'kzonesign', package: 'knot-dnssecutils', tests: 'the same, which it signs' },
  { program: 'unbound', package: 'unbound', tests: 'the same, beside the verdicts of a real validator' },
  { program: 'openssl', package: 'openssl', tests: 'TLS with a server that is not Node, and OCSP answers' },
  { program: 'faketime', package: 'faketime', tests: 'workers whose machine has the wrong time' },
  { program: 'nginx', package: 'nginx', tests: 'STARTTLS of a real mail server' },
  {
    program: 'nginx',
    file: '/usr/lib/nginx/modules/ngx_mail_module.so',
    package: 'libnginx-mod-mail',
    tests: 'the same, of which nginx is one with this module',
  },
  { program: 'vsftpd', package: 'vsftpd', tests: 'STARTTLS of a real FTP server' },
  { program: 'slapd', package: 'slapd', tests: 'STARTTLS of a real LDAP server' },
  {
    program: 'mariadbd',
    file: '/usr/sbin/mariadbd',
    package: 'mariadb-server-core',
    tests: 'STARTTLS of a real MySQL server',
  },
  { program: 'prosody', file: '/usr/bin/prosody', package: 'prosody', tests: 'STARTTLS of a real XMPP server' },
  {
    program: 'chromium',
    file: '/usr/bin/chromium',
    package: 'chromium',
    tests: '/docs in a browser',
    isOptional: true,
  },
]

/** What is optional is too large to be installed by the way, and may be left out. */
type Needed = { program: string; file?: string; package: string; tests: string; isOptional?: true }

/**
 * Installs what is missing where we may (as root on a machine with apt) and says in one line each which tests are left
 * out for want of a program.
 *
 * @returns how many programs are missing still that are not optional
 */
export function provideDebianPackages(): number {
  const missing = needed.filter(isMissing)
  if (missing.length === 0) return 0
  const wanted = missing.filter(({ isOptional }) => isOptional !== true)
  if (wanted.length > 0 && process.getuid?.() === 0 && runs('apt-get', ['--version'])) install(wanted)
  const left = missing.filter(isMissing)
  for (const one of left) {
    console.log(`Left out: ${one.tests} (no ${one.program} here; as root: apt-get install ${one.package})`)
  }
  return left.filter(({ isOptional }) => isOptional !== true).length
}

function install(missing: Needed[]): void {
  const packages = missing.map((one) => one.package)
  console.log(`Installing for the tests, once: ${packages.join(', ')} …`)
  const unblock = blockServices()
  try {
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
        encoding: 'utf8',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
      })
    apt('update')
    const { status, stdout, stderr } = apt('install', '-y', '--no-install-recommends', ...packages)
    if (status !== 0) console.log(`${stdout}${stderr}`.trimEnd())
  } finally {
    unblock()
  }
}

/** Keeps packages from starting their services, by the way Debian provides; returns what ends it. */
function blockServices(): () => void {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return () => {}
  const end = () => rmSync(policy, { force: true })
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  process.once('exit', end)
  return () => {
    end()
    process.off('exit', end)
  }
}

function isMissing({ program, file }: Needed): boolean {
  return file === undefined ? !runs(program, ['--version']) : !existsSync(file)
}

function runs(program: string, args: string[]): boolean {
  return spawnSync(program, args).error === undefined
}
