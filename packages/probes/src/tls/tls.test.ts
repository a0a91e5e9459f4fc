import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { Authority, type KeyPair, selfSigned, startTcpServer, startTlsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'
import { ago, ahead, probeTlsServer, type ServerOptions } from './tls.fixture.ts'

const root = await Authority.create({ subject: 'CN=Test Root, O=Sonde' })
const intermediate = await root.intermediate()
const leaf = await intermediate.issue({ notAfter: ahead(30.5) })

const probeTls: typeof probeTlsServer = (pair, options) => probeTlsServer(pair, { caPem: root.cert, ...options })

test('is up for a whole chain that ends in a trusted root, and tells all of it', async () => {
  const result = await probeTls(leaf, { chain: [intermediate.cert] })
  expect(result).toMatchObject({ outcome: 'up', error: null, ip: '127.0.0.1', ipFamily: 4, http: null, dns: null })
  expect(result.tls).toMatchObject({
    version: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    alpn: null,
    authorized: true,
    serverName: 'localhost',
    daysLeft: 30.5,
    earliestExpiry: result.tls?.chain[0]?.notAfter,
    chain: [
      { subject: 'CN=localhost', issuer: 'CN=Test Intermediate', keyType: 'ec', keyBits: 256 },
      { subject: 'CN=Test Intermediate', issuer: 'O=Sonde,CN=Test Root', san: [], signature: 'ecdsa-with-SHA256' },
    ],
  })
  expect(result.tls?.chain[0]).toMatchObject({
    san: ['localhost', '127.0.0.1', '::1'],
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    serial: expect.stringMatching(/^[0-9a-f]+$/),
  })
  expect(result.phases).toMatchObject({ connectMs: expect.any(Number), tlsMs: expect.any(Number), ttfbMs: null })
})

test('the root counts when it is sent too, and the address as a name', async () => {
  const result = await probeTls(leaf, { chain: [intermediate.cert, root.cert], host: '127.0.0.1' })
  expect(result).toMatchObject({ outcome: 'up', tls: { serverName: '127.0.0.1', authorized: true } })
  expect(result.tls?.chain).toHaveLength(3)
})

test('an address is not sent as a name, and a name is (RFC 6066 3)', async () => {
  const names: string[] = []
  const server: TlsOptions = {
    SNICallback: (name, done) => {
      names.push(name)
      done(null)
    },
  }
  for (const host of ['127.0.0.1', 'localhost']) {
    expect(await probeTls(leaf, { chain: [intermediate.cert], host, server })).toMatchObject({ outcome: 'up' })
  }
  expect(names).toEqual(['localhost'])
})

test('an intermediate given as caPem is enough to trust', async () => {
  expect(await probeTls(leaf, { caPem: intermediate.cert })).toMatchObject({ outcome: 'up' })
})

const expiredIntermediate = await root.intermediate({
  subject: 'CN=Old Intermediate',
  notBefore: ago(9),
  notAfter: ago(3.5),
})
const expiredRoot = await Authority.create({ subject: 'CN=Old Root', notBefore: ago(9), notAfter: ago(2) })
const rsaRoot = await Authority.create({ rsaBits: 2048, hash: 'SHA-1' })
const otherRoot = await Authority.create({ subject: 'CN=Other Root' })
const otherIntermediate = await otherRoot.intermediate({ subject: 'CN=Other Intermediate' })
// Same names, other keys: a chain that looks right until its signatures are checked.
const twin = await (await Authority.create({ subject: 'CN=Test Root, O=Sonde' })).intermediate()

test.each<[string, string, KeyPair, ServerOptions, string]>([
  [
    'an expired leaf',
    'tls_expired',
    await root.issue({ notBefore: ago(9), notAfter: ago(3.5) }),
    {},
    'certificate `CN=localhost` (1st of 1) expired 3 days ago, on ',
  ],
  [
    'an expired intermediate below a leaf that is good',
    'tls_expired',
    await expiredIntermediate.issue(),
    { chain: [expiredIntermediate.cert] },
    'certificate `CN=Old Intermediate` (2nd of 2) expired 3 days ago, on ',
  ],
  [
    'a trusted root that has expired and was not sent',
    'tls_expired',
    await expiredRoot.issue(),
    { caPem: expiredRoot.cert },
    'the trusted root `CN=Old Root` that the chain ends in expired 2 days ago, on ',
  ],
  [
    'an expired leaf that nobody vouches for',
    'tls_expired',
    await selfSigned({ notBefore: ago(9), notAfter: ago(0.5) }),
    {},
    'expired 12 hours ago',
  ],
  [
    'a leaf of tomorrow',
    'tls_not_yet_valid',
    await root.issue({ notBefore: ahead(1.5) }),
    {},
    'certificate `CN=localhost` (1st of 1) is not valid for another 1 day, until ',
  ],
  [
    'a leaf for other names',
    'tls_hostname_mismatch',
    await root.issue({ names: ['a.example', '*.b.example'] }),
    {},
    'asked for localhost, the certificate `CN=a.example` is for a.example, *.b.example',
  ],
  [
    'a leaf whose name stands in its subject alone',
    'tls_hostname_mismatch',
    await root.issue({ subject: 'CN=localhost', names: [] }),
    {},
    'is for no name at all (it has no subjectAltName)',
  ],
  [
    'a leaf for another address',
    'tls_hostname_mismatch',
    await root.issue({ names: ['127.0.0.2', 'localhost'] }),
    { host: '127.0.0.1' },
    'asked for 127.0.0.1',
  ],
  ['a leaf that signs itself', 'tls_self_signed', await selfSigned(), {}, 'is signed by itself'],
  [
    'a leaf that signs itself, for another name',
    'tls_self_signed',
    await selfSigned({ names: ['other.example'] }),
    { caPem: null },
    'is signed by itself',
  ],
  [
    'a whole chain to a root that is not trusted',
    'tls_untrusted_root',
    await otherIntermediate.issue(),
    { chain: [otherIntermediate.cert, otherRoot.cert] },
    'the chain ends in certificate `CN=Other Root` (3rd of 3), which is not trusted here',
  ],
  [
    'a chain to a root that is neither sent nor trusted',
    'tls_untrusted_root',
    await otherIntermediate.issue(),
    { chain: [otherIntermediate.cert] },
    'the chain ends in certificate `CN=Other Intermediate` (2nd of 2), issued by `CN=Other Root`',
  ],
  [
    'a private leaf, seen with the public roots',
    'tls_untrusted_root',
    await root.issue(),
    { caPem: null },
    'which is not among the trusted roots',
  ],
  [
    'a leaf whose intermediate was left out',
    'tls_incomplete_chain',
    leaf,
    {},
    'the server sent only certificate `CN=localhost` (1st of 1), issued by `CN=Test Intermediate`, which it did not send',
  ],
  [
    'a public leaf whose intermediate was left out',
    'tls_incomplete_chain',
    await intermediate.issue({ issuerUrl: 'http://ca.example/i.crt' }),
    { caPem: null },
    'which it did not send',
  ],
  [
    'a leaf with the intermediate of another',
    'tls_incomplete_chain',
    leaf,
    { chain: [otherIntermediate.cert] },
    'which it did not send',
  ],
  [
    'a certificate that is for clients alone',
    'tls_invalid_chain',
    await root.issue({ usage: 'clientAuth' }),
    {},
    'certificate `CN=localhost` (1st of 1) is not for servers: its extended key usage is clientAuth',
  ],
  ['an RSA key of 1024 bits', 'tls_weak', await root.issue({ rsaBits: 1024 }), {}, 'has an RSA key of 1024 bits'],
  [
    'a signature with SHA-1',
    'tls_weak',
    await rsaRoot.issue(),
    { caPem: rsaRoot.cert, chain: [rsaRoot.cert] },
    'certificate `CN=localhost` (1st of 2) is signed with sha1WithRSAEncryption',
  ],
])('is down for %s: %s', async (_, code, pair, options, message) => {
  const result = await probeTls(pair, options)
  expect(result).toMatchObject({
    outcome: 'down',
    error: { code, phase: 'tls', message: expect.stringContaining(message) },
  })
  // Reported also when it fails: expiry must not vanish on the day of expiry.
  expect(result.tls?.authorized).toBe(false)
  expect(result.tls?.chain).toHaveLength(1 + (options?.chain?.length ?? 0))
})

test('a forged twin of a trusted intermediate does not verify', async () => {
  const result = await probeTls(await twin.issue(), { chain: [twin.cert] })
  expect(result).toMatchObject({ outcome: 'down', tls: { authorized: false } })
  expect(result.error?.code).toMatch(/^tls_(?:invalid_chain|untrusted_root)$/)
})

test('with insecureSkipVerify a bad chain is up, inspected and reported', async () => {
  const pair = await selfSigned({ notBefore: ago(9), notAfter: ago(3.5) })
  const result = await probeTls(pair, { tls: { insecureSkipVerify: true } })
  expect(result).toMatchObject({ outcome: 'up', tls: { authorized: false, daysLeft: -3.5 } })
})

test('serverName is asked for and judged by, whatever the host', async () => {
  const pair = await root.issue({ names: ['shop.example'] })
  const result = await probeTls(pair, { tls: { serverName: 'shop.example' } })
  expect(result).toMatchObject({ outcome: 'up', tls: { serverName: 'shop.example' } })
})

test('ALPN is told when one was agreed on', async () => {
  const server = { ALPNProtocols: ['h2'] }
  const result = await probeTls(leaf, { chain: [intermediate.cert], server, tls: { alpn: ['h2', 'http/1.1'] } })
  expect(result.tls?.alpn).toBe('h2')
})

test.each(['TLSv1', 'TLSv1.1'])(
  'tells a server that speaks %s at best, with its version, cipher and chain',
  async (version) => {
    const server = { minVersion: 'TLSv1', maxVersion: version }
    const chain = [intermediate.cert]
    expect(await probeTls(leaf, { chain, server })).toMatchObject({
      outcome: 'down',
      error: {
        code: 'tls_protocol_version',
        message: `the server speaks ${version} at best, the check wants TLSv1.2 or later`,
      },
      tls: { version, cipher: expect.stringContaining('_CBC_SHA'), authorized: true, chain: [{}, {}] },
    })
    const lowered = await probeTls(leaf, { chain, server, tls: { minVersion: 'TLSv1' } })
    expect(lowered).toMatchObject({ outcome: 'up', tls: { version } })
  },
)

test('an old version is told before a bad chain, and also when the chain is not to be judged', async () => {
  const server = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }
  for (const insecureSkipVerify of [false, true]) {
    const result = await probeTls(await selfSigned(), { server, tls: { insecureSkipVerify } })
    expect(result).toMatchObject({ error: { code: 'tls_protocol_version' }, tls: { authorized: false } })
  }
})

test('tells a server that is newer than the check’s maxVersion', async () => {
  const result = await probeTls(leaf, { server: { minVersion: 'TLSv1.3' }, tls: { maxVersion: 'TLSv1.2' } })
  const message = expect.stringMatching(/^the server speaks none of TLSv1 to TLSv1\.2 \(/)
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_protocol_version', message }, tls: null })
})

test.each(['TLSv1.2', 'TLSv1.3'])('tells a server that wants a client certificate, in %s', async (maxVersion) => {
  const server = { requestCert: true, rejectUnauthorized: true, maxVersion }
  const result = await probeTls(leaf, { chain: [intermediate.cert], server })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_client_cert_required' } })
})

test.each<[string, string, (socket: Socket) => unknown]>([
  ['tls_not_tls', 'speaks HTTP', (socket: Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['tls_not_tls', 'greets like SMTP', (socket: Socket) => socket.write('220 mail.example ESMTP\r\n')],
  ['tls_not_tls', 'echoes', (socket: Socket) => socket.pipe(socket)],
  ['tls_reset', 'hangs up', (socket: Socket) => socket.once('data', () => socket.end())],
  ['tls_reset', 'resets', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
  ['tls_timeout', 'says nothing', () => {}],
])('tells %s of a server that %s', async (code, _, behave) => {
  await using server = await startTcpServer((socket) => void behave(socket))
  const result = await probeDocument({ kind: 'tls', target: `127.0.0.1:${server.port}`, timeout: '300ms' })
  expect(result).toMatchObject({ outcome: 'down', error: { code, phase: 'tls' }, tls: null })
  expect(result.phases.tlsMs).toBeGreaterThan(0)
})

test('tells a handshake that the server breaks off', async () => {
  const result = await probeTls(leaf, { server: { ciphers: 'DHE-RSA-AES128-SHA', maxVersion: 'TLSv1.2' } })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_handshake_failed' } })
})

test('assertions see the certificate', async () => {
  await using server = await startTlsServer({ ...leaf, chain: [intermediate.cert] })
  const result = await probeDocument({
    kind: 'tls',
    target: `localhost:${server.port}`,
    tls: { caPem: root.cert },
    assertions: [
      { source: 'cert.daysLeft', op: 'gt', value: 20 },
      { source: 'cert.san', op: 'contains', value: 'localhost' },
      { source: 'cert.issuer', op: 'contains', value: 'Test Intermediate' },
      { source: 'cert.daysLeft', op: 'gt', value: 60 },
    ],
  })
  expect(result.assertions.map(({ ok }) => ok)).toEqual([true, true, true, false])
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'assertion_failed' } })
  expect(result.error?.message).toBe('expected cert.daysLeft gt 60, found 30.5')
})
