import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@sonde/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answered, apiClient, type CheckBody } from './api-client.ts'
import { runSonde, sonde, until } from './sonde.ts'

const canary = 'canary-2b9d4e71'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-secrets-'))
  await chmod(folder, 0o711)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Every file below the folder in which the text stands. */
async function filesWith(text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found = await Promise.all(
    paths.map(async (path) => ((await readFile(path).catch(() => Buffer.alloc(0))).includes(text) ? path : undefined)),
  )
  return found.filter((path) => path !== undefined)
}

test('a password reaches its target, and stands in clear in nothing that was said or written', {
  timeout: 90_000,
}, async () => {
  const asked: string[] = []
  const target = createServer((request, response) => {
    asked.push(request.headers.authorization ?? '')
    response.statusCode = request.headers.authorization === `Bearer ${canary}` ? 200 : 401
    response.end()
  }).listen(0, '127.0.0.1')
  await once(target, 'listening')
  const env = {
    SONDE_DATA_DIR: join(folder, 'data'),
    SONDE_PORT: String(await freePort()),
    SONDE_METRICS_PORT: String(await freePort()),
    SONDE_LOG_LEVEL: 'debug',
  }
  const check = {
    key: 'guarded',
    kind: 'http' as const,
    target: `http://127.0.0.1:${(target.address() as AddressInfo).port}/`,
    interval: '1s',
    timeout: '500ms',
    http: { auth: { bearer: canary } },
  }
  const said: string[] = []
  {
    await using up = sonde(['up'], { env, cwd: folder })
    await until(async () => up.output().includes('Sonde is up at'), 60_000, up.output)
    const api = apiClient(
      `http://127.0.0.1:${env.SONDE_PORT}`,
      (await readFile(join(folder, 'data/admin-token'), 'utf8')).trim(),
    )
    const made = await answered(api.POST('/api/v1/checks', { body: check }))
    expect(made.status).toBe(201)
    await until(async () => (await api.results('guarded')).some(({ outcome }) => outcome === 'up'), 20_000, up.output)
    // What the API shows can be sent back, and goes on working.
    expect(
      await answered(
        api.PUT('/api/v1/checks/{key}', { params: { path: { key: 'guarded' } }, body: made.body as CheckBody }),
      ),
    ).toMatchObject({ status: 200 })
    const wrong = await answered(
      api.POST('/api/v1/checks', { body: { ...check, http: { auth: { bearer: `${canary}\n`.repeat(400) } } } }),
    )
    expect(wrong.status).toBe(400)
    const answers = [
      made,
      wrong,
      await answered(api.GET('/api/v1/checks')),
      await answered(api.GET('/api/v1/checks/{key}/results', { params: { path: { key: 'guarded' } } })),
      await answered(api.POST('/api/v1/checks/{key}/run', { params: { path: { key: 'guarded' } } })),
    ]
    said.push(JSON.stringify(answers), await api.metrics())
    const since = asked.length
    await until(async () => asked.slice(since).includes(`Bearer ${canary}`), 10_000, up.output)
    await up[Symbol.asyncDispose]()
    said.push(up.output())
  }
  expect(said.join('\n')).not.toContain(canary)
  expect(await filesWith('guarded')).not.toEqual([])
  expect(await filesWith(canary)).toEqual([])
  target.close()
})

test('sonde probe does not repeat a secret that it cannot use', async () => {
  const { code, output } = await runSonde(['probe', 'http', 'http://127.0.0.1:9/', '--bearer', `${canary}\n`], {
    env: {},
    cwd: folder,
  })
  expect(code).toBe(2)
  expect(output).not.toContain(canary)
})
