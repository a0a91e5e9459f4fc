import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newSecretKey, open, seal, secretKey } from './seal.ts'

const key = secretKey(newSecretKey())

test('whatever is sealed opens again for the same place, and is not seen in between', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 8 }), fc.string(), (secret, place) => {
      const sealed = seal(key, secret, place)
      expect(sealed).not.toContain(secret)
      expect(open(key, sealed, place)).toBe(secret.toWellFormed())
    }),
  )
})

test('the same secret is never sealed the same twice', () => {
  expect(seal(key, 'secret', 'here')).not.toBe(seal(key, 'secret', 'here'))
})

test('it opens for no other place, with no other key, and not when a bit was changed', () => {
  const sealed = seal(key, 'secret', 'here')
  expect(() => open(key, sealed, 'there')).toThrow('the secret at there does not open')
  expect(() => open(secretKey(newSecretKey()), sealed, 'here')).toThrow(`was sealed with the key ${key.id}`)
  const middle = sealed.length - 5
  const other = sealed[middle] === 'A' ? 'B' : 'A'
  expect(() => open(key, `${sealed.slice(0, middle)}${other}${sealed.slice(middle + 1)}`, 'here')).toThrow(
    'does not open',
  )
  expect(() => open(key, `sealed:v1:${key.id}:`, 'here')).toThrow('does not open')
})

test('a key of another length is refused', () => {
  expect(() => secretKey('c2hvcnQ=')).toThrow('expected a key of 32 bytes, found 5')
})
