import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { freePort } from '@sonde/testkit'
import { selfSigned } from '@sonde/testkit/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answered, apiClient, type CheckBody } from './api-client.ts'
import { processesWith, type Running, runSonde, sonde, until } from './sonde.ts'

/** A server that can be stopped and keeps its port. */
async function startTarget(port = 0): Promise<Server & { port: number }> {
  const server = createServer((_, response) => response.end('{"status":"ok"}'))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(server, { port: (server.address() as AddressInfo).port })
}

/** The value of a series whose labels contain all of `labels`. */
function series(text: string, name: string, ...labels: string[]): number | undefined {
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`${name}{`) && labels.every((label) => one.includes(label)))
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1))
}

describe('sonde up on an embedded database', { timeout: 120_000 }, () => {
  let folder = ''
  let env: Record<string, string> = {}
  let url = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sonde-e2e-'))
    // As root, PostgreSQL's own user must get through, or the database would lie elsewhere and its processes not name the folder.
    await chmod(folder, 0o711)
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    env = {
      SONDE_DATA_DIR: join(folder, 'data'),
      SONDE_PORT: String(port),
      SONDE_METRICS_PORT: String(await freePort()),
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const start = async (): Promise<Running & { api: ReturnType<typeof apiClient> }> => {
    const running = sonde(['up'], { env, cwd: folder })
    await until(
      async () => running.output().includes('Sonde is up at') || running.child.exitCode !== null,
      60_000,
      running.output,
    )
    const token = (await readFile(join(folder, 'data/admin-token'), 'utf8')).trim()
    return Object.assign(running, { api: apiClient(url, token) })
  }
  const expectNothingLeft = () =>
    until(
      async () => (await processesWith(folder)).length === 0,
      10_000,
      () => 'processes are left',
    )

  let slotsSeen: string[] = []

  test('a check added by REST is probed at its interval, seen in the API and in /metrics, and goes down with its server', async () => {
    await using up = await start()
    const { api } = up
    const target = await startTarget()
    // Itself, the worker, PostgreSQL and its keeper at least: what must be gone when it has stopped.
    expect((await processesWith(folder)).length).toBeGreaterThanOrEqual(4)
    expect((await stat(join(folder, 'data/admin-token'))).mode & 0o777).toBe(0o600)
    const check: CheckBody = {
      key: 'shop',
      kind: 'http',
      target: `http://127.0.0.1:${target.port}/`,
      interval: '1s',
      timeout: '500ms',
      labels: { team: 'web' },
    }
    expect(await answered(api.POST('/api/v1/checks', { body: check }))).toMatchObject({
      status: 201,
      body: { key: 'shop', regions: ['*'] },
    })
    expect(await answered(api.POST('/api/v1/checks', { body: check }))).toMatchObject({
      status: 409,
      type: 'application/problem+json; charset=utf-8',
    })

    // While the worker starts, slots of a second may be over before it takes them; those are told as missed.
    const found = async () => (await api.results('shop')).filter(({ outcome }) => outcome !== 'missed')
    const results = await until(async () => (await found()).length >= 4 && found(), 30_000, up.output)
    const slots = results.map(({ slot }) => Date.parse(slot))
    for (const [index, slot] of slots.slice(1).entries()) expect((slots[index] as number) - slot).toBe(1000)
    expect(results[0]).toMatchObject({
      outcome: 'up',
      region: 'local',
      error: null,
      http: { status: 200 },
      ip: '127.0.0.1',
    })
    expect(
      Math.max(...results.map(({ slot, startedAt }) => Date.parse(startedAt ?? '') - Date.parse(slot))),
    ).toBeLessThan(500)

    const metrics = await api.metrics()
    expect(series(metrics, 'probe_success', 'job="shop"', 'probe="local"', 'team="web"')).toBe(1)
    expect(series(metrics, 'probe_http_status_code', 'job="shop"')).toBe(200)
    expect(series(metrics, 'probe_duration_seconds', 'job="shop"')).toBeGreaterThan(0)
    expect(series(metrics, 'sonde_check_up', 'job="shop"')).toBe(1)
    expect(up.output()).toMatch(/\d\d:\d\d:\d\d {2}local +shop +up +\d+ ms +dns .* connect .* ttfb .* transfer .* ms/)

    target.close()
    target.closeAllConnections()
    await until(async () => series(await api.metrics(), 'sonde_check_up', 'job="shop"') === 0, 15_000, up.output)
    const [newest] = await api.results('shop')
    expect(newest).toMatchObject({ outcome: 'down', error: { code: 'tcp_refused', phase: 'connect' } })
    expect(newest?.error?.remedy).toMatch(/listens/)
    expect(series(await api.metrics(), 'probe_success', 'job="shop"')).toBe(0)
    expect(up.output()).toContain('down tcp_refused')
    slotsSeen = (await api.results('shop')).map(({ slot }) => slot)
  })

  test('it stopped without leaving a process', async () => {
    await expectNothingLeft()
    expect(await processesWith(folder)).toEqual([])
  })

  test('after kill -9 nothing is left running, and the next start finds the history', async () => {
    await using first = await start()
    expect((await first.api.results('shop')).map(({ slot }) => slot)).toEqual(expect.arrayContaining(slotsSeen))
    const killed = await until(
      async () => (await first.api.results('shop')).length > slotsSeen.length && first.api.results('shop'),
      20_000,
      first.output,
    )
    first.child.kill('SIGKILL')
    await first.exited
    await expectNothingLeft()

    await using second = await start()
    const results = await until(
      async () => (await second.api.results('shop')).length > killed.length && second.api.results('shop'),
      20_000,
      second.output,
    )
    const slots = results.map(({ slot }) => slot)
    expect(slots).toEqual(expect.arrayContaining(killed.map(({ slot }) => slot)))
    expect(new Set(slots).size).toBe(slots.length)

    // What fell due while nothing ran is told as missed: no slot between the first and the last is silent.
    const isUnbroken = (all: string[]) =>
      all.slice(1).every((slot, index) => Date.parse(all[index] as string) - Date.parse(slot) === 1000)
    const whole = await until(
      async () => {
        const all = await second.api.results('shop')
        return isUnbroken(all.map(({ slot }) => slot)) && all
      },
      20_000,
      second.output,
    )
    const gaps = whole.filter(({ outcome }) => outcome === 'missed')
    expect(gaps.length).toBeGreaterThan(0)
    expect(new Set(gaps.map(({ error }) => error?.phase))).toEqual(new Set(['missed']))
  })

  test('a check that is changed or deleted is followed without a restart', async () => {
    await using up = await start()
    const { api } = up
    const target = await startTarget()
    const own = { key: 'shop', interval: '1s', timeout: '500ms' }
    const check: CheckBody = { ...own, kind: 'http', target: `http://127.0.0.1:${target.port}/` }
    expect(
      await answered(api.PUT('/api/v1/checks/{key}', { params: { path: { key: 'shop' } }, body: check })),
    ).toMatchObject({ status: 200, body: { key: 'shop' } })
    await until(
      async () =>
        (await api.results('shop')).some(({ outcome, target: at }) => outcome === 'up' && at === check.target),
      15_000,
      up.output,
    )
    const { body } = await answered(api.POST('/api/v1/checks/{key}/run', { params: { path: { key: 'shop' } } }))
    expect(body).toMatchObject({
      results: [{ checkKey: 'shop', region: 'local', outcome: 'up', http: { status: 200 } }],
    })
    expect((await answered(api.DELETE('/api/v1/checks/{key}', { params: { path: { key: 'shop' } } }))).status).toBe(204)
    expect((await answered(api.GET('/api/v1/checks/{key}', { params: { path: { key: 'shop' } } }))).status).toBe(404)
    expect(series(await api.metrics(), 'probe_success', 'job="shop"')).toBeUndefined()
    target.close()
  })

  test('over HTTPS, apply makes the server match a file, and says first what it will do; a new certificate is taken', async () => {
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
    const [first, second] = [await selfSigned({ subject: 'CN=first' }), await selfSigned({ subject: 'CN=second' })]
    const writePair = ({ cert, key }: { cert: string; key: string }) =>
      Promise.all([writeFile(files.cert, cert), writeFile(files.key, key)])
    await writePair(first)
    // The command trusts what the first was when it started.
    await writeFile(join(folder, 'authority.pem'), first.cert)
    const secure = {
      ...env,
      SONDE_TLS_CERT_FILE: files.cert,
      SONDE_TLS_KEY_FILE: files.key,
      NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
    }
    const secureUrl = url.replace('http:', 'https:')
    await using up = sonde(['up'], { env: secure, cwd: folder })
    await until(async () => up.output().includes(`Sonde is up at ${secureUrl}`), 60_000, up.output)
    await writeFile(
      join(folder, 'checks.yaml'),
      `defaults: { interval: 1m }\nchecks:\n  - { key: self, kind: http, target: "\${SONDE_URL}/healthz" }\n`,
    )
    const apply = (...flags: string[]) =>
      runSonde(['apply', '-f', 'checks.yaml', ...flags], { env: secure, cwd: folder })
    const plan = `+ create check self
    + kind: http
    + target: ${secureUrl}/healthz
    + interval: 1m
Plan: 1 to create, 0 to change, 0 to delete, 0 unchanged.
`
    expect(await apply('--dry-run')).toEqual({ code: 2, output: plan })
    expect(await apply()).toEqual({ code: 0, output: `${plan}Applied 1 of 1.\n` })
    expect(await apply('--dry-run')).toEqual({
      code: 0,
      output: '  unchanged check self\nPlan: 0 to create, 0 to change, 0 to delete, 1 unchanged.\n',
    })
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed')

    const subject = async () => {
      const socket = connect({ port: Number(env.SONDE_PORT), host: '127.0.0.1', rejectUnauthorized: false })
      await once(socket, 'secureConnect')
      const { CN } = socket.getPeerCertificate().subject
      socket.destroy()
      return CN
    }
    expect(await subject()).toBe('first')
    await writePair(second)
    await until(async () => (await subject()) === 'second', 20_000, up.output)
    expect(await apply('--dry-run')).toEqual({
      code: 1,
      output: `sonde apply: no answer from the server at ${secureUrl}: its certificate is of no authority that is known here; NODE_EXTRA_CA_CERTS names a file with one of your own\n`,
    })
  })

  test('a taken port is one line and a non-zero exit, before anything is started', async () => {
    const holder = await startTarget(Number(env.SONDE_PORT))
    expect(await runSonde(['up'], { env, cwd: folder })).toEqual({
      code: 1,
      output: `sonde up: SONDE_PORT: port ${env.SONDE_PORT} on 127.0.0.1 is taken; choose another or stop what holds it\n`,
    })
    holder.close()
    await expectNothingLeft()
  })
})
