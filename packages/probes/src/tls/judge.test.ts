import { Authority, type KeyPair, selfSigned } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { ago, ahead, probeTlsServer, type ServerOptions } from './tls.fixture.ts'

const root = await Authority.create({ subject: 'CN=Test Root' })
const intermediate = await root.intermediate()
const leaf = await intermediate.issue()

/** What an intermediate made with these options, and below it a leaf for localhost, amount to. */
async function below(
  authority: Parameters<Authority['intermediate']>[0],
  issue = {},
): Promise<[KeyPair, ServerOptions]> {
  const one = await root.intermediate(authority)
  return [await one.issue(issue), { chain: [one.cert], caPem: root.cert }]
}

const short = await root.intermediate({ subject: 'CN=Short', pathLength: 0 })
const tooDeep = await short.intermediate({ subject: 'CN=Deep' })
const loopback = '7f000001ffffffff'

test.each<[string, string, [KeyPair, ServerOptions]]>([
  [
    'an issuer that is no authority',
    'certificate `CN=Test Intermediate` (2nd of 2) issued certificate `CN=localhost` (1st of 2) but is no authority (basicConstraints)',
    await below({ isAuthority: false }),
  ],
  [
    'an issuer that may not sign certificates',
    'but may not sign certificates (its key usage is digitalSignature, cRLSign)',
    await below({ maySign: false }),
  ],
  [
    'an issuer for clients alone',
    'certificate `CN=Test Intermediate` (2nd of 2) may not issue for servers: its extended key usage is clientAuth',
    await below({ usage: 'clientAuth' }),
  ],
  [
    'more authorities than one of them allows',
    'certificate `CN=Short` (3rd of 3) allows 0 authorities below it (path length), the chain has 1',
    [await tooDeep.issue(), { chain: [tooDeep.cert, short.cert], caPem: root.cert }],
  ],
  [
    'a name that its authority may not issue for',
    'may not issue for localhost: its name constraints do not permit it',
    await below({ permitted: ['inside.example'] }, { names: ['www.inside.example', 'localhost'] }),
  ],
  [
    'a name that its authority is kept from',
    'may not issue for a.localhost: its name constraints exclude it',
    await below({ excluded: ['localhost'] }, { names: ['a.localhost', 'b.example'] }),
  ],
  [
    'an address beyond its authority’s',
    'may not issue for 127.0.0.2: its name constraints do not permit it',
    await below({ permitted: [loopback] }, { names: ['127.0.0.1', '127.0.0.2'] }),
  ],
  [
    'a critical extension that nobody knows',
    'certificate `CN=localhost` (1st of 2) has a critical extension that is not understood (1.2.3.4)',
    await below({}, { extensions: [{ oid: '1.2.3.4', value: '0500', critical: true }] }),
  ],
  [
    'a key usage without any use for TLS',
    'certificate `CN=localhost` (1st of 2) may not be used for TLS: its key usage is cRLSign',
    await below({}, { extensions: [{ oid: '2.5.29.15', value: '03020102', critical: true }] }),
  ],
])('names %s', async (_, message, [pair, options]) => {
  const result = await probeTlsServer(pair, options)
  expect(result).toMatchObject({
    outcome: 'down',
    error: { code: 'tls_invalid_chain', message: expect.stringContaining(message) },
    tls: { authorized: false },
  })
})

test('what keeps to the constraints of its authority is up', async () => {
  const [pair, options] = await below({ permitted: ['localhost', loopback] }, { names: ['localhost', '127.0.0.1'] })
  expect(await probeTlsServer(pair, options)).toMatchObject({ outcome: 'up' })
})

test('a forged signature is told with the name that it abuses', async () => {
  const twin = await Authority.create({ subject: 'CN=Test Root' })
  const forged = await (await twin.intermediate()).issue()
  // The chain names the true intermediate, which never signed the leaf.
  const result = await probeTlsServer(forged, { chain: [intermediate.cert], caPem: root.cert })
  expect(result).toMatchObject({ outcome: 'down', error: { code: expect.stringMatching(/incomplete|invalid/) } })
})

const oldRoot = await Authority.create({ subject: 'CN=Old Root', notBefore: ago(900), notAfter: ago(2) })
const newRoot = await Authority.create({ subject: 'CN=New Root' })
const middle = await newRoot.intermediate({ subject: 'CN=Middle' })
const served = await middle.issue()
const expiredCross = await oldRoot.crossSign(newRoot, { notBefore: ago(800), notAfter: ago(2.5) })
const weakRoot = await Authority.create({ subject: 'CN=Weak Root', rsaBits: 2048, hash: 'SHA-1' })
const weakCross = await weakRoot.crossSign(newRoot, { hash: 'SHA-1' })

test('an expired cross-sign is told also where the leaf is trusted without it', async () => {
  const result = await probeTlsServer(served, { chain: [middle.cert, expiredCross.cert], caPem: newRoot.cert })
  const message = /^certificate `CN=New Root` \(3rd of 3\) expired 2 days ago, on .+; the leaf is trusted without it$/
  expect(result).toMatchObject({
    outcome: 'down',
    error: {
      code: 'tls_expired',
      message: expect.stringMatching(message),
      remedy: expect.stringContaining('taking it out of what is sent will do'),
    },
    tls: { authorized: false, daysLeft: -2.5, chain: [{}, {}, {}] },
  })
})

test('an expired certificate that has nothing to do with the others is told', async () => {
  const stray = await selfSigned({ notBefore: ago(9), notAfter: ago(3.5), names: ['stray.example'] })
  for (const caPem of [newRoot.cert, root.cert]) {
    const result = await probeTlsServer(served, { chain: [middle.cert, stray.cert], caPem })
    expect(result).toMatchObject({
      error: { code: 'tls_expired', message: expect.stringContaining('(3rd of 3) expired 3 days ago') },
      tls: { daysLeft: -3.5 },
    })
    expect(result.error?.message.includes('trusted without it')).toBe(caPem === newRoot.cert)
  }
})

test('a certificate that is sent before its time is told, after one that has expired', async () => {
  const unborn = await selfSigned({ notBefore: ahead(3.5), notAfter: ahead(9), names: ['unborn.example'] })
  const options = { caPem: newRoot.cert }
  expect(await probeTlsServer(served, { ...options, chain: [middle.cert, unborn.cert] })).toMatchObject({
    error: {
      code: 'tls_not_yet_valid',
      message: expect.stringContaining('(3rd of 3) is not valid for another 3 days'),
    },
  })
  const chain = [middle.cert, unborn.cert, expiredCross.cert]
  expect(await probeTlsServer(served, { ...options, chain })).toMatchObject({ error: { code: 'tls_expired' } })
})

test('the same cross-sign is what has expired where only the old root is trusted', async () => {
  const result = await probeTlsServer(served, { chain: [middle.cert, expiredCross.cert], caPem: oldRoot.cert })
  const message = expect.stringContaining('certificate `CN=New Root` (3rd of 3) expired 2 days ago, on ')
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_expired', message } })
})

test('of two certificates of one authority the expired one is told, in whichever order they come', async () => {
  const old = await oldRoot.crossSign(intermediate, { notBefore: ago(800), notAfter: ago(2.5) })
  for (const chain of [
    [old.cert, intermediate.cert],
    [intermediate.cert, old.cert],
  ]) {
    expect(await probeTlsServer(leaf, { chain, caPem: root.cert })).toMatchObject({
      error: {
        code: 'tls_expired',
        message: expect.stringContaining(`(${chain.indexOf(old.cert) === 0 ? '2nd' : '3rd'} of 3)`),
      },
    })
  }
})

test('a weak cross-sign that nobody needs is no weakness', async () => {
  const options = { chain: [middle.cert, weakCross.cert] }
  expect(await probeTlsServer(served, { ...options, caPem: newRoot.cert })).toMatchObject({ outcome: 'up' })
  expect(await probeTlsServer(served, { ...options, caPem: weakRoot.cert })).toMatchObject({
    outcome: 'down',
    error: { code: 'tls_weak', message: 'certificate `CN=New Root` (3rd of 3) is signed with sha1WithRSAEncryption' },
  })
})

test('verdicts come in their order: time, trust, validity, name, weakness', async () => {
  const wrong = { names: ['other.example'], rsaBits: 1024 }
  const stranger = await Authority.create({ subject: 'CN=Stranger' })
  const codes = []
  for (const [pair, chain] of [
    [await stranger.issue({ ...wrong, usage: 'clientAuth', notBefore: ago(9), notAfter: ago(3) }), []],
    [await stranger.issue({ ...wrong, usage: 'clientAuth', notBefore: ahead(3) }), []],
    [await stranger.issue({ ...wrong, usage: 'clientAuth' }), [stranger.cert]],
    [await root.issue({ ...wrong, usage: 'clientAuth' }), []],
    [await root.issue(wrong), []],
    [await root.issue({ rsaBits: 1024 }), []],
  ] as const) {
    const result = await probeTlsServer(pair, { chain: [...chain], caPem: root.cert })
    codes.push(result.error?.code)
  }
  expect(codes).toEqual([
    'tls_expired',
    'tls_not_yet_valid',
    'tls_untrusted_root',
    'tls_invalid_chain',
    'tls_hostname_mismatch',
    'tls_weak',
  ])
})

test.each([
  ['www.example.test', '*.example.test', true],
  ['WWW.EXAMPLE.test', '*.example.test', true],
  ['a.www.example.test', '*.example.test', false],
  ['example.test', '*.example.test', false],
  ['www.example.test', 'w*.example.test', false],
  ['www.example.test', 'www.*.test', false],
  ['www.example.test', 'www.example.test.', false],
  ['bücher.example.test', 'xn--bcher-kva.example.test', true],
  ['10.0.0.1', '10.0.0.1', true],
  ['10.0.0.1', '*.0.0.1', false],
  ['::1', '::1', true],
  ['0:0:0:0:0:0:0:1', '::1', true],
])('asked for %s, a certificate for %s counts: %s', async (serverName, name, good) => {
  const pair = await root.issue({ subject: `CN=${good ? 'x' : serverName.replace(/[^\w.]/g, '')}`, names: [name] })
  const result = await probeTlsServer(pair, { caPem: root.cert, tls: { serverName } })
  expect(result.error?.code ?? 'up').toBe(good ? 'up' : 'tls_hostname_mismatch')
})
