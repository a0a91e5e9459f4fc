import { Channel, Check, mapSecrets } from '@sonde/core'
import { expect, test } from 'vitest'
import { openChannel, openCheck, resealCheck, sealChannel, sealCheck } from './document-secrets.ts'
import { newSecretKey, open, seal, sealedBy, secretKey } from './seal.ts'

const [old, next] = [newSecretKey(), newSecretKey()]
const check = Check.parse({
  key: 'shop',
  kind: 'http',
  target: 'https://shop.example/',
  http: {
    auth: { bearer: 'canary-1' },
    headers: { 'X-Api-Key': 'canary-2', Cookie: 'sid=canary-3', 'x-tenant': 'canary-4', accept: 'text/html' },
    secretHeaders: ['X-Tenant'],
  },
})

test('the first key seals, and each of them opens what it sealed', () => {
  const before = seal(secretKey(old), 'secret', 'here')
  for (const both of [`${next},${old}`, `${old}, ${next}`]) expect(open(secretKey(both), before, 'here')).toBe('secret')
  expect(sealedBy(seal(secretKey(`${next},${old}`), 'secret', 'here'))).toBe(secretKey(next).id)
  expect(() => open(secretKey(next), before, 'here')).toThrow(`was sealed with the key ${secretKey(old).id}`)
})

test('headers are sealed by their names, and those that are marked; others stay as they are', () => {
  const sealed = sealCheck(check, secretKey(old))
  expect(JSON.stringify(sealed)).not.toContain('canary')
  expect(sealed).toMatchObject({ http: { headers: { accept: 'text/html' } } })
  expect(Check.parse(sealed)).toEqual(sealed)
  expect(openCheck(sealed, secretKey(old))).toEqual(check)
})

test('a header that was sealed because it was marked stays a secret when the mark is gone', () => {
  const sealed = sealCheck(check, secretKey(old))
  const unmarked = Check.parse({
    ...sealed,
    http: { ...(sealed.kind === 'http' ? sealed.http : {}), secretHeaders: [] },
  })
  expect(openCheck(unmarked, secretKey(old))).toMatchObject({ http: { headers: { 'x-tenant': 'canary-4' } } })
})

test('the headers of a webhook are sealed by their names', () => {
  const hook = Channel.parse({
    key: 'hook',
    kind: 'webhook',
    webhook: { url: 'https://hook.example/', headers: { Authorization: 'Bearer canary-5', 'x-a': 'b' } },
  })
  const sealed = sealChannel(hook, secretKey(old))
  expect(JSON.stringify(sealed)).not.toContain('canary')
  expect(sealed).toMatchObject({ webhook: { headers: { 'x-a': 'b' } } })
  expect(openChannel(Channel.parse(sealed), secretKey(old))).toEqual(hook)
})

test('sealing anew leaves nothing to the old key, opens to the same, and has nothing left to do the second time', () => {
  const sealed = sealCheck(check, secretKey(old))
  const both = secretKey(`${next},${old}`)
  const anew = resealCheck(sealed, both)
  const keys: string[] = []
  mapSecrets(anew, (secret) => (keys.push(sealedBy(secret)), secret))
  expect(keys).toEqual(keys.map(() => secretKey(next).id))
  expect(keys).toHaveLength(4)
  expect(openCheck(anew, secretKey(next))).toEqual(check)
  expect(resealCheck(anew, both)).toBe(anew)
})

test('the longest header there may be can be sent back sealed', () => {
  const long = Check.parse({
    key: 'long',
    kind: 'http',
    target: 'https://shop.example/',
    http: { headers: { cookie: 'x'.repeat(8192) } },
  })
  expect(Check.parse(sealCheck(long, secretKey(old))).key).toBe('long')
})
