import { Check } from '@sonde/core'
import { Authority, type KeyPair, startTlsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { egressPolicy } from '../net/egress.ts'
import { probe } from '../probe.ts'
import { ago, ahead } from './tls.fixture.ts'

const root = await Authority.create({ subject: 'CN=Test Root' })
const hourMs = 3_600_000
const hours = (count: number) => count / 24

/** Probes as a worker whose own clock is `offMs` ahead of the true time. */
async function probeWithClock(offMs: number, pair: KeyPair, tls: object = { caPem: root.cert }) {
  await using server = await startTlsServer({ ...pair })
  const check = Check.parse({ key: 'test', kind: 'tls', target: `localhost:${server.port}`, timeout: '2s', tls })
  const egress = egressPolicy({ deny: [], allow: [] })
  const now = () => Date.now() - offMs
  return await probe(check, { region: 'test', slot: new Date(now()), egress, now })
}

test.each([
  ['valid still, though the machine says it has expired', hourMs, { notAfter: ago(hours(0.5)) }, null],
  ['valid already, though the machine says not yet', -hourMs, { notBefore: ahead(hours(0.5)) }, null],
  ['expired, though the machine says it is valid', -hourMs, { notAfter: ahead(hours(0.5)) }, 'tls_expired'],
  ['not yet valid, though the machine says it is', hourMs, { notBefore: ago(hours(0.5)) }, 'tls_not_yet_valid'],
  ['expired by either clock', hourMs, { notAfter: ago(hours(2)) }, 'tls_expired'],
])('with a clock an hour off a certificate is %s', async (_, offMs, validity, code) => {
  const result = await probeWithClock(offMs, await root.issue(validity))
  expect(result.error?.code ?? null).toBe(code)
  expect(result.tls?.authorized).toBe(code === null)
  expect(Math.abs(Date.parse(result.startedAt ?? '') - (Date.now() - offMs))).toBeLessThan(2000)
})

test('what else is wrong with it is told all the same', async () => {
  const expiredHere = await root.issue({ notAfter: ago(hours(0.5)) })
  expect((await probeWithClock(hourMs, expiredHere, {})).error?.code).toBe('tls_untrusted_root')
  const elsewhere = await root.issue({ notAfter: ago(hours(0.5)), names: ['elsewhere.example'] })
  expect((await probeWithClock(hourMs, elsewhere)).error?.code).toBe('tls_hostname_mismatch')
})
