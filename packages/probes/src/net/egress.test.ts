import { expect, test } from 'vitest'
import { EgressNetworkError, egressPolicy } from './egress.ts'

test.each([
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '::a9fe:a9fe',
  '::ffff:0:a9fe:a9fe',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'fd20:ce::254',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
])('denies link-local and metadata addresses in every spelling: %s', (address) => {
  expect(egressPolicy({ deny: [], allow: [] }).denies(address)).toContain('which the egress policy denies')
})

test.each(['127.0.0.1', '::1', '10.0.0.1', '192.0.2.1', '2001:db8::1', '::ffff:10.0.0.1', '0.0.0.0'])(
  'allows other addresses without being asked: %s',
  (address) => expect(egressPolicy({ deny: [], allow: [] }).denies(address)).toBeUndefined(),
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

test('denies what is no address', () => {
  expect(egressPolicy({ deny: [], allow: [] }).denies('localhost')).toBe('localhost is not an address')
})

test.each(['10.0.0.0/33', 'example.org', '10.0.0.0/8/9'])('refuses a network that it cannot read: %s', (text) => {
  expect(() => egressPolicy({ deny: [text], allow: [] })).toThrow(EgressNetworkError)
  expect(() => egressPolicy({ deny: [], allow: [text] })).toThrow(`found "${text}"`)
})
