import { setTimeout as delay } from 'node:timers/promises'
import { Check } from '@sonde/core'
import { Authority, startHttpServer, startTcpServer, startTlsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { HandshakeThread } from './handshake-thread.ts'
import { forgetOldest, maxRemembered } from './message.ts'

const root = await Authority.create()
const leaf = await root.issue()
const slot = new Date('2026-01-01T00:00:30Z')
const options = { region: 'test', slot, now: () => Date.now() }

const checkOf = (document: object): Check => Check.parse({ key: 'test', timeout: '5s', ...document })

async function startThread(data = { deny: [] as string[], allow: [] as string[] }) {
  const thread = new HandshakeThread(data)
  while (thread.state !== 'ready') await delay(5)
  return Object.assign(thread, { [Symbol.asyncDispose]: () => thread.close() })
}

test('a probe in the thread brings the result that one beside others brings, the first time and when the check is known', async () => {
  await using server = await startHttpServer((_, response) => response.end('hello'), { tls: leaf })
  await using thread = await startThread()
  const check = checkOf({ kind: 'http', target: server.url, http: { tls: { caPem: root.cert } } })
  for (const _ of [1, 2, 3]) {
    expect(await thread.probe(check, options)).toMatchObject({
      checkKey: 'test',
      region: 'test',
      slot: slot.toISOString(),
      outcome: 'up',
      http: { status: 200, bodyBytes: 5 },
      tls: { authorized: true },
    })
  }
})

test('it goes by the clock of its caller', async () => {
  await using server = await startTlsServer(leaf)
  await using thread = await startThread()
  const check = checkOf({ kind: 'tls', target: `127.0.0.1:${server.port}`, tls: { caPem: root.cert } })
  const inTenYears = Date.now() + 10 * 365 * 86_400_000
  const result = await thread.probe(check, { ...options, now: () => inTenYears })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_expired' } })
  expect(Math.abs(Date.parse(String(result.startedAt)) - inTenYears)).toBeLessThan(60_000)
})

test('it keeps to the egress policy', async () => {
  await using thread = await startThread({ deny: ['127.0.0.0/8'], allow: [] })
  const check = checkOf({ kind: 'tls', target: '127.0.0.1:9' })
  expect(await thread.probe(check, options)).toMatchObject({ outcome: 'down', error: { code: 'egress_denied' } })
})

test('a fault of ours is rejected with what is known of it', async () => {
  await using thread = await startThread()
  const check = checkOf({ kind: 'tls', target: '127.0.0.1:9', tls: { caFile: '/nonexistent/ca.pem' } })
  await expect(thread.probe(check, options)).rejects.toMatchObject({
    message: 'probe test (127.0.0.1:9)',
    cause: { message: expect.stringContaining('/nonexistent/ca.pem') },
  })
})

test('what it has in hand when it ends is rejected', async () => {
  await using silent = await startTcpServer((socket) => void socket.on('error', () => {}))
  await using thread = await startThread()
  const probed = thread.probe(checkOf({ kind: 'tls', target: `127.0.0.1:${silent.port}` }), options)
  const [ended] = await Promise.allSettled([probed, thread.close()])
  expect(ended).toMatchObject({ reason: { message: 'the thread for handshakes ended before its probe did' } })
  expect(thread.state).toBe('ended')
})

test('both sides forget the same check', () => {
  const [theirs, ours] = [new Map<number, string>(), new Set<number>()]
  for (let ref = 0; ref < maxRemembered + 3; ref++) {
    theirs.set(ref, '')
    ours.add(ref)
    forgetOldest(theirs)
    forgetOldest(ours)
  }
  expect([...ours]).toEqual([...theirs.keys()])
  expect(ours.has(2)).toBe(false)
  expect(ours.has(3)).toBe(true)
})
