import { expect, test } from 'vitest'
import { ipHash } from './ip-hash.ts'

test.each([
  // What blackbox_exporter itself says of the loopback addresses.
  ['127.0.0.1', 3_668_918_509],
  ['::ffff:127.0.0.1', 3_668_918_509],
  ['::1', 1_751_717_746],
])('%s hashes as in blackbox_exporter', (ip, hash) => {
  expect(ipHash(ip)).toBe(hash)
})

test('one IPv6 address has one hash, however it is written', () => {
  expect(ipHash('2001:db8:0:0::1')).toBe(ipHash('2001:DB8::0:1'))
  expect(ipHash('fe80::1%eth0')).toBe(ipHash('fe80::1'))
})

test('no address, and what is none, hashes to 0', () => {
  expect(ipHash(null)).toBe(0)
  expect(ipHash('example.org')).toBe(0)
})
