import { expect, test } from 'vitest'
import { problemsOf } from './problem.ts'
import { hasScope, isWithin, TokenSettings } from './token.ts'

test('admin holds every scope, the others themselves alone', () => {
  expect(['read', 'write', 'run', 'admin'].every((scope) => hasScope(['admin'], scope as 'read'))).toBe(true)
  expect(hasScope(['write'], 'read')).toBe(false)
  expect(hasScope(['read', 'run'], 'run')).toBe(true)
})

test('a check is within a selector when it has all of its labels', () => {
  expect(isWithin({ team: 'web', tier: '1' }, { team: 'web' })).toBe(true)
  expect(isWithin({ team: 'web' }, { team: 'web', tier: '1' })).toBe(false)
  expect(isWithin({ team: 'ops' }, { team: 'web' })).toBe(false)
  expect(isWithin({}, {})).toBe(true)
})

test('scopes come in one order and once', () => {
  expect(TokenSettings.parse({ name: ' ci ', scopes: ['run', 'read', 'run'] })).toEqual({
    name: 'ci',
    scopes: ['read', 'run'],
    labels: {},
    expiresAt: null,
  })
})

test.each([
  [{ name: 'x', scopes: [] }, 'scopes'],
  [{ name: 'x', scopes: ['root'] }, 'scopes[0]'],
  [{ name: '', scopes: ['read'] }, 'name'],
  [{ name: 'x', scopes: ['read'], labels: { 'a-b': 'c' } }, 'labels.a-b'],
  [{ name: 'x', scopes: ['read', 'admin'], labels: { team: 'web' } }, 'labels'],
  [{ name: 'x', scopes: ['read'], expiresAt: 'tomorrow' }, 'expiresAt'],
  [{ name: 'x', scopes: ['read'], colour: 'red' }, 'colour'],
])('%j is refused at %s', (settings, path) => {
  const parsed = TokenSettings.safeParse(settings)
  expect(parsed.error === undefined ? [] : problemsOf(parsed.error).map((problem) => problem.path)).toEqual([path])
})
