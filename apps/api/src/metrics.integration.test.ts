import { get, type IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { createLogger } from '@sonde/config'
import { type Check, foldResults, type Result } from '@sonde/core'
import { type DatabaseHandle, ensureRegions, ingest, openDatabase, readMetricStates } from '@sonde/db'
import { createRegistry } from '@sonde/metrics'
import { aCheck, aResult, type FreshDatabase, freePort, freshDatabase, query } from '@sonde/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi } from './app.ts'

const token = 'an-admin-token-for-tests'
const day = 86_400_000
const certificate = (sha256: string, days: number) => ({
  subject: `CN=${sha256}`,
  issuer: 'CN=Authority',
  serial: '0A',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: new Date(Math.floor(Date.now() / 1000) * 1000 + days * day).toISOString(),
  sha256,
  san: ['site.example'],
  keyType: 'ec',
  keyBits: 256,
  signature: 'ecdsa-with-SHA256',
})
const tls: NonNullable<Result['tls']> = {
  version: 'TLSv1.3',
  cipher: 'TLS_AES_128_GCM_SHA256',
  alpn: null,
  authorized: true,
  serverName: 'site.example',
  chain: [certificate('aa', 30), certificate('bb', 10)],
  earliestExpiry: certificate('bb', 10).notAfter,
  daysLeft: 10,
}
const refused = { code: 'tcp_refused', phase: 'connect', message: 'm', cause: 'c', remedy: 'r' } as const

let fresh: FreshDatabase
let handle: DatabaseHandle
let first: Awaited<ReturnType<typeof startApi>>
let second: Awaited<ReturnType<typeof startApi>>

beforeAll(async () => {
  fresh = await freshDatabase()
  handle = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  await ensureRegions(handle.db, ['eu', 'us'])
  const checks = ['down', 'half', 'off', 'secure', 'stale'].map((key) =>
    aCheck({ key, interval: '1h', enabled: key !== 'off', alerts: { failureThreshold: 1, regions: 'all' } }),
  )
  for (const check of checks)
    await query(fresh.url, `insert into checks (key, doc) values ('${check.key}', '${JSON.stringify(check)}')`)
  const now = Date.now()
  const results = checks.flatMap((check, index) =>
    ['eu', 'us'].map((region) => ({ checkId: index + 1, result: resultOf(check, region, now) })),
  )
  await ingest(handle.db, results, foldResults)
  // A second result of the same facts: its chain and headers are those of the detail that the first one left.
  const again = checks.find(({ key }) => key === 'secure') as Check
  await ingest(handle.db, [{ checkId: 4, result: aResult(again, now - 1000, { region: 'eu', tls }) }], foldResults)
  ;[first, second] = [await start(), await start()]
})
afterAll(async () => {
  await first.close()
  await second.close()
  await handle.close()
  await fresh[Symbol.asyncDispose]()
})

function resultOf(check: Check, region: string, now: number): Result {
  // "half" is up in us before it is down in eu: the first result of all would speak for every region.
  const slotMs = check.key === 'stale' ? now - 4 * 3_600_000 : now - (region === 'us' ? 2500 : 2000)
  const isDown = check.key === 'down' || (check.key === 'half' && region === 'eu')
  return aResult(check, slotMs, {
    region,
    ...(isDown ? { outcome: 'down', error: refused } : {}),
    tls: check.key === 'secure' ? tls : null,
  })
}

async function start() {
  const config = { databaseUrl: fresh.url, redisUrl: undefined, host: '127.0.0.1', port: await freePort() }
  const others = {
    adminToken: token,
    secretKey: undefined,
    metricsToken: undefined,
    metricsJob: undefined,
    egress: { deny: [], allow: [] },
    publicUrl: 'http://sonde.example',
  }
  return startApi({ ...config, ...others }, createLogger('test', 'silent'), createRegistry())
}

async function scrape(path = '', api = first): Promise<string> {
  const response = await fetch(`${api.url}/metrics${path}`)
  expect(response.status).toBe(200)
  return response.text()
}

/** The values of one family of the check series, by check and region. */
function valuesOf(text: string, name: string): Record<string, number> {
  const lines = [...text.matchAll(new RegExp(`^${name}\\{.*?job="([^"]*)".*?probe="([^"]*)".*\\} (\\S+)$`, 'gm'))]
  return Object.fromEntries(lines.map(([, job, probe, value]) => [`${job} ${probe}`, Number(value)]))
}

const checkSeries = (text: string): string[] =>
  text.split('\n').filter((line) => /^\w+\{.*job=".*probe="(eu|us)"/.test(line))

test('checks that are enabled and have fresh results have series, with the verdict of the whole check in each region', async () => {
  expect(valuesOf(await scrape(), 'sonde_check_up')).toEqual({
    'down eu': 0,
    'down us': 0,
    'half eu': 1,
    'half us': 1,
    'secure eu': 1,
    'secure us': 1,
  })
})

test('whether an incident is open is told by rule, in each region of the check', async () => {
  const of = (text: string, job: string, rule: string) =>
    text
      .split('\n')
      .filter(
        (line) =>
          line.startsWith('sonde_incident_open{') && line.includes(`job="${job}"`) && line.includes(`rule="${rule}"`),
      )
      .map((line) => line.split(' ').at(-1))
  const text = await scrape()
  expect([of(text, 'down', 'down'), of(text, 'half', 'down')]).toEqual([
    ['1', '1'],
    ['0', '0'],
  ])
  expect([of(text, 'secure', 'certExpiry').length, of(text, 'half', 'certExpiry').length]).toEqual([2, 0])
})

test('the chain of a result whose document was not kept is that of the certificates seen', async () => {
  const text = await scrape('?check=secure')
  const bySecond = (days: number) => Date.parse(certificate('', days).notAfter) / 1000
  for (const [region, expiry] of Object.entries(valuesOf(text, 'probe_ssl_earliest_cert_expiry')))
    expect([region, Math.abs(expiry - bySecond(10)) < 60]).toEqual([region, true])
  expect(Object.keys(valuesOf(text, 'probe_ssl_earliest_cert_expiry'))).toEqual(['secure eu', 'secure us'])
  expect(text).toContain('fingerprint_sha256="aa",issuer="CN=Authority",serialnumber="a",subject="CN=aa"')
})

test('every API process exposes the same of the checks', async () => {
  const lines = checkSeries(await scrape())
  expect(lines.length).toBeGreaterThan(100)
  expect(checkSeries(await scrape('', second))).toEqual(lines)
})

test('a shard of one region keeps the verdict of all regions, and does not tell the process’s own', async () => {
  const text = await scrape('?probe=eu&check=half&check=down')
  expect(valuesOf(text, 'sonde_check_up')).toEqual({ 'down eu': 0, 'half eu': 1 })
  expect(text).not.toContain('process_cpu_seconds_total')
  expect(checkSeries(await scrape('?probe=us'))).toHaveLength(checkSeries(await scrape()).length / 2)
})

test('the shards together are the whole', async () => {
  const parts = await Promise.all(['?check=down&check=half', '?check=secure&check=off'].map((one) => scrape(one)))
  expect(parts.flatMap(checkSeries).sort()).toEqual(checkSeries(await scrape()).sort())
})

test('a shard of no check is the process’s own alone, and one of an unknown check is empty', async () => {
  const own = await scrape('?check=')
  expect(own).toContain('process_cpu_seconds_total')
  expect(checkSeries(own)).toEqual([])
  expect(await scrape('?check=unknown')).toBe('')
})

test('whoever takes gzip gets it, and the same text in it', async () => {
  const answer = async (encoding: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    get(`${first.url}/metrics?check=secure`, { headers: { 'accept-encoding': encoding } }, resolve).on('error', reject)
    const response = await promise
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part as Buffer)
    return { headers: response.headers, body: Buffer.concat(parts) }
  }
  const [plain, zipped] = [await answer('identity'), await answer('gzip')]
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
  expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true)
  expect(zipped.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
})

test('many states come in pages, each once', async () => {
  await query(
    fresh.url,
    `insert into checks (key, doc) select 'many-' || n, jsonb_set(doc, '{key}', to_jsonb('many-' || n)) from checks, generate_series(1, 1200) n where key = 'down'`,
    `insert into check_states (check_id, region_id) select id, 1 from checks where key like 'many-%'`,
  )
  const pages: number[] = []
  const keys = new Set<string>()
  await readMetricStates(handle.db, { checks: [], regions: ['eu'] }, (states) => {
    pages.push(states.length)
    for (const { check, region } of states) keys.add(`${check.key} ${region}`)
  })
  expect(Math.max(...pages)).toBeLessThanOrEqual(500)
  // Four checks that are enabled have two regions.
  expect([pages.reduce((sum, one) => sum + one, 0), keys.size]).toEqual([1208, 1208])
  await query(fresh.url, `delete from checks where key like 'many-%'`)
})
