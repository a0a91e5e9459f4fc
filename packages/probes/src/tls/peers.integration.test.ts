import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { query } from '@sonde/testkit'
import {
  Authority,
  hasMailServer,
  hasMariadb,
  hasOpenssl,
  hasProsody,
  hasSlapd,
  hasVsftpd,
  startMailServer,
  startMariadb,
  startOpensslServer,
  startProsody,
  startSlapd,
  startVsftpd,
} from '@sonde/testkit/targets'
import { describe, expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'

const root = await Authority.create({ rsaBits: 2048 })
const intermediate = await root.intermediate()
const leaf = await intermediate.issue()
const whole = { ...leaf, chain: [intermediate.cert] }

const probeTls = (port: number, tls: object = {}) =>
  probeDocument({ kind: 'tls', target: `localhost:${port}`, timeout: '3s', tls: { caPem: root.cert, ...tls } })

describe.skipIf(!hasMailServer)('nginx as a mail server', () => {
  test('turns to TLS in each of its protocols', async () => {
    await using server = await startMailServer(whole)
    for (const starttls of ['smtp', 'imap', 'pop3'] as const) {
      const result = await probeTls(server[starttls], { starttls })
      expect(result).toMatchObject({ outcome: 'up', error: null, tls: { authorized: true, chain: [{}, {}] } })
    }
    expect(await probeTls(server.smtp, { starttls: 'imap' })).toMatchObject({ error: { code: 'tls_not_tls' } })
  })
})

describe.skipIf(!hasVsftpd)('vsftpd', () => {
  test('turns to TLS', async () => {
    await using server = await startVsftpd(whole)
    const result = await probeTls(server.port, { starttls: 'ftp' })
    expect(result).toMatchObject({ outcome: 'up', error: null, tls: { authorized: true, chain: [{}, {}] } })
    expect(await probeTls(server.port, { starttls: 'ldap' })).toMatchObject({ error: { code: 'tls_not_tls' } })
  })
})

describe.skipIf(!hasSlapd)('slapd', () => {
  test('turns to TLS, which there is GnuTLS', async () => {
    await using server = await startSlapd(whole)
    const result = await probeTls(server.port, { starttls: 'ldap' })
    expect(result).toMatchObject({ outcome: 'up', error: null, tls: { authorized: true, chain: [{}, {}] } })
  })
})

describe.skipIf(!hasProsody)('prosody', () => {
  test('turns to TLS', async () => {
    await using server = await startProsody(whole)
    const result = await probeTls(server.port, { starttls: 'xmpp' })
    expect(result).toMatchObject({ outcome: 'up', error: null, tls: { authorized: true, chain: [{}, {}] } })
  })
})

describe.skipIf(!hasMariadb)('MariaDB', () => {
  test('turns to TLS', async () => {
    await using server = await startMariadb(whole)
    const result = await probeTls(server.port, { starttls: 'mysql' })
    expect(result).toMatchObject({ outcome: 'up', error: null, tls: { authorized: true, chain: [{}, {}] } })
  })

  test('says which version it is where TLS is switched off', async () => {
    await using server = await startMariadb(whole, { tls: false })
    expect(await probeTls(server.port, { starttls: 'mysql' })).toMatchObject({
      outcome: 'down',
      error: { code: 'tls_not_tls', message: expect.stringMatching(/has TLS switched off .*: version .*MariaDB/) },
    })
  })
})

test('PostgreSQL turns to TLS once it is switched on, and says N before', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sonde-postgres-'))
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => {} })
  try {
    const port = Number(new URL(postgres.url).port)
    const target = `127.0.0.1:${port}`
    const tls = { starttls: 'postgres', caPem: root.cert }
    expect(await probeDocument({ kind: 'tls', target, tls })).toMatchObject({
      outcome: 'down',
      error: { code: 'tls_not_tls', message: expect.stringContaining('has TLS switched off') },
    })
    const { uid, gid } = await stat(postgres.cluster)
    for (const [name, text] of [
      ['server.crt', `${leaf.cert}\n${intermediate.cert}`],
      ['server.key', leaf.key],
    ] as const) {
      const path = join(postgres.cluster, name)
      await writeFile(path, text, { mode: 0o600 })
      await chown(path, uid, gid)
    }
    await query(postgres.url, 'alter system set ssl = on', 'select pg_reload_conf()')
    await expect
      .poll(() => probeDocument({ kind: 'tls', target, tls }), { timeout: 5000 })
      .toMatchObject({ outcome: 'up', tls: { authorized: true, serverName: '127.0.0.1', chain: [{}, {}] } })
  } finally {
    await postgres.stop()
    await removeEmbeddedPostgres({ dataDir, cluster: postgres.cluster })
    await rm(dataDir, { recursive: true, force: true })
  }
})

describe.skipIf(!hasOpenssl)('openssl s_server', () => {
  const lax = ['-cipher', 'ALL:@SECLEVEL=0']

  test.each([
    ['-tls1', 'TLSv1'],
    ['-tls1_1', 'TLSv1.1'],
  ])('of %s is reported with what it speaks', async (flag, version) => {
    await using server = await startOpensslServer(whole, [flag, ...lax])
    expect(await probeTls(server.port)).toMatchObject({
      outcome: 'down',
      error: {
        code: 'tls_protocol_version',
        message: `the server speaks ${version} at best, the check wants TLSv1.2 or later`,
      },
      tls: { version, cipher: expect.stringMatching(/^TLS_/), authorized: true, chain: [{}, {}] },
    })
    expect(await probeTls(server.port, { minVersion: 'TLSv1' })).toMatchObject({ outcome: 'up', tls: { version } })
  })

  test.each(['-tls1_2', '-tls1_3'])('of %s is up', async (flag) => {
    await using server = await startOpensslServer(whole, [flag])
    const version = `TLSv1.${flag.slice(-1)}`
    expect(await probeTls(server.port, { minVersion: version })).toMatchObject({ outcome: 'up', tls: { version } })
  })

  test('without session tickets is up, a little later', async () => {
    await using server = await startOpensslServer(whole, ['-num_tickets', '0'])
    const result = await probeTls(server.port)
    expect(result).toMatchObject({ outcome: 'up' })
    expect(result.durationMs).toBeLessThan(300)
  })

  test('that speaks other groups alone is up', async () => {
    for (const groups of ['P-384', 'X448', 'P-521']) {
      await using server = await startOpensslServer(whole, ['-groups', groups])
      expect(await probeTls(server.port)).toMatchObject({ outcome: 'up' })
    }
  })

  test('agrees on a protocol by ALPN, and a weak key is seen and told', async () => {
    const weak = await root.issue({ rsaBits: 1024 })
    await using server = await startOpensslServer(weak, [...lax, '-alpn', 'h2'])
    const result = await probeTls(server.port, { alpn: ['h2', 'http/1.1'] })
    expect(result).toMatchObject({
      outcome: 'down',
      error: { code: 'tls_weak' },
      tls: { alpn: 'h2', version: 'TLSv1.3' },
    })
  })
})
