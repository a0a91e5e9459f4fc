import { X509Certificate } from 'node:crypto'
import { Authority } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { certificateFacts, subjectAltNames } from './certificate.ts'

test('lists names and addresses plainly, and everything else with its kind', () => {
  const text =
    'DNS:a.example, DNS:*.b.example, IP Address:192.0.2.1, IP Address:0:0:0:0:0:0:0:1, URI:https://c.example/'
  expect(subjectAltNames(text)).toEqual(['a.example', '*.b.example', '192.0.2.1', '::1', 'URI:https://c.example/'])
  expect(subjectAltNames(undefined)).toEqual([])
})

test('a name with a comma in it does not pass for two', () => {
  expect(subjectAltNames('DNS:"a.example, DNS:b.example", DNS:c.example')).toEqual([
    'a.example, DNS:b.example',
    'c.example',
  ])
})

test('writes names the most special part first, and tells keys by kind and size', async () => {
  const root = await Authority.create({ rsaBits: 2048, subject: 'C=DE, O=Sonde \\, Test, CN=Root' })
  expect(certificateFacts(new X509Certificate(root.cert))).toMatchObject({
    subject: 'CN=Root,O=Sonde \\, Test,C=DE',
    keyType: 'rsa',
    keyBits: 2048,
    signature: 'sha256WithRSAEncryption',
    notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
  })
})
