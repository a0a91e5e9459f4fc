import { Check } from '@sonde/core'
import { expect, test } from 'vitest'
import { openCheck, sealCheck } from './document-secrets.ts'
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
