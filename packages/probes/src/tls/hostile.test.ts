import { Authority, type Misdeed, selfSigned, startTcpServer, tlsMisdeeds } from '@sonde/testkit/targets'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'
import { certificateFacts } from './certificate.ts'
import { readLink } from './chain.ts'
import { DerError, DerReader } from './der.ts'
import { readCertificate } from './extensions.ts'
import { judgeChain } from './judge.ts'
import { probeTlsServer } from './tls.fixture.ts'

const root = await Authority.create()
const rich = await root.issue({
  names: ['a.example', '*.b.example', '192.0.2.1'],
  issuerUrl: 'http://ca.example/',
  mustStaple: true,
})
const constrained = await root.intermediate({ permitted: ['a.example', '7f000001ffffffff'], excluded: ['b.example'] })
const seeds = [rich.cert, constrained.cert, root.cert].map(derOf)

/** What is in PostgreSQL's power to store, and in ours to send. */
function expectBounded(facts: ReturnType<typeof certificateFacts>): void {
  const text = JSON.stringify(facts)
  expect(text.length).toBeLessThan(200_000)
  expect(text).not.toContain('\\u0000')
  expect(text.isWellFormed()).toBe(true)
}

test('a certificate with any bytes changed is read, or refused, and judged without a throw', () => {
  const change = fc.record({ at: fc.nat(2000), byte: fc.integer({ min: 0, max: 255 }) })
  fc.assert(
    fc.property(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 6 }), (seed, changes) => {
      const broken = Buffer.from(seed)
      for (const { at, byte } of changes) broken.writeUInt8(byte, at % broken.length)
      let link: ReturnType<typeof readLink>
      try {
        link = readLink(broken)
      } catch (error) {
        // OpenSSL takes no such certificate in a handshake either.
        expect((error as NodeJS.ErrnoException).code).toMatch(/^ERR_/)
        return
      }
      expectBounded(link.facts)
      for (const verifyError of ['', 'CERT_HAS_EXPIRED', 'UNSPECIFIED']) {
        const judged = { chain: [link, link], name: 'a.example', verifyError, caPem: root.cert, staple: null }
        judgeChain({ ...judged, nowMs: Date.now() })
      }
    }),
    { numRuns: 1500 },
  )
})

test('DER of any bytes is read to its end or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        readCertificate(Buffer.from(bytes))
        for (const value of new DerReader(Buffer.from(bytes)).one().children()) value.oid()
      } catch (error) {
        expect(error).toBeInstanceOf(DerError)
      }
    }),
    { numRuns: 2000 },
  )
})

test('a list of thousands of names is cut, and counts nonetheless', async () => {
  const names = Array.from({ length: 3000 }, (_, index) => `n${index}.example`)
  const pair = await root.issue({ names: [...names, 'localhost'] })
  const result = await probeTlsServer(pair, { caPem: root.cert })
  expect(result).toMatchObject({ outcome: 'up' })
  expect(result.tls?.chain[0]?.san).toHaveLength(512)
})

test('a name of many kilobytes, with a NUL in it, is cut and can be stored', async () => {
  const pair = await root.issue({ subject: `CN=${'x'.repeat(5000)}`, names: ['a\u0000b.example', 'localhost'] })
  const result = await probeTlsServer(pair, { caPem: root.cert })
  expect(result.outcome).toBe('up')
  expect(result.tls?.chain[0]?.subject).toHaveLength(1024)
  for (const facts of result.tls?.chain ?? []) expectBounded(facts)
})

test('of a chain without end thirty-two certificates are kept', async () => {
  const others = await Promise.all(
    Array.from({ length: 40 }, (_, index) => selfSigned({ names: [`n${index}.example`] })),
  )
  const pair = await root.issue()
  const result = await probeTlsServer(pair, { chain: others.map(({ cert }) => cert), caPem: root.cert })
  expect(result).toMatchObject({ outcome: 'up', tls: { authorized: true } })
  expect(result.tls?.chain).toHaveLength(32)
})

test('more than 100 KiB of certificates is tls_invalid_chain', async () => {
  const names = Array.from({ length: 3000 }, (_, index) => `a-rather-long-name-${index}.example.org`)
  const pair = await root.issue({ names: [...names, 'localhost'] })
  const result = await probeTlsServer(pair, { caPem: root.cert })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_invalid_chain' }, tls: null })
})

const timeoutMs = 300
// The deadline is kept far closer than this; a machine that runs other tests besides may be late.
const slackMs = 400
const misdeeds = await tlsMisdeeds(rich)

test.each(Object.entries(misdeeds))('keeps the deadline with a server that %s', async (_, misdeed) => {
  await using server = await startMisdoer(() => misdeed)
  const result = await probeHostile(server.port, `${timeoutMs}ms`)
  expect(result).toMatchObject({ outcome: 'down', tls: null })
  expect(result.error?.code).toMatch(/^tls_(?:timeout|not_tls|invalid_chain|handshake_failed)$/)
  expect(result.durationMs).toBeLessThan(timeoutMs + slackMs)
})

test('a handshake without end is left long before the deadline, as reading it holds up all other probes', async () => {
  await using server = await startMisdoer(() => misdeeds['asks for another hello without end'])
  const result = await probeHostile(server.port, '5s')
  expect(result).toMatchObject({
    error: {
      code: 'tls_handshake_failed',
      message: expect.stringMatching(/sent \d+ bytes and no end of the handshake/),
    },
  })
  expect(result.durationMs).toBeLessThan(2000)
})

test('memory stays flat under a thousand hostile targets at once', async () => {
  const all = Object.values(misdeeds)
  await using server = await startMisdoer((nth) => all[nth % all.length])
  const attack = async (): Promise<number> => {
    const probes = Array.from({ length: 1000 }, () => probeHostile(server.port, '1s'))
    const results = await Promise.all(probes)
    expect(results.filter(({ outcome }) => outcome !== 'down')).toEqual([])
    const { heapUsed, external } = process.memoryUsage()
    return (heapUsed + external) / 1024 / 1024
  }
  // The first time fills what stays: compiled code, buffers that are used again.
  await attack()
  const before = await attack()
  const after = await attack()
  expect(after - before).toBeLessThan(100)
})

const probeHostile = (port: number, timeout: string) =>
  probeDocument({ kind: 'tls', target: `127.0.0.1:${port}`, timeout })

function startMisdoer(pick: (nth: number) => Misdeed | undefined) {
  let count = 0
  return startTcpServer((socket) => {
    socket.on('error', () => {})
    const misdeed = pick(count++)
    socket.once('data', () => misdeed?.(socket))
  })
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
}
