import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Result } from '@sonde/core'
import { Authority, startDnsServer, startHttpServer, startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeCommand } from './probe.ts'

const root = await Authority.create({ subject: 'CN=Test Root' })
const intermediate = await root.intermediate()
const leaf = await intermediate.issue({ notAfter: new Date(Date.now() + 20.5 * 86_400_000) })

type Terminal = { isTTY?: boolean; columns?: number }

async function run(args: string[], env: NodeJS.ProcessEnv = {}, terminal: Terminal = {}) {
  let written = ''
  const stdout = { write: (text: string) => void (written += text), ...terminal }
  const code = await probeCommand(args, { stdout, env })
  return { code, text: written }
}

async function withFile<T>(name: string, content: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sonde-'))
  try {
    writeFileSync(join(folder, name), content)
    return await use(join(folder, name))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('prints the result document and exits by what it says', async () => {
  await using server = await startHttpServer((request, response) => {
    response.writeHead(request.path === '/' ? 200 : 500).end()
  })
  const up = await run(['http', `${server.url}/`, '--json'])
  expect(up.code).toBe(0)
  expect(Result.parse(JSON.parse(up.text))).toMatchObject({ kind: 'http', region: 'local', outcome: 'up' })
  const down = await run(['http', `${server.url}/broken`, '--json'])
  expect(down.code).toBe(1)
  expect(JSON.parse(down.text)).toMatchObject({ outcome: 'down', error: { code: 'http_status' } })
})

test('takes every field of the kind as a flag', async () => {
  await using server = await startHttpServer((_, response) => void response.writeHead(302, { location: '/' }).end())
  const flags = ['--method', 'POST', '--header', 'X-A: b: c', '--header', 'x-d:e', '--body', 'hello', '--ip-family=4']
  const { code, text } = await run([
    'http',
    server.url,
    ...flags,
    '--no-follow-redirects',
    '--timeout',
    '40s',
    '--json',
  ])
  expect(code).toBe(0)
  expect(JSON.parse(text)).toMatchObject({ http: { status: 302 } })
  expect(server.requests).toMatchObject([{ method: 'POST', body: 'hello', headers: { 'x-a': 'b: c', 'x-d': 'e' } }])
})

test('reads an authority from a file, under tls of http as of its own kind', async () => {
  await using server = await startHttpServer(undefined, { tls: { ...leaf, chain: [intermediate.cert] } })
  await withFile('ca.pem', root.cert, async (path) => {
    expect(await run(['http', server.url, '--ca-file', path])).toMatchObject({ code: 0 })
    expect(await run(['tls', `127.0.0.1:${server.port}`, '--ca-file', path])).toMatchObject({ code: 0 })
  })
  expect(await run(['tls', `127.0.0.1:${server.port}`])).toMatchObject({ code: 1 })
  expect(await run(['tls', `127.0.0.1:${server.port}`, '--insecure-skip-verify'])).toMatchObject({ code: 0 })
})

test('a caFile that cannot be read is a wrong call', async () => {
  await using server = await startHttpServer(undefined, { tls: leaf })
  const http = `kind: http\ntarget: ${server.url}\nhttp: { tls: { caFile: /nowhere } }\n`
  const work = withFile('check.yaml', http, (path) => run(['--spec', path]))
  await expect(work).rejects.toThrow('http.tls.caFile: /nowhere cannot be read (ENOENT)')
})

test('probes a whole check document, in YAML and in JSON, with the environment filled in', async () => {
  await using server = await startHttpServer((_, response) => void response.writeHead(404).end())
  const yaml = 'key: shop\nkind: http\ntarget: ${TARGET}\nassertions:\n  - { source: status, op: eq, value: 404 }\n'
  const spec = await withFile('check.yaml', yaml, (path) => run(['--spec', path, '--json'], { TARGET: server.url }))
  expect(spec.code).toBe(0)
  expect(JSON.parse(spec.text)).toMatchObject({ checkKey: 'shop', assertions: [{ actual: 404, ok: true }] })
  const json = JSON.stringify({ kind: 'http', target: server.url })
  expect(await withFile('check.json', json, (path) => run(['--spec', path]))).toMatchObject({ code: 1 })
})

test.each([
  [[], 'kind: expected one of http, tls, dns'],
  [['gopher', 'a.example'], 'kind: expected one of http, tls, dns, tcp, icmp, found "gopher"'],
  [['http'], 'target: expected one'],
  [['http', 'a.example'], 'target: expected a URL such as https://example.org/health, found "a.example"'],
  [['tls', 'a.example'], 'target: expected host:port, found "a.example"'],
  [['http', 'http://a.example/', 'more'], 'target: expected one, found "more" besides'],
  [['http', 'http://a.example/', '--nope'], 'there is no flag --nope'],
  [['http', 'http://a.example/', '--max-redirects', 'many'], 'http.maxRedirects: expected a number, found "many"'],
  [['http', 'http://a.example/', '--header', 'x'], 'http.headers: expected "name: value", found "x"'],
  [['http', 'http://a.example/', '--timeout', 'soon'], 'timeout: expected a duration'],
  [['http', 'http://a.example/', '--ca-file', '/nowhere'], 'http.tls.caPem: cannot read /nowhere (ENOENT)'],
  [['dns', 'a.example', '--record-type', 'AAA'], 'dns.recordType: expected one of A, AAAA, '],
  [['http', 'http://a.example/', '--spec', 'x.yaml'], '--spec has the whole check; "http" does not go with it'],
])('refuses a wrong call in one line: %j', async (args, message) => {
  const error = await run(args).catch((reason: unknown) => reason as Error)
  expect(error).toBeInstanceOf(Error)
  expect((error as Error).message).toContain(message)
  expect((error as Error).message).not.toContain('\n')
})

test('refuses a wrong document with the path of the field', async () => {
  const document = 'kind: http\ntarget: http://a.example/\nhttp: { methud: GET }\ntimeout: 99s\n'
  const work = withFile('check.yaml', document, (path) => run(['--spec', path]))
  await expect(work).rejects.toThrow('http.methud: is not a field that Sonde knows')
})

test('denies what the environment denies, and says so in one line when it cannot be read', async () => {
  await using server = await startHttpServer()
  const denied = await run(['http', server.url, '--json'], { SONDE_EGRESS_DENY: '127.0.0.0/8' })
  expect(denied.code).toBe(1)
  expect(JSON.parse(denied.text)).toMatchObject({ error: { code: 'egress_denied' } })
  const allowed = { SONDE_EGRESS_DENY: '127.0.0.0/8', SONDE_EGRESS_ALLOW: '127.0.0.1' }
  expect(await run(['http', server.url], allowed)).toMatchObject({ code: 0 })
  await expect(run(['http', server.url], { SONDE_EGRESS_DENY: 'here' })).rejects.toThrow('SONDE_EGRESS_DENY')
})

test('draws phases, redirects, chain and diagnosis within 80 columns', async () => {
  await using server = await startHttpServer(
    (request, response) => {
      if (request.path === '/') response.writeHead(302, { location: `/long/${'x'.repeat(200)}` }).end()
      else response.writeHead(503).end('busy')
    },
    { tls: { ...leaf, chain: [intermediate.cert] } },
  )
  const { text } = await withFile('ca.pem', root.cert, (path) => run(['http', server.url, '--ca-file', path]))
  const lines = text.split('\n')
  expect(lines.every((line) => line.length <= 80)).toBe(true)
  expect(text).not.toContain('\u001b')
  for (const phase of ['dns', 'connect', 'tls', 'ttfb', 'transfer']) {
    expect(text).toMatch(new RegExp(`^  ${phase} +[\\d.]+ ms  *█+$`, 'm'))
  }
  expect(text).toContain('  302 → https://127.0.0.1:')
  expect(text).toMatch(/^ {2}CN=localhost +20 days left$/m)
  expect(text).toMatch(/^ {5}└─ CN=Test Intermediate +\d+ days left$/m)
  expect(text).toContain('trusted for 127.0.0.1')
  expect(text).toMatch(/http_status \(http\)\n {2}seen {4}https:[^]* answered\s+503\n/)
  expect(text).toMatch(/^ {2}cause {3}https:\/\//m)
  expect(text).toMatch(/^ {2}remedy {2}Look at/m)
})

test('draws the replies to a ping', async () => {
  const { text, code } = await run(['icmp', '127.0.0.1', '--count', '2'])
  const { text: coloured } = await run(['icmp', '127.0.0.1', '--count', '1'], {}, { isTTY: true })
  if (code !== 0) return expect(text).toContain('worker_error (missed)')
  expect(text.split('\n').every((line) => line.length <= 80)).toBe(true)
  expect(text).toMatch(/^2 sent · 2 received · 0 % loss · hop limit \d+\n {2}█{78}$/m)
  expect(text).toMatch(/^ {2}round trip {2}min [\d.]+ ms {2}avg [\d.]+ ms {2}max [\d.]+ ms {2}stddev [\d.]+ ms$/m)
  expect(text).toMatch(/^ {2}rtt +[\d.]+ ms +█+$/m)
  expect(coloured).toContain('\u001b[32m')
})

test('draws what a tcp service sent, without obeying it', async () => {
  await using server = await startTcpServer((socket) => {
    socket.end(`220 mail.example\r\n\u001b[2J${'x'.repeat(200)}\r\n${'more\r\n'.repeat(9)}`)
  })
  const { text } = await run(['tcp', `127.0.0.1:${server.port}`, '--expect', '^500', '--timeout', '2s'])
  expect(text).toMatch(/^received(?:, the beginning)?\n {2}220 mail\.example\n {2}\\u001b\[2Jx+…$/m)
  expect(text).toContain('  and 6 more lines')
  expect(text).toContain('tcp_closed (tcp)')
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  expect(text.split('\n').every((line) => line.length <= 80)).toBe(true)
})

test.each([
  [{ kind: 'http', target: 'http://127.0.0.1:9/' }, 'tcp_refused'],
  [{ kind: 'tls', target: '127.0.0.1:9', tls: { serverName: 'a.example' } }, 'tcp_refused'],
  [{ kind: 'dns', target: 'a.example', dns: { servers: ['udp://127.0.0.1:9'] } }, 'dns_unreachable'],
  [{ kind: 'tcp', target: '127.0.0.1:9', tcp: { expect: 'x' } }, 'tcp_refused'],
  [{ kind: 'icmp', target: '169.254.169.254', icmp: { count: 1 } }, 'egress_denied'],
])('takes a whole document of each kind: %j', async (document, code) => {
  const { text } = await withFile('c.json', JSON.stringify(document), (path) => run(['--spec', path]))
  expect(text).toContain(`\n${code} (`)
  expect(text).not.toContain('\u001b')
})

test('draws the answers of DNS as a table, and assertions', async () => {
  await using dns = await startDnsServer(({ name }) => ({
    answers: [
      { name, type: 'CNAME', ttl: 300, data: 'real.example' },
      { name: 'real.example', type: 'A', ttl: 60, data: '192.0.2.1' },
    ],
  }))
  const check = { kind: 'dns', target: 'shop.example', dns: { servers: [`udp://127.0.0.1:${dns.port}`] } }
  const assertions = [
    { source: 'dns.ttl', op: 'gte', value: 60 },
    { source: 'dns.answers', op: 'contains', value: '192.0.2.9' },
  ]
  const { text } = await withFile('c.json', JSON.stringify({ ...check, assertions }), (path) => run(['--spec', path]))
  expect(text).toMatch(/^ {2}shop\.example +300 CNAME +real\.example$/m)
  expect(text).toMatch(/^ {2}real\.example +60 A +192\.0\.2\.1$/m)
  expect(text).toContain('  ok    dns.ttl gte 60, found 60')
  expect(text).toContain('  fails dns.answers contains "192.0.2.9"')
  expect(text).toContain('assertion_failed (assertion)')
})

test('uses colour on a terminal alone', async () => {
  await using server = await startHttpServer()
  expect((await run(['http', server.url], {}, { isTTY: true })).text).toContain('\u001b[32mup in ')
  expect((await run(['http', server.url], { NO_COLOR: '1' }, { isTTY: true })).text).not.toContain('\u001b')
})

test('shows what a target sends without obeying it', async () => {
  const evil = await root.issue({ subject: 'CN=\u001b[2J\u009b31m\u202eevil', names: ['localhost'] })
  await using server = await startHttpServer(undefined, { tls: evil })
  const args = ['http', server.url, '--insecure-skip-verify']
  for (const { text } of [await run(args), await run([...args, '--json'])]) {
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(text).toContain('evil')
  }
  expect(JSON.parse((await run([...args, '--json'])).text).tls.chain[0].subject).toContain('\u202eevil')
})

test('stays within a narrow terminal', async () => {
  await using server = await startTcpServer((socket) => socket.end('no HTTP here\r\n'))
  const { text } = await run(['http', `http://127.0.0.1:${server.port}/${'long'.repeat(30)}`], {}, { columns: 50 })
  expect(text.split('\n').every((line) => line.length <= 50)).toBe(true)
})

// As nobody in particular, ping may not open its socket.
const unprivileged = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all']
const canDrop = spawnSync('setpriv', [...unprivileged, 'true']).status === 0

test.skipIf(!canDrop)('our own fault is a result too, which says nothing of the target', () => {
  const main = join(import.meta.dirname, '../main.ts')
  const { status, stdout } = spawnSync(
    'setpriv',
    [...unprivileged, process.execPath, main, 'probe', 'icmp', '127.0.0.1', '--json'],
    { encoding: 'utf8' },
  )
  expect(status).toBe(1)
  const error = {
    code: 'worker_error',
    message: expect.stringMatching(/^probe probe \(127\.0\.0\.1\): ping: /) as string,
  }
  expect(Result.parse(JSON.parse(stdout))).toMatchObject({ outcome: 'missed', error })
})

test('explains itself, for all kinds and for one', async () => {
  const all = await run(['--help'])
  expect(all.code).toBe(0)
  expect(all.text).toMatch(/sonde probe tls HOST:PORT[^]*--record-type TEXT {2,}default A/)
  const one = await run(['http', '--help'])
  expect(one.text).toContain('--no-follow-redirects')
  expect(one.text).not.toContain('--record-type')
  expect(all.text.split('\n').every((line) => line.length <= 80)).toBe(true)
})
