import {
  Authority,
  hasOpenssl,
  type KeyPair,
  startHttpServer,
  startOpensslServer,
  startTlsServer,
  temporaryFolder,
} from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeDocument, probeHttp } from '../probe.fixture.ts'

const root = await Authority.create()
const leaf = await root.issue()
const client = await root.issue({ names: ['client.example'], usage: 'clientAuth' })
const stranger = await (await Authority.create({ subject: 'CN=Other Root' })).issue({ usage: 'clientAuth' })

const demanding = { ...leaf, requestCert: true, rejectUnauthorized: true, ca: root.cert }
const block = (pair?: KeyPair) => ({
  caPem: root.cert,
  ...(pair === undefined ? {} : { certPem: pair.cert, keyPem: pair.key }),
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'shows its certificate to a server that asks for one, in %s',
  async (maxVersion) => {
    await using server = await startTlsServer({ ...demanding, maxVersion })
    const target = `localhost:${server.port}`
    expect(await probeDocument({ kind: 'tls', target, tls: block(client) })).toMatchObject({ outcome: 'up' })
    expect(server.handshakes()).toBe(1)
    expect(await probeDocument({ kind: 'tls', target, tls: block() })).toMatchObject({
      error: { code: 'tls_client_cert_required' },
    })
  },
)

test.skipIf(!hasOpenssl).each(['TLSv1.2', 'TLSv1.3'] as const)(
  'tells a server that refuses its certificate, in %s',
  async (maxVersion) => {
    await using folder = await temporaryFolder()
    const args = ['-Verify', '1', '-verify_return_error', '-CAfile', await folder.write('ca.pem', root.cert)]
    await using server = await startOpensslServer(leaf, [...args, maxVersion === 'TLSv1.2' ? '-tls1_2' : '-tls1_3'])
    const result = await probeDocument({ kind: 'tls', target: `localhost:${server.port}`, tls: block(stranger) })
    const message = expect.stringMatching(/^the server refuses our client certificate: /)
    expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_client_cert_required', message } })
  },
)

test('shows it under http and tcp as well', async () => {
  await using server = await startHttpServer(undefined, { tls: demanding })
  expect(await probeHttp(server.url, { tls: block(client) })).toMatchObject({ outcome: 'up' })
  const tcp = { tls: block(client), send: 'GET / HTTP/1.0\r\n\r\n', expect: '^HTTP/1.1 200' }
  expect(await probeDocument({ kind: 'tcp', target: `localhost:${server.port}`, tcp })).toMatchObject({ outcome: 'up' })
})

test('trusts the authorities of a file, and those that it has later', async () => {
  await using folder = await temporaryFolder()
  await using server = await startTlsServer(leaf)
  const caFile = await folder.write('ca.pem', stranger.cert)
  const document = { kind: 'tls', target: `localhost:${server.port}`, tls: { caFile } } as const
  expect(await probeDocument(document)).toMatchObject({ error: { code: 'tls_incomplete_chain' } })
  await folder.write('ca.pem', `${stranger.cert}\n${root.cert}`)
  expect(await probeDocument(document)).toMatchObject({ outcome: 'up' })
})

test('a file that cannot be used is our own fault, not the target’s', async () => {
  await using folder = await temporaryFolder()
  await using server = await startTlsServer(leaf)
  const probing = (caFile: string) =>
    probeDocument({ kind: 'tls', target: `localhost:${server.port}`, tls: { caFile } })
  await expect(probing('/nowhere/ca.pem')).rejects.toMatchObject({
    cause: { name: 'CaFileError', message: 'caFile: /nowhere/ca.pem cannot be read (ENOENT)' },
  })
  const empty = await folder.write('empty.pem', 'nothing')
  await expect(probing(empty)).rejects.toMatchObject({
    cause: { name: 'CaFileError', message: expect.stringContaining('expected certificates in PEM') },
  })
})

test.skipIf(!hasOpenssl)('tells a server of HTTP that refuses its certificate after the handshake', async () => {
  await using folder = await temporaryFolder()
  const args = ['-www', '-Verify', '1', '-verify_return_error', '-CAfile', await folder.write('ca.pem', root.cert)]
  await using server = await startOpensslServer(leaf, args)
  const url = `https://localhost:${server.port}/`
  expect(await probeHttp(url, { tls: block(client), httpVersion: '1.1' })).toMatchObject({ outcome: 'up' })
  const refused = await probeHttp(url, { tls: block(stranger), httpVersion: '1.1' })
  const message = 'the server refuses our client certificate: tlsv1 alert unknown ca'
  expect(refused).toMatchObject({ outcome: 'down', error: { code: 'tls_client_cert_required', message } })
})
