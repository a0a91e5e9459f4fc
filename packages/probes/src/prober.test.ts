import { setTimeout as delay } from 'node:timers/promises'
import { Check, type Result } from '@sonde/core'
import { Authority, startHttpServer, startTlsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { Prober } from './prober.ts'

const root = await Authority.create()
const leaf = await root.issue()
const tls = { caPem: root.cert }
const options = { egress: { deny: [], allow: [] }, now: Date.now }

const checkOf = (document: object): Check => Check.parse({ key: 'test', timeout: '5s', ...document })
const probeOnce = (prober: Prober, check: Check): Promise<Result> =>
  prober.probe(check, { region: 'test', slot: new Date() })

/** A plain probe that runs until it is told to end. */
async function openEnded(prober: Prober) {
  const end = Promise.withResolvers<void>()
  const server = await startHttpServer((_, response) => void end.promise.then(() => response.end('at last')))
  const result = probeOnce(prober, checkOf({ kind: 'http', target: server.url }))
  return {
    async [Symbol.asyncDispose]() {
      end.resolve()
      expect(await result).toMatchObject({ outcome: 'up' })
      await server[Symbol.asyncDispose]()
    },
  }
}

test.each([true, false])(
  'probes with and without TLS are up, before and after the thread is ready (threaded: %s)',
  async (threaded) => {
    await using plain = await startHttpServer((_, response) => response.end('hello'))
    await using secure = await startHttpServer((_, response) => response.end('hello'), { tls: leaf })
    await using bare = await startTlsServer(leaf)
    const checks = [
      { kind: 'http', target: plain.url },
      { kind: 'http', target: secure.url, http: { tls } },
      { kind: 'tls', target: `127.0.0.1:${bare.port}`, tls },
      { kind: 'tcp', target: `127.0.0.1:${bare.port}`, tcp: { tls } },
    ].map(checkOf)
    const prober = new Prober({ ...options, threaded })
    try {
      for (let round = 0; round < 2; round++) {
        const results = await Promise.all(checks.map((check) => probeOnce(prober, check)))
        expect(results.map(({ outcome, kind }) => `${kind} ${outcome}`)).toEqual([
          'http up',
          'http up',
          'tls up',
          'tcp up',
        ])
        expect(prober.takeLongestDelayMs()).toBeGreaterThanOrEqual(0)
        while (threaded && prober.threadState !== 'ready') await delay(5)
      }
    } finally {
      await prober.close()
    }
  },
)

test('a thread is started when a probe with TLS would run beside a plain one, and not for probes with TLS alone', async () => {
  await using secure = await startTlsServer(leaf)
  const check = checkOf({ kind: 'tls', target: `127.0.0.1:${secure.port}`, tls })
  const prober = new Prober({ ...options, threaded: true })
  try {
    await Promise.all([probeOnce(prober, check), probeOnce(prober, check)])
    expect(prober.threadState).toBe('none')
    await using _ = await openEnded(prober)
    await probeOnce(prober, check)
    expect(prober.threadState).not.toBe('none')
  } finally {
    await prober.close()
  }
})

test('a thread that has ended is followed by another', async () => {
  await using secure = await startTlsServer(leaf)
  const check = checkOf({ kind: 'tls', target: `127.0.0.1:${secure.port}`, tls })
  const prober = new Prober({ ...options, threaded: true })
  try {
    await using _ = await openEnded(prober)
    await probeOnce(prober, check)
    await prober.close()
    expect(prober.threadState).toBe('ended')
    expect(await probeOnce(prober, check)).toMatchObject({ outcome: 'up' })
    while (prober.threadState !== 'ready') await delay(5)
    expect(await probeOnce(prober, check)).toMatchObject({ outcome: 'up' })
  } finally {
    await prober.close()
  }
})

test('where no thread can be had all probes run beside each other, and it is not tried again', async () => {
  await using secure = await startTlsServer(leaf)
  const check = checkOf({ kind: 'tls', target: `127.0.0.1:${secure.port}`, tls })
  const deny: string[] = []
  const told: unknown[] = []
  const onNoThread = (error: unknown) => void told.push(error)
  const prober = new Prober({ ...options, egress: { deny, allow: [] }, threaded: true, onNoThread })
  // What the prober itself was made of is no longer what its thread is given.
  deny.push('no network')
  try {
    await using _ = await openEnded(prober)
    expect(await probeOnce(prober, check)).toMatchObject({ outcome: 'up' })
    while (prober.threadState !== 'failed') await delay(5)
    expect(await probeOnce(prober, check)).toMatchObject({ outcome: 'up' })
    expect(prober.threadState).toBe('failed')
    expect(told).toMatchObject([{ message: expect.stringContaining('no network') }])
  } finally {
    await prober.close()
  }
})
