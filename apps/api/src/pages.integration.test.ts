import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './api.fixture.ts'

const run = promisify(execFile)
const origin = 'https://wiki.example'

let api: TestApi
let open: TestApi
beforeAll(async () => {
  api = await startTestApi()
  open = await startTestApi({ corsOrigins: [origin] })
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  await open[Symbol.asyncDispose]()
})

test('/docs is a page that has all it needs from here, under a policy that lets nothing else in', async () => {
  const page = await fetch(`${api.url}/docs`)
  expect(page.headers.get('content-type')).toContain('text/html')
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/default-src 'none'/)
  expect(policy).toMatch(/script-src 'self';/)
  expect(policy).not.toMatch(/https?:|\*/)
  const html = await page.text()
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/)
  const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => new URL(path, page.url))
  expect(parts.length).toBeGreaterThan(3)
  for (const part of parts) {
    expect(part.origin).toBe(api.url)
    expect((await fetch(part)).status).toBe(200)
  }
  const start = await (await fetch(`${api.url}/docs/static/swagger-initializer.js`)).text()
  expect(start).toContain('/api/v1/openapi.json')
})

// A browser is large: where there is none, scripts/debian-packages.ts says that this is left out.
test.skipIf(!existsSync('/usr/bin/chromium'))('a browser shows /docs without a word of complaint', async () => {
  const profile = await mkdtemp(join(tmpdir(), 'sonde-browser-'))
  await using cleared = new AsyncDisposableStack()
  cleared.defer(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }))
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--user-data-dir=${profile}`]
  // A name would not be found: what is not from here fails, and is told on the console.
  const offline = [
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    '--enable-logging=stderr',
    '--log-level=0',
  ]
  const { stdout, stderr } = await run(
    '/usr/bin/chromium',
    [...args, ...offline, '--virtual-time-budget=10000', '--dump-dom', `${api.url}/docs#/checks`],
    { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 },
  )
  expect(stdout).toContain('operations-checks-listChecks')
  expect(stdout).toContain('Sonde: the API')
  expect(stderr.split('\n').filter((line) => line.includes('CONSOLE'))).toEqual([])
})

test('without the setting no page of another origin may ask', async () => {
  const asked = await api.ask('GET', '/api/v1/checks', undefined, { origin })
  expect([...asked.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  expect((await api.ask('OPTIONS', '/api/v1/checks', undefined, { origin })).status).toBe(405)
})

test('pages of the origins of the setting may ask, and no others', async () => {
  const preflight = (from: string) =>
    open.ask('OPTIONS', '/api/v1/checks', undefined, {
      origin: from,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,if-match',
    })
  const allowed = await preflight(origin)
  expect(allowed.status).toBe(204)
  expect(allowed.headers.get('access-control-allow-origin')).toBe(origin)
  expect(allowed.headers.get('access-control-allow-methods')).toContain('PATCH')
  expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).not.toBe(
    'https://evil.example',
  )
  const asked = await open.ask('GET', '/api/v1/checks', undefined, { origin })
  expect(asked.headers.get('access-control-expose-headers')).toContain('etag')
  expect(asked.headers.get('access-control-allow-credentials')).toBeNull()
})
