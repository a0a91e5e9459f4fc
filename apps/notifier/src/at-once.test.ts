import { expect, test } from 'vitest'
import { AtOnce } from './at-once.ts'

test('a channel that takes what it is sent gets more at once, up to a bound, and few again when it does not', () => {
  const atOnce = new AtOnce()
  expect(atOnce.limits.get('ops')).toBeUndefined()
  atOnce.noted('ops', 'webhook', true)
  expect(atOnce.limits.get('ops')).toBe(4)
  for (let count = 0; count < 100; count++) atOnce.noted('ops', 'webhook', true)
  expect(atOnce.limits.get('ops')).toBe(32)
  atOnce.noted('ops', 'webhook', false)
  expect(atOnce.limits.get('ops')).toBe(3)
})

test('a mail server never has more than three connections', () => {
  const atOnce = new AtOnce()
  for (let count = 0; count < 10; count++) atOnce.noted('mail', 'email', true)
  expect(atOnce.limits.get('mail')).toBe(3)
})

test('one of which nothing is under way begins anew', () => {
  const atOnce = new AtOnce()
  for (const key of ['a', 'b']) atOnce.noted(key, 'slack', true)
  atOnce.keepOnly(new Set(['b']))
  expect([...atOnce.limits.keys()]).toEqual(['b'])
})
