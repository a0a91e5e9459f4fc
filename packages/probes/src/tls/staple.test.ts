import { Authority, hasOpenssl, ocspAnswer, startOpensslServer, temporaryFolder } from '@sonde/testkit/targets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'
import { readLink } from './chain.ts'
import { DerError } from './der.ts'
import { readOcsp } from './ocsp.ts'
import { judgeStaple } from './staple.ts'
import { probeTlsServer } from './tls.fixture.ts'

const root = await Authority.create()
const intermediate = await root.intermediate()
const leaf = await intermediate.issue()
const must = await intermediate.issue({ mustStaple: true })
const whole = { chain: [intermediate.cert], caPem: root.cert }

test('must-staple without a staple is told', async () => {
  expect(await probeTlsServer(must, whole)).toMatchObject({
    outcome: 'down',
    error: { code: 'tls_invalid_chain', message: expect.stringContaining('(must-staple): the server sent none') },
  })
  expect(await probeTlsServer(leaf, whole)).toMatchObject({ outcome: 'up' })
})

test.each([
  ['garbage', Buffer.from('garbage')],
  ['tryLater', Buffer.from('30030a0103', 'hex')],
  ['an endless length', Buffer.from('3084ffffffff', 'hex')],
])('a staple that is %s counts as none', async (_, staple) => {
  expect(await probeTlsServer(leaf, { ...whole, server: { staple } })).toMatchObject({
    outcome: 'up',
    tls: { ocsp: null },
  })
  expect(await probeTlsServer(must, { ...whole, server: { staple } })).toMatchObject({
    error: { code: 'tls_invalid_chain', message: expect.stringContaining('must-staple') },
  })
})

describe.skipIf(!hasOpenssl)('with the answers of openssl', () => {
  const answer = (options: Partial<Parameters<typeof ocspAnswer>[0]> = {}) =>
    ocspAnswer({ issuer: intermediate, cert: leaf.cert, status: 'good', ...options })

  test.each(['sha1', 'sha256'] as const)('a good one is up, by %s', async (hash) => {
    const staple = await answer({ cert: must.cert, hash })
    expect(await probeTlsServer(must, { ...whole, server: { staple } })).toMatchObject({
      outcome: 'up',
      tls: {
        ocsp: { status: 'good', thisUpdate: expect.stringMatching(/Z$/), nextUpdate: expect.stringMatching(/Z$/) },
      },
    })
  })

  test('one of an authority with RSA counts, where the root itself issued', async () => {
    const issuer = await Authority.create({ rsaBits: 2048 })
    const pair = await issuer.issue({ mustStaple: true })
    const staple = await answer({ issuer, cert: pair.cert })
    expect(await probeTlsServer(pair, { caPem: issuer.cert, server: { staple } })).toMatchObject({ outcome: 'up' })
  })

  test('a revoked one is tls_revoked, before the name is looked at', async () => {
    const pair = await intermediate.issue({ names: ['other.example'] })
    const staple = await answer({ cert: pair.cert, status: 'revoked' })
    expect(await probeTlsServer(pair, { ...whole, server: { staple } })).toMatchObject({
      outcome: 'down',
      error: {
        code: 'tls_revoked',
        message: expect.stringMatching(
          /^certificate `CN=other\.example` \(1st of 2\) was revoked \d+ days ago \(keyCompromise\)/,
        ),
      },
      tls: { authorized: false, ocsp: { status: 'revoked' } },
    })
  })

  test('a delegate of the issuer may sign, and nobody else', async () => {
    const delegate = await intermediate.issue({ names: ['ocsp.example'], usage: 'ocspSigning' })
    const server = await intermediate.issue({ names: ['ocsp.example'] })
    const stranger = await root.issue({ names: ['ocsp.example'], usage: 'ocspSigning' })
    const codes = []
    for (const signer of [delegate, server, stranger]) {
      const staple = await answer({ signer, status: 'revoked' })
      const result = await probeTlsServer(leaf, { ...whole, server: { staple } })
      codes.push(result.error?.code ?? 'up')
    }
    expect(codes).toEqual(['tls_revoked', 'up', 'up'])
  })

  test('an answer for another certificate, or of a responder that knows nothing, is none', async () => {
    for (const staple of [await answer(), await answer({ cert: must.cert, status: 'unknown' })]) {
      expect(await probeTlsServer(must, { ...whole, server: { staple } })).toMatchObject({
        error: { code: 'tls_invalid_chain', message: expect.stringContaining('must-staple') },
      })
    }
  })

  test('an answer counts from its thisUpdate to its nextUpdate', async () => {
    const staple = await answer({ status: 'revoked' })
    const links = [leaf, intermediate].map(({ cert }) => readLink(derOf(cert)))
    const judged = (days: number) =>
      judgeStaple(links as [(typeof links)[0]], { staple, caPem: root.cert, nowMs: Date.now() + days * 86_400_000 })
    expect([-1, 0, 6, 8].map((days) => judged(days)?.code)).toEqual([
      undefined,
      'tls_revoked',
      'tls_revoked',
      undefined,
    ])
  })

  test('openssl s_server staples it too', async () => {
    await using folder = await temporaryFolder()
    const file = await folder.write('answer.der', await answer({ status: 'revoked' }))
    await using server = await startOpensslServer({ ...leaf, chain: [intermediate.cert] }, ['-status_file', file])
    const result = await probeDocument({ kind: 'tls', target: `localhost:${server.port}`, tls: { caPem: root.cert } })
    expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_revoked' } })
  })

  test('an answer that was tampered with says nothing, and breaks nothing', async () => {
    const staple = await answer({ status: 'revoked' })
    const [certificate, issuer] = [leaf, intermediate].map(({ cert }) => readLink(derOf(cert)).x509)
    fc.assert(
      fc.property(fc.nat(staple.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(staple.length), (at, by, end) => {
        const broken = Buffer.from(staple)
        broken.writeUInt8((broken[at] as number) ^ by, at)
        for (const one of [broken, staple.subarray(0, end)]) {
          try {
            readOcsp(one, certificate as never, issuer as never, Date.now())
          } catch (error) {
            expect(error instanceof DerError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_')).toBe(true)
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
}
