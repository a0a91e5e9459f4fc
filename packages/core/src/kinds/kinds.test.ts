import { createPrivateKey } from 'node:crypto'
import { selfSigned } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { Check } from '../check.ts'
import { problemsOf } from '../problem.ts'

const http = { key: 'a', kind: 'http', target: 'http://a.example/' }
const tls = { key: 'a', kind: 'tls', target: 'a.example:443' }
const { cert: certificate, key } = await selfSigned()
const { key: otherKey } = await selfSigned()
const sealedKey = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
const unreadable = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'

test.each([
  [
    { ...http, http: { headers: { 'Content-Length': '1' } } },
    'http.headers.Content-Length',
    'belongs to the connection',
  ],
  [{ ...http, http: { headers: { Upgrade: 'x' } } }, 'http.headers.Upgrade', 'belongs to the connection'],
  [{ ...http, http: { headers: { Expect: '200-ok' }, body: 'x' } }, 'http.headers.Expect', 'expected 100-continue'],
  [{ ...http, http: { headers: { expect: '100-continue' } } }, 'http.headers.expect', 'the check has none'],
  [
    { ...http, http: { tls: { maxVersion: 'TLSv1.1' } } },
    'http.tls.maxVersion',
    'expected minVersion (TLSv1.2) or later',
  ],
  [{ ...tls, tls: { maxVersion: 'TLSv1' } }, 'tls.maxVersion', 'expected minVersion (TLSv1.2) or later'],
  [{ ...tls, tls: { caPem: 'x' } }, 'tls.caPem', 'found none'],
  [{ ...tls, tls: { caPem: certificate, caFile: '/ca.pem' } }, 'tls.caFile', 'expected either caPem or caFile'],
  [{ ...tls, tls: { certPem: certificate } }, 'tls.keyPem', 'is required with certPem'],
  [{ ...http, http: { tls: { keyPem: key } } }, 'http.tls.certPem', 'is required with keyPem'],
  [
    { ...tls, tls: { certPem: certificate, keyPem: otherKey } },
    'tls.keyPem',
    'expected the key of the first certificate',
  ],
  [{ ...tls, tls: { certPem: certificate, keyPem: 'x' } }, 'tls.keyPem', 'expected a private key in PEM'],
  [{ ...tls, tls: { certPem: certificate, keyPem: sealedKey } }, 'tls.keyPem', 'without a passphrase'],
  [{ ...tls, tls: { starttls: 'telnet' } }, 'tls.starttls', 'expected "smtp" or "imap"'],
  [{ ...tls, tls: { caPem: unreadable } }, 'tls.caPem', 'number 1 of 1 cannot be read'],
])('refuses a setting that no probe could use: %j', (document, path, message) => {
  const parsed = Check.safeParse(document)
  expect(parsed.success ? [] : problemsOf(parsed.error)).toEqual([{ path, message: expect.stringContaining(message) }])
})

test('takes a version range and headers that are the user’s own', () => {
  const headers = { Authorization: 'Bearer x', Host: 'b.example' }
  const parsed = Check.parse({ ...http, http: { headers, tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } } })
  expect(parsed).toMatchObject({ http: { headers, tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } } })
})

test('takes a client certificate with its key, and a file of authorities', () => {
  const block = { certPem: certificate, keyPem: key, caFile: '/etc/ssl/ca.pem' }
  expect(Check.parse({ ...tls, tls: { ...block, starttls: 'smtp' } })).toMatchObject({ tls: block })
  expect(Check.parse({ ...http, http: { tls: block } })).toMatchObject({ http: { tls: block } })
})
