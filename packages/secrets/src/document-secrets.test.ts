import { Channel, Check } from '@sonde/core'
import { expect, test } from 'vitest'
import { openChannel, openCheck, sealChannel, sealCheck } from './document-secrets.ts'
import { newSecretKey, secretKey } from './seal.ts'

const key = secretKey(newSecretKey())
const withPassword = (password: string, own: object = {}) =>
  Check.parse({
    key: 'shop',
    kind: 'http',
    target: 'https://shop.example/',
    http: { auth: { basic: { username: 'watch', password } } },
    ...own,
  })

test('a sealed check shows no secret, is a check still, and opens again as it was', () => {
  const check = withPassword('canary-7f3a')
  const sealed = sealCheck(check, key)
  expect(JSON.stringify(sealed)).not.toContain('canary')
  expect(Check.parse(sealed)).toEqual(sealed)
  expect(openCheck(sealed, key)).toEqual(check)
  expect(sealCheck(sealed, key)).toEqual(sealed)
})

test('the same secret keeps its sealed form, another gets a new one', () => {
  const current = sealCheck(withPassword('one'), key)
  expect(sealCheck(withPassword('one'), key, current)).toEqual(current)
  expect(sealCheck(withPassword('two'), key, current)).not.toEqual(current)
})

test('what was sealed for one check is refused in another, and so is what another key sealed', () => {
  const sealed = sealCheck(withPassword('one'), key)
  const line = 'http.auth.basic.password: expected the secret itself, or its sealed form as this server shows it here'
  expect(() => sealCheck({ ...sealed, key: 'thief' }, key)).toThrow(line)
  expect(() => sealCheck(sealed, secretKey(newSecretKey()))).toThrow(line)
})

test('without a key a check with a secret is refused, one without passes', () => {
  expect(() => sealCheck(withPassword('one'), undefined)).toThrow(
    'http.auth.basic.password: holds a secret, and SONDE_SECRET_KEY is not set',
  )
  expect(() => openCheck(sealCheck(withPassword('one'), key), undefined)).toThrow('needs SONDE_SECRET_KEY')
  const plain = Check.parse({ key: 'a', kind: 'dns', target: 'example.org' })
  expect(sealCheck(plain, undefined)).toBe(plain)
})

test.each([
  ['a login', { kind: 'alertmanager', alertmanager: { url: 'http://u:canary@am.example/' } }],
  ['a key as a parameter', { kind: 'webhook', webhook: { url: 'https://hooks.example/in?team=web&api_key=canary' } }],
  ['a topic without a token', { kind: 'ntfy', ntfy: { url: 'https://ntfy.sh/canary' } }],
])('an address with %s is sealed, and opens again as it was', (_, own) => {
  const channel = Channel.parse({ key: 'ops', ...own })
  const sealed = sealChannel(channel, key)
  expect(JSON.stringify(sealed)).not.toContain('canary')
  expect(Channel.parse(sealed)).toEqual(sealed)
  expect(openChannel(sealed, key)).toEqual(channel)
})

test.each([
  { kind: 'alertmanager', alertmanager: { url: 'http://am.example:9093/' } },
  { kind: 'webhook', webhook: { url: 'https://hooks.example/in?team=web' } },
])('an address that holds nothing of the kind stays as it is: %j', (own) => {
  const channel = Channel.parse({ key: 'ops', ...own })
  expect(sealChannel(channel, undefined)).toBe(channel)
})
