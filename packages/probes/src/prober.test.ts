import { setTimeout as delay } from 'node:timers/promises'
import { Check } from '@sonde/core'
import { Authority, startHttpServer, startTlsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { Prober } from './prober.ts'

const root = await Authority.create()
const leaf = await root.issue()

test.each([true, false])(
  'probes with and without TLS are up, before and after the thread is ready (threaded: %s)',
  async (threaded) => {
    await using plain = await startHttpServer((_, response) => response.end('hello'))
    await using secure = await startHttpServer((_, response) => response.end('hello'), { tls: leaf })
    await using bare = await startTlsServer(leaf)
    const tls = { caPem: root.cert }
    const checks = [
      { kind: 'http', target: plain.url },
      { kind: 'http', target: secure.url, http: { tls } },
      { kind: 'tls', target: `127.0.0.1:${bare.port}`, tls },
      { kind: 'tcp', target: `127.0.0.1:${bare.port}`, tcp: { tls } },
    ].map((one) => Check.parse({ key: 'test', timeout: '5s', ...one }))
    const prober = new Prober({ egress: { deny: [], allow: [] }, now: Date.now, threaded })
    try {
      for (let round = 0; round < 2; round++) {
        const results = await Promise.all(
          checks.map((check) => prober.probe(check, { region: 'test', slot: new Date() })),
        )
        expect(results.map(({ outcome, kind }) => `${kind} ${outcome}`)).toEqual([
          'http up',
          'http up',
          'tls up',
          'tcp up',
        ])
        expect(prober.takeLongestDelayMs()).toBeGreaterThanOrEqual(0)
        while (threaded && !prober.threadReady) await delay(5)
      }
    } finally {
      await prober.close()
    }
  },
)

test('a thread that has ended is followed by another', async () => {
  await using secure = await startTlsServer(leaf)
  const check = Check.parse({ key: 'test', kind: 'tls', target: `127.0.0.1:${secure.port}`, tls: { caPem: root.cert } })
  const prober = new Prober({ egress: { deny: [], allow: [] }, now: Date.now, threaded: true })
  const probeOnce = () => prober.probe(check, { region: 'test', slot: new Date() })
  try {
    await probeOnce()
    await prober.close()
    expect(prober.threadReady).toBe(false)
    expect(await probeOnce()).toMatchObject({ outcome: 'up' })
    while (!prober.threadReady) await delay(5)
    expect(await probeOnce()).toMatchObject({ outcome: 'up' })
  } finally {
    await prober.close()
  }
})
