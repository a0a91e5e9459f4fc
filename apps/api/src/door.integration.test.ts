import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import { createLogger } from '@sonde/config'
import { newSecretKey } from '@sonde/secrets'
import { selfSigned } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { startTestApi } from './api.fixture.ts'
import { apiConfig } from './config.ts'
import { usualRates } from './rates.ts'

const plain = { rates: usualRates, trustProxy: [], tls: undefined }

test('answers tell browsers to run nothing and to guess nothing, and of HTTPS only where it is spoken', async () => {
  await using api = await startTestApi()
  for (const path of ['/api/v1/checks', '/api/v1/nothing', '/healthz', '/api/v1/openapi.json']) {
    const { headers } = await api.ask('GET', path)
    expect(headers.get('content-security-policy')?.split(';').toSorted(), path).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      'sandbox',
    ])
    expect(headers.get('referrer-policy'), path).toBe('no-referrer')
    expect(headers.get('cross-origin-resource-policy'), path).toBe('same-origin')
    expect(headers.get('set-cookie'), path).toBeNull()
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(headers.get('x-frame-options'), path).toBe('DENY')
    expect(headers.get('strict-transport-security'), path).toBeNull()
  }
  const pages = (await api.ask('GET', '/docs')).headers
  expect(pages.get('content-security-policy')).toMatch(/object-src 'none'.*script-src 'self';/)
  expect(pages.get('cross-origin-opener-policy')).toBe('same-origin')
})

test('a token, and an address, that ask too often are told when there is room again; health and metrics are not counted', async () => {
  await using api = await startTestApi({ door: { ...plain, rates: { perToken: 5, perAddress: 25, denied: 3 } } })
  const token = await api.token(['read'])
  const ask = (headers: Record<string, string>) => api.ask('GET', '/api/v1/checks', undefined, headers)
  const statuses: number[] = []
  for (let count = 0; count < 6; count++) statuses.push((await ask(token)).status)
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
  const tooMany = await ask(token)
  expect(tooMany).toMatchObject({ status: 429, type: 'application/problem+json; charset=utf-8', body: { status: 429 } })
  expect(Number(tooMany.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(tooMany.headers.get('ratelimit-limit')).toBe('5')
  expect(tooMany.headers.get('ratelimit-remaining')).toBe('0')

  const wrong = { authorization: 'Bearer wrong' }
  for (const status of [401, 401, 401, 429]) expect((await ask(wrong)).status).toBe(status)
  // Who has a right token passes still, from the same address: until that has asked too often as a whole.
  expect((await api.ask('GET', '/api/v1/checks')).status).toBe(200)
  for (let count = 0; count < 15; count++) await ask(wrong)
  expect((await api.ask('GET', '/api/v1/openapi.json')).status).toBe(429)
  for (const path of ['/healthz', '/metrics']) expect((await api.ask('GET', path)).status).toBe(200)
})

test('twelve thousand reads a minute pass by the usual rates', () => {
  expect(Math.min(usualRates.perToken, usualRates.perAddress)).toBeGreaterThanOrEqual(12_000)
})

test.each([
  ['of nobody', [], '127.0.0.1'],
  ['of who is trusted', ['127.0.0.0/8'], '203.0.113.9'],
  ['not of others', ['10.0.0.0/8'], '127.0.0.1'],
])('the address that a proxy tells of is believed %s', async (_, trustProxy, address) => {
  await using api = await startTestApi({ door: { ...plain, trustProxy } })
  const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
  const made = await api.ask('PUT', '/api/v1/regions/mars', {}, forwarded)
  expect(made.status).toBe(201)
  const { body } = await api.ask('GET', '/api/v1/audit?resource=region')
  expect(body).toMatchObject({ items: [{ detail: { address } }] })
  expect(made.headers.get('strict-transport-security') !== null).toBe(address !== '127.0.0.1')
})

test('HTTPS takes a new certificate without dropping a connection, and keeps the old one when the new is broken', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sonde-door-'))
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem'), lookEveryMs: 20 }
  const [first, second] = [await selfSigned({ subject: 'CN=first' }), await selfSigned({ subject: 'CN=second' })]
  const write = (pair: { cert: string; key: string }) =>
    Promise.all([writeFile(files.certFile, pair.cert), writeFile(files.keyFile, pair.key)])
  const said: string[] = []
  const log = createLogger('test', 'silent')
  log.error = (line: unknown) => void said.push(String(line))
  await write(first)
  try {
    await using api = await startTestApi({ door: { ...plain, tls: files } }, { log })
    expect(api.url).toMatch(/^https:/)
    const port = Number(new URL(api.url).port)
    const subject = async () => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
      await once(socket, 'secureConnect')
      const { CN } = socket.getPeerCertificate().subject
      socket.destroy()
      return CN
    }
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
    const health = async () => {
      const [response] = (await once(get(`${api.url}/healthz`, { agent }), 'response')) as [
        import('node:http').IncomingMessage,
      ]
      const { localPort } = response.socket as TLSSocket
      response.resume()
      await once(response, 'end')
      return { port: localPort, hsts: response.headers['strict-transport-security'] }
    }
    expect(await subject()).toBe('first')
    const before = await health()
    expect(before.hsts).toBe('max-age=31536000')

    await writeFile(files.certFile, second.cert)
    while (said.length === 0) await delay(20)
    expect(said[0]).toMatch(/^SONDE_TLS_CERT_FILE, SONDE_TLS_KEY_FILE: not a certificate and its key.*from before$/)
    expect(await subject()).toBe('first')

    await writeFile(files.keyFile, second.key)
    while ((await subject()) !== 'second') await delay(20)
    expect((await health()).port).toBe(before.port)
    agent.destroy()

    const old = connect({
      port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    const [refusal] = (await once(old, 'error')) as [Error]
    expect(refusal.message).toMatch(/protocol version/)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test.each([
  [{ SONDE_TLS_CERT_FILE: '/cert.pem' }, 'SONDE_TLS_KEY_FILE: is required with SONDE_TLS_CERT_FILE'],
  [{ SONDE_TLS_KEY_FILE: '/key.pem' }, 'SONDE_TLS_CERT_FILE: is required with SONDE_TLS_KEY_FILE'],
  [
    { SONDE_RATE_TOKEN: 'many' },
    'SONDE_RATE_TOKEN: expected how many requests a minute, 0 for any number, found "many"',
  ],
  [{ SONDE_TRUST_PROXY: 'yes' }, 'SONDE_TRUST_PROXY: expected addresses or CIDRs separated by commas, found "yes"'],
])('%j is refused with one line', (env, line) => {
  expect(() =>
    apiConfig({ DATABASE_URL: 'postgres://h/d', SONDE_SECRET_KEY: newSecretKey(), ...env }, () => 'x'.repeat(20)),
  ).toThrow(line)
})
