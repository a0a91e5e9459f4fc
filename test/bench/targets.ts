import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Authority } from '@sonde/testkit/targets'
import { answering, end, freePort, messageFrom } from './process.ts'

/** What both probers are pointed at: nginx for http, https, tls and tcp, knot for dns. All on 127.0.0.1. */
export type Targets = { httpPort: number; httpsPort: number; dnsPort: number; caPem: string } & AsyncDisposable

/** Starts nginx and knot with their files in `folder`. */
export async function startTargets(folder: string): Promise<Targets> {
  const [httpPort, httpsPort, dnsPort] = [await freePort(), await freePort(), await freePort()]
  const root = await Authority.create()
  const leaf = await root.issue()
  const nginx = await startNginx(join(folder, 'nginx'), leaf, httpPort, httpsPort)
  const knot = await startKnot(join(folder, 'knot'), dnsPort)
  return {
    httpPort,
    httpsPort,
    dnsPort,
    caPem: root.cert,
    [Symbol.asyncDispose]: async () => void (await Promise.all([end(nginx), end(knot)])),
  }
}

export async function startNginx(
  folder: string,
  { cert, key }: { cert: string; key: string },
  httpPort: number,
  httpsPort: number,
): Promise<ChildProcess> {
  mkdirSync(folder)
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
  const configuration = `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server {
    listen 127.0.0.1:${httpPort} backlog=4096;
    listen 127.0.0.1:${httpsPort} ssl backlog=4096;
    ssl_certificate ${folder}/cert.pem;
    ssl_certificate_key ${folder}/key.pem;
    location / { default_type text/plain; return 200 "ok\\n"; }
  }
}
`
  writeFileSync(join(folder, 'nginx.conf'), configuration)
  const child = spawn('nginx', ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')], {
    stdio: 'inherit',
  })
  await answering('nginx', () => connects(httpsPort))
  return child
}

async function startKnot(folder: string, port: number): Promise<ChildProcess> {
  mkdirSync(folder)
  const zone = `$ORIGIN bench.example.
@ 3600 SOA ns. hostmaster. 1 3600 900 604800 300
@ 3600 NS ns
ns 3600 A 127.0.0.1
www 300 A 192.0.2.1
`
  writeFileSync(join(folder, 'zone'), zone)
  const configuration = `
server:
    rundir: ${folder}
    listen: 127.0.0.1@${port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: ${folder}
log:
  - target: stderr
    any: error
zone:
  - domain: bench.example
    file: ${folder}/zone
`
  writeFileSync(join(folder, 'knot.conf'), configuration)
  const child = spawn('knotd', ['-c', join(folder, 'knot.conf')], { stdio: 'inherit' })
  await answering('knotd', () => connects(port))
  return child
}

async function connects(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } finally {
    socket.destroy()
  }
}

/** How long it took to answer: the answer went out somewhere between. */
export type Delay = { atLeastMs: number; atMostMs: number }
/** A server, in a process of its own, that answers after a delay and records how long it truly was. */
export type DelayServer = { port: number; recorded(): Promise<Record<string, Delay>> } & AsyncDisposable

/** One that is `awake` never sleeps, and has a core for it: for cases that leave it one. */
export async function startDelayServer({ awake = false } = {}): Promise<DelayServer> {
  const main = new URL('delay-server.ts', import.meta.url).pathname
  const child = awake
    ? spawn('taskset', ['-c', '1', process.execPath, main], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: { ...process.env, BENCH_AWAKE: '1' },
      })
    : fork(main)
  const port = (await messageFrom(child)) as number
  return {
    port,
    recorded: async () => {
      child.send('recorded')
      return (await messageFrom(child)) as Record<string, Delay>
    },
    [Symbol.asyncDispose]: () => end(child),
  }
}
