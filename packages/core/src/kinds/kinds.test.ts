import { expect, test } from 'vitest'
import { Check } from '../check.ts'
import { problemsOf } from '../problem.ts'

const http = { key: 'a', kind: 'http', target: 'http://a.example/' }
const tls = { key: 'a', kind: 'tls', target: 'a.example:443' }
const unreadable = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'

test.each([
  [
    { ...http, http: { headers: { 'Content-Length': '1' } } },
    'http.headers.Content-Length',
    'belongs to the connection',
  ],
  [{ ...http, http: { headers: { Upgrade: 'x' } } }, 'http.headers.Upgrade', 'belongs to the connection'],
  [
    { ...http, http: { tls: { maxVersion: 'TLSv1.1' } } },
    'http.tls.maxVersion',
    'expected minVersion (TLSv1.2) or later',
  ],
  [{ ...tls, tls: { maxVersion: 'TLSv1' } }, 'tls.maxVersion', 'expected minVersion (TLSv1.2) or later'],
  [{ ...tls, tls: { caPem: 'x' } }, 'tls.caPem', 'found none'],
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
