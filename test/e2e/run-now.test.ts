import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '@sonde/core'
import { freePort, freshDatabase, freshRedis, hasRedis } from '@sonde/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answered, apiClient, type CheckBody } from './api-client.ts'
import { rawClient } from './raw-client.ts'
import { runSonde, sonde, until } from './sonde.ts'

const token = 'an-admin-token-for-tests'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-run-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each([
  { queue: 'Redis', absent: !hasRedis() },
  { queue: 'PostgreSQL', absent: false },
])('a run out of turn, by way of $queue', { timeout: 120_000 }, ({ queue, absent }) => {
  test.skipIf(absent)('has every region’s answer within the timeout and a second, or why there is none', async () => {
    await using database = await freshDatabase({ schema: 'none' })
    await using redis = queue === 'Redis' ? await freshRedis() : undefined
    const both = { DATABASE_URL: database.url, ...(redis === undefined ? {} : { REDIS_URL: redis.url }) }
    await using stack = new AsyncDisposableStack()
    const role = async (args: string[], env: Record<string, string> = {}) => {
      const ports = { SONDE_PORT: String(await freePort()), SONDE_METRICS_PORT: String(await freePort()) }
      return stack.use(sonde(args, { env: { ...both, ...ports, SONDE_ADMIN_TOKEN: token, ...env }, cwd: folder }))
    }
    expect(await runSonde(['migrate'], { env: both, cwd: folder })).toMatchObject({ code: 0 })
    const port = await freePort()
    const api = await role(['api'], { SONDE_PORT: String(port) })
    const others = [await role(['ingester']), await role(['worker', '--region', 'eu'])]
    const frozen = await role(['worker', '--region', 'us'])
    const client = apiClient(`http://127.0.0.1:${port}`, token)
    const said = () => [api, frozen, ...others].map((one) => one.output()).join('')
    await until(
      async () =>
        (await answered(client.PUT('/api/v1/regions/{name}', { params: { path: { name: 'void' } }, body: {} })))
          .status < 300,
      30_000,
      said,
    )
    const alive = async () =>
      ((await answered(client.GET('/api/v1/regions'))).body.items as { name: string; workers: object[] }[])
        .filter(({ workers }) => workers.length > 0)
        .map(({ name }) => name)
        .join()
    await until(async () => (await alive()) === 'eu,us', 30_000, said)
    frozen.child.kill('SIGSTOP')
    stack.defer(() => void frozen.child.kill('SIGCONT'))

    let asked = 0
    const target = createServer((request, response) => {
      asked += 1
      if (request.url !== '/hang') response.end('ok')
    }).listen(0, '127.0.0.1')
    await once(target, 'listening')
    const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`
    // With retries an answer would take four timeouts: a run is one attempt.
    const patience = { interval: '30s', timeout: '1500ms', retries: 3 }
    const check: CheckBody = { key: 'hang', kind: 'http', target: `${url}/hang`, ...patience }
    const made = await answered(client.PUT('/api/v1/checks/{key}', { params: { path: { key: 'hang' } }, body: check }))
    expect([made.status, made.body]).toEqual([201, expect.anything()])

    for (let round = 0; round < 2; round++) {
      const began = performance.now()
      // Not by the client that holds each answer against the document: its time is not the API's.
      const { body } = await rawClient(`http://127.0.0.1:${port}`, token).ask('POST', '/checks/hang/run')
      const tookMs = performance.now() - began
      expect((body.results as Result[]).map(({ region, error, attempts }) => [region, error?.code, attempts])).toEqual([
        ['eu', 'http_timeout', 1],
        ['us', 'no_worker', 0],
        ['void', 'no_worker', 0],
      ])
      expect((body.results as Result[]).slice(1).map(({ error }) => error?.message)).toEqual([
        'the worker of region us did not answer in time',
        'region void has no worker now',
      ])
      expect(tookMs).toBeLessThan(2500)
    }

    // The worker that was frozen finds what was asked of it meanwhile, and that nobody waits for it any more.
    await answered(
      client.PUT('/api/v1/checks/{key}', { params: { path: { key: 'hang' } }, body: { ...check, target: url } }),
    )
    const before = asked
    await sleep(300)
    frozen.child.kill('SIGCONT')
    const began = performance.now()
    const { body } = await answered(client.POST('/api/v1/checks/{key}/run', { params: { path: { key: 'hang' } } }))
    expect((body.results as Result[]).map(({ region, outcome }) => [region, outcome])).toEqual([
      ['eu', 'up'],
      ['us', 'up'],
      ['void', 'missed'],
    ])
    expect(performance.now() - began).toBeLessThan(2500)
    expect(asked - before).toBe(2)
    target.closeAllConnections()
    target.close()
  })
})
