import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allowedOf, EgressNetworkError, egressPolicy, numericHost } from './egress.ts'

test.each([
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '::a9fe:a9fe',
  '::ffff:0:a9fe:a9fe',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::a9fe:a9fe',
  '64:ff9b:1:a9fe:a9:fe00::',
  '64:ff9b:1:a9:fe:a9fe::',
  '64:ff9b:1:0:a9:fea9:fe00:0',
  '2002:a9fe:a9fe::1',
  '2001:0:4136:e378:8000:63bf:5601:5601',
  '2001:db8::5efe:a9fe:a9fe',
  'FE80::A9FE:A9FE',
  '169.254.170.2',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'fd20:ce::254',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  'fd00:ec2::23',
  'fd00:42::42',
  '224.0.0.1',
  'ff02::1',
  '255.255.255.255',
])('denies link-local and metadata addresses in every spelling: %s', (address) => {
  expect(egressPolicy({ deny: [], allow: [] }).denies(address)).toContain('which the egress policy denies')
})

test.each([
  '127.0.0.1',
  '::1',
  '10.0.0.1',
  '192.0.2.1',
  '2001:db8::1',
  '::ffff:10.0.0.1',
  '64:ff9b::c000:201',
  '64:ff9b:1::c000:201',
  '0.0.0.0',
])('allows other addresses without being asked: %s', (address) =>
  expect(egressPolicy({ deny: [], allow: [] }).denies(address)).toBeUndefined(),
)

test('adds what the operator denies to its own list, in every spelling', () => {
  const policy = egressPolicy({ deny: ['127.0.0.0/8', '2001:db8::/32', '::1'], allow: [] })
  for (const address of ['127.0.0.1', '::ffff:127.0.0.1', '0.0.0.0', '2001:db8::5', '::1', '::', '169.254.1.1']) {
    expect(policy.denies(address), address).toBeDefined()
  }
})

test('lets an allowed network through what is denied', () => {
  const policy = egressPolicy({ deny: ['0.0.0.0/0'], allow: ['10.0.0.0/8', '169.254.169.254'] })
  expect(policy.denies('10.1.2.3')).toBeUndefined()
  expect(policy.denies('::ffff:10.1.2.3')).toBeUndefined()
  expect(policy.denies('169.254.169.254')).toBeUndefined()
  expect(policy.denies('192.0.2.1')).toBe('192.0.2.1 is in 0.0.0.0/0, which the egress policy denies')
})

test('an exception for a prefix that carries IPv4 does not open what is denied behind it', () => {
  const policy = egressPolicy({ deny: ['0.0.0.0/0'], allow: ['64:ff9b::/96', '10.0.0.0/8'] })
  expect(policy.denies('64:ff9b::a9fe:a9fe')).toBeDefined()
  expect(policy.denies('64:ff9b::c000:201')).toBeDefined()
  expect(policy.denies('64:ff9b::10.1.2.3')).toBeUndefined()
})

test('no spelling of a denied IPv4 address gets through, and none of an allowed one is held back', () => {
  const octet = fc.integer({ min: 0, max: 255 })
  const denying = egressPolicy({ deny: ['198.18.0.0/15'], allow: [] })
  fc.assert(
    fc.property(fc.constantFrom(18, 19), octet, octet, (second, third, fourth) => {
      const v4 = `198.${second}.${third}.${fourth}`
      const hex = (198 * 256 + second).toString(16)
      const low = (third * 256 + fourth).toString(16)
      const spellings = [v4, `::ffff:${v4}`, `::${v4}`, `64:ff9b::${v4}`, `64:ff9b:1::${v4}`, `2002:${hex}:${low}::`]
      for (const spelling of spellings) {
        expect(denying.denies(spelling), spelling).toBeDefined()
        expect(egressPolicy({ deny: [], allow: [] }).denies(spelling), spelling).toBeUndefined()
      }
    }),
  )
})

test.each([
  ['2852039166', '169.254.169.254'],
  ['0xA9FEA9FE', '169.254.169.254'],
  ['0xa9.0xfe.0xa9.0xfe', '169.254.169.254'],
  ['0251.0376.0251.0376', '169.254.169.254'],
  ['025177524776', '169.254.169.254'],
  ['169.16689662', '169.254.169.254'],
  ['127.1', '127.0.0.1'],
  ['192.0.2.1', '192.0.2.1'],
  ['::1', '::1'],
  ['shop.example', 'shop.example'],
  ['3com.example', '3com.example'],
  ['4294967296', '4294967296'],
  ['1.2.3.4.5', '1.2.3.4.5'],
])('a host of numbers is the address that it means: %s is %s', (host, address) => {
  expect(numericHost(host)).toBe(address)
})

test('keeps the addresses that may be connected to, and tells why none may', () => {
  const policy = egressPolicy({ deny: ['10.0.0.0/8'], allow: [] })
  const addresses = [{ address: '10.0.0.1' }, { address: '192.0.2.1' }]
  expect(allowedOf(addresses, policy)).toEqual([{ address: '192.0.2.1' }])
  expect(() => allowedOf(addresses.slice(0, 1), policy)).toThrow('10.0.0.1 is in 10.0.0.0/8')
})

test('denies what is no address', () => {
  expect(egressPolicy({ deny: [], allow: [] }).denies('localhost')).toBe('localhost is not an address')
})

test.each(['10.0.0.0/33', 'example.org', '10.0.0.0/8/9'])('refuses a network that it cannot read: %s', (text) => {
  expect(() => egressPolicy({ deny: [text], allow: [] })).toThrow(EgressNetworkError)
  expect(() => egressPolicy({ deny: [], allow: [text] })).toThrow(`found "${text}"`)
})
