import { expect, test } from 'vitest'
import { parseDnsServer } from './dns-server-url.ts'
import { checkKinds } from './registry.ts'
import { parseTrustAnchor, rootAnchors } from './trust-anchor.ts'

test.each([
  ['udp://192.0.2.1:5353', { transport: 'udp', host: '192.0.2.1', port: 5353 }],
  ['tcp://[2001:db8::1]', { transport: 'tcp', host: '2001:db8::1', port: 53 }],
  ['tls://192.0.2.1#dns.example', { transport: 'tls', host: '192.0.2.1', port: 853, name: 'dns.example' }],
  ['tls://dns.example:8853', { transport: 'tls', host: 'dns.example', port: 8853, name: 'dns.example' }],
  ['https://dns.example/dns-query', { transport: 'https', port: 443, path: '/dns-query', method: 'POST' }],
  ['https://[::1]:8443/q?a=b', { transport: 'https', host: '::1', port: 8443, path: '/q?a=b' }],
  ['https://dns.example/dns-query{?dns}', { path: '/dns-query', method: 'GET' }],
])('reads %s', (text, server) => {
  expect(parseDnsServer(text)).toMatchObject(server)
})

test.each([
  '192.0.2.1',
  'udp://',
  'udp://a:0',
  'udp://a#b',
  'http://a/',
  'https://u:p@a/',
  'https://a/#b',
  'tls://a#b#c',
])('refuses %s as a server', (text) => {
  expect(parseDnsServer(text)).toBeUndefined()
})

test('reads trust anchors as zone files write them', () => {
  expect(parseTrustAnchor(rootAnchors[0])).toMatchObject({ zone: '.', type: 'DS', keyTag: 20326, digestType: 2 })
  const digest = 'ab'.repeat(32)
  const spread = `Example.  3600 IN DS 1 13 2 ${digest.slice(0, 32)} ${digest.slice(32)}`
  expect(parseTrustAnchor(spread)).toEqual({
    zone: 'example',
    type: 'DS',
    keyTag: 1,
    algorithm: 13,
    digestType: 2,
    digest,
  })
  expect(parseTrustAnchor(`example DNSKEY 257 3 13 ${'QUJD'.repeat(22)}`)).toMatchObject({
    type: 'DNSKEY',
    algorithm: 13,
  })
})

test.each([
  '',
  '. DS 1 2',
  '. DS x 8 2 abcd',
  `. DS 1 8 2 ${'zz'.repeat(32)}`,
  `. DNSKEY 257 4 13 ${'QUJD'.repeat(22)}`,
])('refuses %s as a trust anchor', (text) => {
  expect(parseTrustAnchor(text)).toBeUndefined()
})

test('asks for types by name or number', () => {
  const { settings } = checkKinds.dns
  for (const recordType of ['SVCB', 'HTTPS', 'TYPE65534'])
    expect(settings.parse({ recordType })).toMatchObject({ recordType })
  for (const recordType of ['a', 'TYPE0', 'TYPE65536', 'X'])
    expect(settings.safeParse({ recordType }).success).toBe(false)
})
