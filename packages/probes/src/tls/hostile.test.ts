import type { Socket } from 'node:net'
import { Authority, selfSigned, startTcpServer, startTlsServer } from '@sonde/testkit/targets'
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

test.each([
  ['a byte at a time', 5, (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.from([byte]))],
  ['a record of nothing at a time', 5, () => Array.from({ length: 500 }, () => Buffer.from('1603030000', 'hex'))],
])('a handshake that comes %s ends at the deadline', async (_, everyMs, cut) => {
  const hello = await serverHello()
  await using server = await startTcpServer((socket) => drip(socket, cut(hello), everyMs))
  const startMs = performance.now()
  const result = await probeDocument({ kind: 'tls', target: `127.0.0.1:${server.port}`, timeout: '400ms' })
  expect(performance.now() - startMs).toBeLessThan(450)
  expect(result.outcome).toBe('down')
  expect(result.error?.code).toMatch(/^tls_/)
})

function drip(socket: Socket, chunks: Buffer[], everyMs: number): void {
  const timer = setInterval(() => {
    const chunk = chunks.shift()
    if (chunk === undefined) clearInterval(timer)
    else socket.write(chunk)
  }, everyMs)
  socket.on('close', () => clearInterval(timer))
}

/** What a server sends first, in TLS 1.2 so that it is its whole chain. */
async function serverHello(): Promise<Buffer> {
  await using server = await startTlsServer({ ...rich, maxVersion: 'TLSv1.2' })
  const { connect } = await import('node:tls')
  const { connect: dial } = await import('node:net')
  const raw = dial({ host: '127.0.0.1', port: server.port })
  const chunks: Buffer[] = []
  raw.on('data', (chunk: Buffer) => chunks.push(chunk))
  const secure = connect({ socket: raw, rejectUnauthorized: false, maxVersion: 'TLSv1.2' })
  await new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', resolve)
    secure.once('error', reject)
  })
  secure.destroy()
  return chunks.length === 0 ? Buffer.from('16030300ff02', 'hex') : Buffer.concat(chunks)
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
}
